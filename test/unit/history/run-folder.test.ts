import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { REDACTED, Redactor } from '../../../runtime/core/redactor.ts';
import { createRunFolder } from '../../../runtime/history/run-folder.ts';
import { createRunId } from '../../../runtime/history/run-id.ts';
import { readRunJson } from '../../../runtime/history/run-json-file.ts';
import type { JournalLine } from '../../../runtime/record/journal.ts';
import { fullRun } from '../report/fixed-runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const lineAt = (second: number): JournalLine => ({
  v: 3,
  second,
  atMs: 1_700_000_000_000 + second * 1000,
  users: 5,
  told: [{ worker: 0, series: [{ id: second }] }],
  numbers: ['AAEC'],
});
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

test('a run leaves plan.json, 3 journal lines in order, run.json, the pointer, and no temporary file', async () => {
  const base = join(temporaryFolder(), 'runs');
  const problems: string[] = [];
  const folder = createRunFolder(base, 'id-1', { onProblem: (problem) => problems.push(problem), redactor: new Redactor() });
  await folder.writePlan({ seed: 7 });
  for (const second of [0, 1, 2]) folder.appendJournal(lineAt(second));
  expect(await folder.writeRunJson(fullRun)).toBe(true);
  await folder.close();

  expect(problems).toEqual([]);
  expect(readdirSync(folder.path).sort()).toEqual(['journal.ndjson', 'plan.json', 'run.json']);
  expect(JSON.parse(read(folder.path, 'plan.json'))).toEqual({ seed: 7 });
  expect(read(folder.path, 'journal.ndjson')).toBe([0, 1, 2].map((second) => `${JSON.stringify(lineAt(second))}\n`).join(''));
  expect(await readRunJson(join(folder.path, 'run.json'))).toEqual(fullRun);
  expect(readlinkSync(join(base, 'latest'))).toBe('id-1');
});

test('the value of a secret is in none of the 3 files', async () => {
  const redactor = new Redactor();
  redactor.learn([{ value: 'hunter2' }]);
  const folder = createRunFolder(temporaryFolder(), 'id-1', { onProblem: () => undefined, redactor });
  await folder.writePlan({ note: 'hunter2' });
  folder.appendJournal({ ...lineAt(0), told: [{ worker: 0, series: [{ tags: { name: '/hunter2' } }] }] });
  await folder.writeRunJson({ ...fullRun, run: { ...fullRun.run, script: '/hunter2/x.ts' } });
  await folder.close();
  const texts = ['plan.json', 'journal.ndjson', 'run.json'].map((name) => read(folder.path, name));
  expect(texts.map((text) => text.split(REDACTED).length - 1)).toEqual([1, 1, 1]);
  expect(texts.join('')).not.toContain('hunter2');
});

test('a secret of one letter is hidden in names of a journal, and breaks none of its numbers', async () => {
  const redactor = new Redactor();
  redactor.learn([{ value: 'A' }]);
  const folder = createRunFolder(temporaryFolder(), 'id-1', { onProblem: () => undefined, redactor });
  folder.appendJournal({ ...lineAt(0), told: [{ worker: 0, series: [{ tags: { name: 'A' } }] }] });
  await folder.close();
  const { told, numbers } = JSON.parse(read(folder.path, 'journal.ndjson')) as JournalLine;
  expect([told[0]?.series, numbers]).toEqual([[{ tags: { name: REDACTED } }], ['AAEC']]);
});

test('a base that is a file is told once, and 4 writes after it do not throw', async () => {
  const base = join(temporaryFolder(), 'file');
  writeFileSync(base, '');
  const problems: string[] = [];
  const folder = createRunFolder(base, 'id-1', { onProblem: (problem) => problems.push(problem), redactor: new Redactor() });
  await folder.writePlan({});
  folder.appendJournal(lineAt(0));
  folder.appendJournal(lineAt(1));
  expect(await folder.writeRunJson(fullRun)).toBe(false);
  await folder.close();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(/^the run folder .*id-1 cannot be written \((EEXIST|ENOTDIR).*; the run goes on/);
});

test('a folder that is deleted while the run goes gets its run.json all the same', async () => {
  const base = temporaryFolder();
  const folder = createRunFolder(base, 'id-1', { onProblem: () => undefined, redactor: new Redactor() });
  folder.appendJournal(lineAt(0));
  rmSync(folder.path, { recursive: true, force: true });
  await folder.writeRunJson(fullRun);
  await folder.close();
  expect(existsSync(join(folder.path, 'run.json'))).toBe(true);
});

test('a folder that is deleted between 2 lines of the journal is told once, though the open file still takes them', async () => {
  const problems: string[] = [];
  const folder = createRunFolder(temporaryFolder(), 'id-1', { onProblem: (problem) => problems.push(problem), redactor: new Redactor() });
  folder.appendJournal(lineAt(0));
  while (!existsSync(join(folder.path, 'journal.ndjson'))) await pause(5);
  await pause(50);
  expect(problems).toEqual([]);
  rmSync(folder.path, { recursive: true, force: true });
  folder.appendJournal(lineAt(1));
  folder.appendJournal(lineAt(2));
  await folder.close();
  expect(problems).toEqual([expect.stringContaining('its journal was deleted); the run goes on')]);
});

test.skipIf(!existsSync('/dev/full'))('a full disk under the journal is told once for 2 lines, and run.json is still written', async () => {
  const base = temporaryFolder();
  mkdirSync(join(base, 'id-1'));
  symlinkSync('/dev/full', join(base, 'id-1', 'journal.ndjson'));
  const problems: string[] = [];
  const folder = createRunFolder(base, 'id-1', { onProblem: (problem) => problems.push(problem), redactor: new Redactor() });
  folder.appendJournal(lineAt(0));
  folder.appendJournal(lineAt(1));
  await folder.writeRunJson(fullRun);
  await folder.close();
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('ENOSPC');
  expect((await readRunJson(join(folder.path, 'run.json'))).run.id).toBe(fullRun.run.id);
});

test('a run id is the UTC time, the script, the profile and 4 hexadecimal digits', () => {
  const startedAt = new Date('2026-11-22T13:35:27.812Z');
  expect(createRunId(startedAt, '/home/me/scripts/predict.ts', 'smoke')).toMatch(/^2026-11-22T13-35-27-predict-smoke-[0-9a-f]{4}$/);
  expect(createRunId(startedAt, 'C:/x/Mein Test (2).ts', undefined)).toMatch(/^2026-11-22T13-35-27-mein-test-2-[0-9a-f]{4}$/);
  expect(createRunId(startedAt, '../../.ts', '../etc')).toMatch(/^2026-11-22T13-35-27-ts-etc-[0-9a-f]{4}$/);
});
