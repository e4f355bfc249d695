import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Redactor } from '../../../runtime/core/redactor.ts';
import { summaryOutputOf, summaryPath, writeSummaryFiles } from '../../../runtime/run/summary-files.ts';
import { project } from '../../support/project.ts';

const { folder, at } = project({ 'test.ts': '', 'notes.md': 'old', 'data/rows.csv': 'a' });
mkdirSync(at('reports'));
mkdirSync(at('.git'));
mkdirSync(at('node_modules'));
symlinkSync('/tmp', at('elsewhere'));
symlinkSync(at('test.ts'), at('link.json'));
const ALLOWED = { cwd: folder, allowPaths: [folder], inputs: [at('data/rows.csv')], runDir: at('runs') };

test.each([
  ['summary.json', 'summary.json'],
  ['reports/a.html', 'reports/a.html'],
  ['./notes.md', 'notes.md'],
])('%s may be written', async (path, name) => {
  expect(await summaryPath(path, ALLOWED)).toBe(at(name));
});

test.each([
  ['../summary.json', 'expected a path inside'],
  ['/etc/summary.json', 'expected a path inside'],
  ['elsewhere/summary.json', 'expected a path inside'],
  ['missing/summary.json', 'expected a folder that is there'],
  ['run.sh', 'expected a name that ends in .json'],
  ['test.ts', 'expected a name that ends in .json'],
  ['config.yaml', 'expected a name that ends in .json'],
  ['package.json', 'expected a file of its own'],
  ['tsconfig.build.json', 'expected a file of its own'],
  ['.git/config.json', 'expected a file of its own'],
  ['.eslintrc.json', 'expected a file of its own'],
  ['node_modules/a.json', 'expected a file of its own'],
  ['data/rows.csv', 'expected a file of its own'],
  ['link.json', 'expected a file; got a folder, a link or a device'],
])('%s may not be written', async (path, message) => {
  await expect(summaryPath(path, ALLOWED)).rejects.toThrow(message);
});

test('texts go where their names say, without secrets; what is no text is told', async () => {
  const redactor = new Redactor();
  redactor.learn([{ value: 'hunter2' }]);
  const json = JSON.stringify({ stdout: 'out hunter2', stderr: 'err', 'a.txt': 'hunter2!', 'b.txt': 5, 'c.txt': null });
  const output = summaryOutputOf(json, redactor);
  expect(output).toEqual({
    stdout: 'out [redacted]',
    stderr: 'err',
    files: [{ path: 'a.txt', text: '[redacted]!' }],
    problems: ['handleSummary: b.txt: expected a text; got number', 'handleSummary: c.txt: expected a text; got null'],
  });
  const told: string[] = [];
  await writeSummaryFiles(output, ALLOWED, (problem) => told.push(problem));
  expect(readFileSync(at('a.txt'), 'utf8')).toBe('[redacted]!');
  expect(told).toEqual(output.problems);
});

test('a summary is written over one of an earlier run, and over no other file: not one that was there, nor one that was changed since', async () => {
  const write = async (files: Record<string, string>): Promise<string[]> => {
    const told: string[] = [];
    await writeSummaryFiles(summaryOutputOf(JSON.stringify(files), new Redactor()), ALLOWED, (problem) => told.push(problem));
    return told;
  };
  expect(await write({ 'mine.json': '1' })).toEqual([]);
  expect(await write({ 'mine.json': '2', './mine.json': '3' })).toEqual([]);
  expect(readFileSync(at('mine.json'), 'utf8')).toBe('3');
  expect(await write({ 'notes.md': 'new', 'other.json': '{}' })).toEqual([
    expect.stringContaining('handleSummary: notes.md: expected a new file'),
  ]);
  expect(readFileSync(at('notes.md'), 'utf8')).toBe('old');
  writeFileSync(at('mine.json'), 'by hand');
  expect(await write({ 'mine.json': '4' })).toHaveLength(1);
  expect(readFileSync(at('mine.json'), 'utf8')).toBe('by hand');
  expect(await write({ 'other.json': '{"a":1}' })).toEqual([]);
});

test.each([
  ['', [], undefined],
  ['null', [], undefined],
  ['[1]', ["handleSummary: expected an object of texts by 'stdout', 'stderr' or a path; got a list"], undefined],
  ['{"stdout":""}', [], ''],
])('a result %j', (json, problems, stdout) => {
  expect(summaryOutputOf(json, new Redactor())).toMatchObject({ problems, stdout, files: [] });
});
