import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { uniformOf } from '../../../runtime/core/random.ts';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import { Redactor } from '../../../runtime/core/redactor.ts';
import { createRunFolder } from '../../../runtime/history/run-folder.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { type JournalLine, readJournal } from '../../../runtime/record/journal.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import { readWholeJournal } from '../../../runtime/record/read-journal.ts';
import { Recording } from '../../../runtime/record/recording.ts';
import { requestDetailsOf } from '../../../runtime/record/request-details.ts';
import type { MetricStore } from '../../../runtime/record/store.ts';
import { summaryOf } from '../../../runtime/record/summary.ts';
import { ToldAgain } from '../../../runtime/record/told-lines.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';
import { sampleOf } from '../measure/http-samples.ts';

/** Six seconds of three workers with 5 users each; the second is lost in the fourth, and a fourth takes its place in the fifth. */
async function keptRun() {
  const folder = createRunFolder(join(temporaryFolder(), 'runs'), 'id-1', { onProblem: () => undefined, redactor: new Redactor() });
  const recording = new Recording({ renderScriptError: (text: string) => text });
  recording.stage('measuring');
  const workers = [0, 1, 2, 3].map(() => {
    const registry = new MetricRegistry();
    return { registry, http: new HttpRecorder(registry) };
  });
  for (let second = 0; second < 6; second++) {
    for (const worker of second < 3 ? [0, 1, 2] : second === 3 ? [0, 2] : [3, 0, 2]) {
      const { registry, http } = workers[worker] as (typeof workers)[number];
      for (let i = 0; i < 40; i++) {
        const tookUs = Math.round(1e5 * uniformOf(1, worker, second, i));
        http.record(sampleOf({ name: `/${i % 4}`, tookUs, expected: i % 10 > 0 }));
      }
      registry.gauge('vus', 'measured', {}).set(5, second * 10 + worker);
      const deltas = registry.drain();
      const rest = { overflowed: 0, errors: [], kept: [], starts: NO_STARTS, activeUsers: 5, inFlight: 0, generator: null };
      recording.take(worker, { type: 'snapshot', second, period: 'measured', deltas, startsByScenario: [], ...rest });
    }
    if (second === 3) recording.lose(1);
    recording.writeLine(folder);
  }
  await folder.close();
  return { path: join(folder.path, 'journal.ndjson'), recording };
}

function everythingIn(store: MetricStore): unknown {
  const summary = summaryOf(store, { measuredS: 6 });
  return { summary, details: requestDetailsOf(store, summary.requests), users: store.gauge('vus'), metrics: store.metrics() };
}

const linesOf = (path: string): JournalLine[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine);
const write = (path: string, lines: readonly JournalLine[]): void =>
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

test('a run of three workers, of which one is lost and replaced, is read back to the last digit: 680 requests, at most 15 users', async () => {
  const { path, recording } = await keptRun();
  const { store, timeline } = await readWholeJournal(path, () => undefined);
  expect(everythingIn(store)).toEqual(everythingIn(recording.store));
  expect(timeline.data()).toEqual(recording.timeline.data());
  expect(store.gauge('vus')).toMatchObject({ last: 15, max: 15 });
  expect(store.rate('http_req_failed')?.count).toBe(3 * 40 * 3 + 2 * 40 + 2 * 3 * 40);
});

test('numbers of a worker that were damaged are refused with file and second', async () => {
  const { path } = await keptRun();
  const lines = linesOf(path);
  const second = lines[2] as JournalLine;
  const cut = (second.numbers[1] as string).slice(0, 42);
  write(path, [...lines.slice(0, 2), { ...second, numbers: [second.numbers[0] as string, cut, second.numbers[2] as string] }]);
  await expect(readWholeJournal(path, () => undefined)).rejects.toThrow(ConfigError);
  await expect(readWholeJournal(path, () => undefined)).rejects.toThrow(`${path}: second 2: expected more bytes`);
});

test('whoever leaves out what is damaged has all the rest: a worker whose names are lost is not heard, and the others are', async () => {
  const { path } = await keptRun();
  const [first, ...lines] = linesOf(path) as [JournalLine, ...JournalLine[]];
  write(path, [{ ...first, told: first.told.map((entry, i) => (i === 0 ? { ...entry, series: [{ id: 'x' }] } : entry)) }, ...lines]);
  const [ledger, problems] = [new Ledger(), [] as string[]];
  const told = new ToldAgain(ledger, (problem) => problems.push(problem));
  for await (const line of readJournal(path)) told.take(line);
  expect(ledger.store.rate('http_req_failed')?.count).toBe(3 * 40 * 2 + 40 + 2 * 2 * 40);
  expect(problems[0]).toMatch(/^expected the name of a series; /);
  expect(problems).toContain('expected a series that was introduced; got number 0');
});
