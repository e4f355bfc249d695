import { deserialize, serialize } from 'node:v8';
import type { SeriesDelta } from '../runtime/core/delta.ts';
import { uniformOf } from '../runtime/core/random.ts';
import { NO_STARTS } from '../runtime/core/records.ts';
import type { RunFolder } from '../runtime/history/run-folder.ts';
import { HttpRecorder } from '../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../runtime/measure/registry.ts';
import type { SnapshotMessage } from '../runtime/messages/messages.ts';
import { LiveTable } from '../runtime/record/live-table.ts';
import { LiveView } from '../runtime/record/live-view.ts';
import { Recording } from '../runtime/record/recording.ts';
import { requestDetailsOf } from '../runtime/record/request-details.ts';
import { SecondSeries } from '../runtime/record/second-series.ts';
import { summaryOf } from '../runtime/record/summary.ts';
import { liveRowsOf } from '../runtime/server/live-rows.ts';
import { sampleOf } from '../test/unit/measure/http-samples.ts';

// One run of `coordinator.js`: rows, workers, requests a second of each row and worker, seconds.
const [ROWS = 0, WORKERS = 0, REQUESTS = 0, SECONDS = 0] = process.argv.slice(2).map(Number);
/** Seconds of each worker that are made before the measurement, and then told again and again. */
const MADE = 4;
/** More than a worker may send: the rows are what is measured, and not the cap. */
const SERIES_MAX = 100_000;

/** By worker: a second that introduces all series, then those that are told in turn. */
const seconds = Array.from({ length: WORKERS }, (_, worker) => {
  const registry = new MetricRegistry({ seriesMax: SERIES_MAX });
  const recorder = new HttpRecorder(registry);
  return Array.from({ length: MADE + 1 }, (__, second) => {
    for (let row = 0; row < ROWS; row++)
      for (let i = 0; i < REQUESTS; i++) {
        const draw = uniformOf(3, row, second * REQUESTS + i, worker);
        recorder.record(
          sampleOf({
            task: `task ${row % 10}`,
            name: `request ${row}`,
            tookUs: Math.round(2_000 * Math.exp(5 * draw ** 3)),
            expected: draw < 0.99,
          }),
        );
      }
    return serialize(registry.drain());
  });
});

const recording = new Recording({ renderScriptError: (text: string) => text } as unknown as ConstructorParameters<typeof Recording>[0]);
let journalBytes = 0;
const journal = { appendJournal: (line: unknown) => (journalBytes += JSON.stringify(line).length) } as unknown as RunFolder;
const where = { tags: {}, periods: ['measured', 'drain'] } as const;
const book = recording.watch(
  [
    { metric: 'http_req_response_time', ...where },
    { metric: 'http_req_failed', ...where },
  ],
  Array.from({ length: WORKERS }, (_, i) => i),
);
const [view, table, page, series] = [new LiveView(), new LiveTable(), new LiveTable(), new SecondSeries()];

function tell(second: number): void {
  for (let worker = 0; worker < WORKERS; worker++) {
    const made = seconds[worker]?.[second === 0 ? 0 : 1 + ((second - 1) % MADE)];
    const snapshot: SnapshotMessage = {
      type: 'snapshot',
      second,
      period: 'measured',
      deltas: deserialize(made as Buffer) as SeriesDelta[],
      overflowed: 0,
      errors: [],
      kept: [],
      starts: { ...NO_STARTS, begun: second },
      activeUsers: 10,
      inFlight: 10,
      generator: null,
      startsByScenario: [],
    };
    recording.take(worker, snapshot);
  }
  while (book.closeNext() !== undefined);
  const told = recording.writeLine(journal);
  view.take(told);
  table.take(told);
  for (const row of table.rows) row.responseTime.percentile(0.95);
  series.of(told);
  page.take(told);
  liveRowsOf(page);
}

tell(0);
const before = process.cpuUsage();
for (let second = 1; second <= SECONDS; second++) tell(second);
const { user, system } = process.cpuUsage(before);
const rssMb = process.memoryUsage().rss / 2 ** 20;
const beganMs = performance.now();
const { requests } = summaryOf(recording.store, { measuredS: SECONDS });
requestDetailsOf(recording.store, requests);
const endMs = performance.now() - beganMs;
process.stdout.write(
  `${JSON.stringify({ cpuMs: (user + system) / 1000 / SECONDS, rssMb, endMs, requests: requests.at(-1)?.count, p95Ms: requests.at(-1)?.responseTimeMs?.p95 })}\n`,
);
