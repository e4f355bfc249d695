import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunOutput } from '../../../runtime/run/output.ts';
import { printResult, writeJson } from '../../../runtime/run/result-output.ts';
import { temporaryFolder } from '../../support/project.ts';
import { fullRun } from '../report/fixed-runs.ts';

function output(): RunOutput & { results: string[]; notes: string[] } {
  const [results, notes]: [string[], string[]] = [[], []];
  return {
    ...{ results, notes, isTty: true, columns: 80, isQuiet: false, isColor: true },
    starting: () => undefined,
    follow: () => undefined,
    note: (text) => notes.push(text),
    result: (text) => results.push(text),
  };
}

test("a script's summary may have colours, and nothing else that steers a terminal", () => {
  const out = output();
  const summary = { stdout: '\u001b[32mok\u001b[0m\t1\n\u001b]0;mine\u0007\u001b[2Jdone', stderr: '', files: [], problems: [] };
  printResult(fullRun, { output: out, runFolder: '/nowhere', summary });
  expect(out.results).toEqual(['\u001b[32mok\u001b[0m\t1\ndone']);
});

test('a file that a flag names is written into a folder that is made for it', async () => {
  const path = join(temporaryFolder(), 'out/of/run.json');
  const problems: string[] = [];
  await writeJson('--json', path, { value: { a: 1 }, onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([]);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ a: 1 });
});

test('a file where a folder must be is told, with the flag', async () => {
  const taken = join(temporaryFolder(), 'taken');
  writeFileSync(taken, '');
  const problems: string[] = [];
  await writeJson('--json', join(taken, 'run.json'), { value: {}, onProblem: (problem) => problems.push(problem) });
  expect(problems).toEqual([expect.stringContaining(`--json: ${join(taken, 'run.json')} cannot be written: EEXIST`)]);
});

test.each([
  ['passed', 0, false],
  ['failed', 99, false],
  ['error', 114, true],
  ['error', 107, true],
  ['error', 100, false],
] as const)(
  'of a run that %s with %d the reason is all there is to say where nothing was measured, else the whole report',
  (outcome, exitCode, isShort) => {
    const out = output();
    const run = { ...fullRun, run: { ...fullRun.run, exitCode }, verdict: { outcome, reasons: ['for a reason'] } };
    printResult(run, { output: { ...out, isColor: false }, runFolder: '/nowhere', summary: undefined });
    expect(out.results.join('').includes('BENCHMARK RESULTS')).toBe(!isShort);
  },
);
