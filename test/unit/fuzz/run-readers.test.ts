import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reportRun } from '../../../runtime/commands/report-run.ts';
import { readJournal } from '../../../runtime/record/journal.ts';
import type { RunOutput } from '../../../runtime/run/output.ts';
import { planOf } from '../config/fixtures.ts';
import { fullRun } from '../report/fixed-runs.ts';
import { BadInput, FUZZ_RUNS, mutated, mutatedText } from './bad-input.ts';

const SERIES = { metric: 'http_req_duration', type: 'trend', unit: 'time', period: 'measured', tags: { name: '/a', method: 'GET' } };
const LINES = [
  {
    v: 1,
    second: 0,
    atMs: 1_000,
    users: 2,
    deltas: [
      { id: 0, series: SERIES, type: 'trend', count: 3, sum: 60, min: 10, max: 30, clamped: 0, refused: 0, buckets: [10, 1, 20, 2] },
      {
        id: 1,
        series: { ...SERIES, metric: 'http_reqs', type: 'counter', unit: 'default' },
        type: 'counter',
        count: 3,
        sum: 3,
        refused: 0,
      },
    ],
    event: 'measuring',
  },
  {
    v: 1,
    second: 1,
    atMs: 2_000,
    users: 2,
    deltas: [{ id: 1, type: 'counter', count: 4, sum: 4, refused: 0 }],
    errors: [{ name: '/a', kind: 'status', code: 1500, count: 1, firstSeenMs: 1, lastSeenMs: 2, sample: 'x' }],
    starts: { due: 7, begun: 7, late: 0, queued: 0, dropped: 0, interrupted: 0 },
    generator: { workers: [{ second: 1, loopLagP99Us: 1, loopLagMaxUs: 2, cpu: 0.1, lateStarts: 0, begunStarts: 3, rssBytes: 1 }] },
  },
  // as they are written today: a worker introduces a series, and is lost
  {
    ...{ v: 3, second: 2, atMs: 3_000, users: 2 },
    told: [
      { worker: 0, series: [{ id: 3, identity: { ...SERIES, metric: 'checks', type: 'rate', unit: 'default' } }] },
      { worker: 1, isLost: true },
    ],
    numbers: [Buffer.from([3, 10, 9, 8]).toString('base64'), ''],
  },
];
const TEXT = LINES.map((line) => `${JSON.stringify(line)}\n`).join('');
const OUTPUT: RunOutput = {
  starting: () => undefined,
  follow: () => undefined,
  note: () => undefined,
  result: () => undefined,
  isTty: false,
  columns: 100,
  isQuiet: true,
  isColor: false,
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stressrun-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const report = (): Promise<number> => reportRun({ run: folder, output: OUTPUT, runDir: folder });
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const timeLimitMs = 30_000 + FUZZ_RUNS * 60;

test(
  `${FUZZ_RUNS} damaged journals are read up to their damage, or refused with file and line`,
  async () => {
    const bad = new BadInput('journal');
    const journal = fc.oneof(
      mutatedText(TEXT),
      fc.tuple(...LINES.map((line) => mutated(line))).map((lines) => lines.map((line) => `${JSON.stringify(line) ?? ''}\n`).join('')),
      fc.nat(TEXT.length).map((length) => TEXT.slice(0, length)),
      fc.string({ unit: 'binary' }),
    );
    write('plan.json', JSON.stringify(planOf()));
    await fc.assert(
      fc.asyncProperty(journal, async (text) => {
        write('journal.ndjson', text);
        await bad.checkAsync(async () => {
          for await (const line of readJournal(join(folder, 'journal.ndjson'))) expect(line.v).toBe(3);
        });
        await bad.checkAsync(report);
      }),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  timeLimitMs,
);

test(
  `${FUZZ_RUNS} damaged plans of runs that were killed are read, or refused with the file`,
  async () => {
    const bad = new BadInput('plan.json');
    const plan = JSON.parse(JSON.stringify(planOf())) as unknown;
    write('journal.ndjson', TEXT);
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mutated(plan).map((value) => JSON.stringify(value) ?? ''),
          mutatedText(JSON.stringify(plan)),
        ),
        async (text) => {
          write('plan.json', text);
          await bad.checkAsync(report);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  timeLimitMs,
);

test(
  `${FUZZ_RUNS} damaged run.json files are reported, or refused with the file`,
  async () => {
    const bad = new BadInput('run.json');
    const run = JSON.parse(JSON.stringify(fullRun)) as unknown;
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mutated(run).map((value) => JSON.stringify(value) ?? ''),
          mutatedText(JSON.stringify(run)),
          fc.string({ unit: 'binary' }),
        ),
        async (text) => {
          write('run.json', text);
          await bad.checkAsync(report);
        },
      ),
      { numRuns: FUZZ_RUNS },
    );
    bad.print();
  },
  timeLimitMs,
);
