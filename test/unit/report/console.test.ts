import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { renderConsole } from '../../../runtime/report/console.ts';
import { withAsked } from '../../support/asked.ts';
import { emptyRun, failedRun, fullRun, interruptedRun } from './fixed-runs.ts';

const golden = (name: string): string => `${import.meta.dirname}/../../golden/console-${name}.txt`;
const plain = { isColor: false, columns: 120 };

test.each([
  ['full', fullRun, 120],
  ['failed', failedRun, 120],
  ['empty', emptyRun, 120],
  ['interrupted', interruptedRun, 120],
  ['narrow', fullRun, 80],
  ['failed-narrow', failedRun, 80],
] as const)('the report of the %s run is its golden file', async (name, run, columns) => {
  const runFolder = `runs/${run.run.id}`;
  const kept = { runFolder, reportPath: `${runFolder}/report.html` };
  await expect(renderConsole(run, { isColor: false, columns, ...kept })).toMatchFileSnapshot(golden(name));
});

test.each([
  [80, fullRun],
  [120, fullRun],
  [80, failedRun],
  [120, failedRun],
] as const)('no line of a report for %d columns is longer', (columns, run) => {
  const lines = renderConsole(run, { isColor: false, columns }).split('\n');
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
});

const NUMBER = /(?<![\w.-])\d[\d.,:]*(?:[µm]?s|%)?/g;

test.each([
  ['full', fullRun],
  ['failed', failedRun],
  ['empty', emptyRun],
  ['interrupted', interruptedRun],
] as const)('at 60 columns no line of the %s run is longer, and no number is cut', (_, run) => {
  const [narrow, wide] = [60, 1_000].map((columns) => renderConsole(run, { isColor: false, columns })) as [string, string];
  expect(narrow.split('\n').filter((line) => line.length > 60)).toEqual([]);
  const whole = new Set(wide.match(NUMBER));
  expect((narrow.match(NUMBER) ?? []).filter((number) => !whole.has(number))).toEqual([]);
  expect(narrow.match(NUMBER)?.length).toBeGreaterThan(0);
});

test('color adds escape codes and changes no character', () => {
  const colored = renderConsole(failedRun, { isColor: true, columns: 120 });
  expect(colored).toContain('\u001b[31m');
  expect(stripVTControlCharacters(colored)).toBe(renderConsole(failedRun, plain));
});

test('without color there is no escape code, not even from a target that sends one', () => {
  const sample = 'a\u001b[2Jb\u0007c\u202ed\u009be';
  const run: RunJson = { ...fullRun, errors: [{ ...(fullRun.errors[0] as RunJson['errors'][0]), sample, name: 'GET /\u001b]0;x\u0007y' }] };
  const text = renderConsole(run, plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must be absent
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
});

test('control characters and line breaks in names of requests, checks and metrics do not break a table', () => {
  const run: RunJson = {
    ...fullRun,
    requests: fullRun.requests.map((row) => (row.name === 'Aggregated' ? row : { ...row, name: 'a\nb\u0000c', task: '\t' })),
    checks: [{ name: 'x\r\ny', group: '', task: '', passes: 0, fails: 0 }],
    metrics: { 'm\n': { type: 'gauge', values: { value: Number.NaN } } },
  };
  expect(renderConsole(run, plain)).toContain('a bc');
});

test.each([
  ['passed', 0, '✓ PASS - All thresholds met'],
  ['failed', 110, '✗ FAIL - All thresholds met, but the run failed'],
  ['inconclusive', 111, '? UNDECIDED - All thresholds met, but the outcome is inconclusive'],
  ['interrupted', 105, '? UNDECIDED - All thresholds met, but the outcome is interrupted'],
] as const)('with all thresholds met, the outcome %s prints its own threshold line', (outcome, exitCode, line) => {
  const text = renderConsole({ ...fullRun, run: { ...fullRun.run, exitCode }, verdict: { outcome, reasons: [] } }, plain);
  expect(text).toContain(`  ${line}\n`);
  expect(text.includes('PASS ')).toBe(outcome === 'passed');
});

test('a threshold without data is undecided, and says so before anything passes', () => {
  const run: RunJson = {
    ...fullRun,
    verdict: { outcome: 'inconclusive', reasons: ['no data'] },
    thresholds: [
      ...fullRun.thresholds,
      withAsked({ source: 's', expression: 'x: count>1', outcome: 'no-data', limit: 1, unit: 'count', detail: 'no sample of x' }),
    ],
  };
  expect(renderConsole(run, plain)).toContain('  ? UNDECIDED - 1 of 3 thresholds cannot be judged\n');
});

test('a threshold that is excused for having nothing to judge keeps the PASS and stands with a dash', () => {
  const excused = withAsked({
    source: 's',
    expression: 'checks: rate>99%',
    outcome: 'no-data',
    limit: 0.99,
    unit: 'ratio',
    detail: 'no checks',
    isExcused: true,
  } as const);
  const text = renderConsole({ ...fullRun, thresholds: [...fullRun.thresholds, excused] }, plain);
  expect(text).toContain('  ✓ PASS - All thresholds met\n');
  expect(text).toContain('\n  - checks: rate>99% (s)\n');
});

test('1 failure in 200,000 is 99.99 %, not 100 %', () => {
  const all = fullRun.requests.at(-1) as RunJson['requests'][0];
  const text = renderConsole({ ...fullRun, requests: [{ ...all, count: 200_000, failed: 1 }] }, plain);
  expect(text).toContain('Successful: 199999\nFailed: 1\nSuccess rate: 99.99%\n');
});

test('the note on a closed model is not told of an open one', () => {
  const note = 'a slow target was offered less';
  expect(renderConsole(fullRun, plain)).toContain(note);
  expect(renderConsole({ ...fullRun, run: { ...fullRun.run, model: 'open' } }, plain)).not.toContain(note);
});

test('of 25 kinds of errors 20 are printed and 5 are counted', () => {
  const first = fullRun.errors[0] as RunJson['errors'][0];
  const errors = Array.from({ length: 25 }, (_, i) => ({ ...first, code: 2000 + i }));
  const text = renderConsole({ ...fullRun, errors }, plain);
  expect(text).toContain('status 1019');
  expect(text).not.toContain('status 1020');
  expect(text).toContain('and 5 more kinds, in run.json');
});

test('of 21 kinds of errors the last is one kind', () => {
  const first = fullRun.errors[0] as RunJson['errors'][0];
  const errors = Array.from({ length: 21 }, (_, i) => ({ ...first, code: 2000 + i }));
  expect(renderConsole({ ...fullRun, errors }, plain)).toContain('and 1 more kind, in run.json');
});

test('what the server says of its parts stands below the latencies, of all requests together', () => {
  const { length } = fullRun.requests;
  const nothing = {
    task: '',
    method: '',
    name: '',
    percentilesMs: {},
    responseTimeHdr: null,
    durationHdr: null,
    bytesReceived: 0,
    bytesSent: 0,
  };
  const detail = { ...nothing, phasesMs: null, serverMs: [] };
  const serverMs = [{ part: 'inference\u001b[2J', count: 5, avg: 12, p95: 20, max: 31 }];
  const details = [...Array.from({ length: length - 1 }, () => detail), { ...detail, serverMs }];
  const lines = renderConsole({ ...fullRun, details }, plain).split('\n');
  expect(lines.find((line) => line.includes('server: inference'))).toMatch(/^ {2}server: inference\S*\s+12ms\s+20ms\s+31ms$/);
  expect(renderConsole({ ...fullRun, details: [] }, plain)).not.toContain('server: ');
});
