import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFromWorker } from '../runtime/cluster/message-schema.ts';
import { uniformOf } from '../runtime/core/random.ts';
import { type GeneratorSecond, type HttpSample, NO_STARTS } from '../runtime/core/records.ts';
import { Redactor } from '../runtime/core/redactor.ts';
import { createRunFolder } from '../runtime/history/run-folder.ts';
import { HttpRecorder } from '../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../runtime/measure/registry.ts';
import { FrameReader } from '../runtime/messages/frames.ts';
import { decodeFromWorker, encodeFromWorker, FROM_WORKER_LIMITS } from '../runtime/messages/message-codec.ts';
import type { SnapshotMessage } from '../runtime/messages/messages.ts';
import { LiveTable } from '../runtime/record/live-table.ts';
import { LiveView } from '../runtime/record/live-view.ts';
import { Recording } from '../runtime/record/recording.ts';
import { requestDetailsOf } from '../runtime/record/request-details.ts';
import { SecondSeries } from '../runtime/record/second-series.ts';
import { summaryOf } from '../runtime/record/summary.ts';
import { liveRowsOf } from '../runtime/server/live-rows.ts';
import { hopOf, sampleOf } from '../test/unit/measure/http-samples.ts';

// One run of `coordinator.js`: rows, workers, requests a second of each row and worker, seconds.
const [ROWS = 0, WORKERS = 0, REQUESTS = 0, SECONDS = 0] = process.argv.slice(2).map(Number);
/** Seconds of each worker that are made before the measurement, and then told again and again. */
const MADE = 4;
/** Of a worker by default. */
const SERIES_MAX = 5_000;
/** More than a worker may send in one snapshot: the rows are what is measured, and not the cap. */
const SERIES_OF_ALL_ROWS = 100_000;
/** As many series as a snapshot may hold. */
const SNAPSHOT_SERIES = 20_000;

const generatorOf = (second: number): GeneratorSecond => ({
  ...{ second, loopLagP99Us: 1_100, loopLagMaxUs: 2_000, cpu: 0.5, lateStarts: 0, begunStarts: ROWS * REQUESTS, rssBytes: 9e7 },
  ...{ starvedUs: 1_000, ranUsMax: 3_000, gcUs: 500, gcUsMax: 400, sendLagUsP99: 120 },
});

/** A second of a worker as it travels: more than one snapshot where there are more rows than one may have. */
function framesOf(registry: MetricRegistry, second: number): Buffer {
  const deltas = registry.drain();
  const parts: Buffer[] = [];
  for (let from = 0; from < deltas.length; from += SNAPSHOT_SERIES) {
    const snapshot: SnapshotMessage = {
      type: 'snapshot',
      second,
      period: 'measured',
      deltas: deltas.slice(from, from + SNAPSHOT_SERIES),
      overflowed: 0,
      errors: [],
      kept: [],
      starts: { ...NO_STARTS, begun: second },
      activeUsers: 10,
      inFlight: 10,
      generator: generatorOf(second),
      startsByScenario: [{ ...NO_STARTS, begun: second }],
      running: [10],
      lostStarts: 0,
    };
    parts.push(...encodeFromWorker(snapshot, second + 1));
  }
  return Buffer.concat(parts);
}

/** Every phase takes its own time, and the server tells of two parts. */
function drawnSample(row: number, draw: number): HttpSample {
  const waitingUs = Math.round(2_000 * Math.exp(5 * draw ** 3));
  const jitterUs = (draw * 1e6) % 400;
  const phases = {
    blockedUs: Math.round(5 + jitterUs / 20),
    sendingUs: Math.round(300 + jitterUs),
    receivingUs: Math.round(700 + 2 * jitterUs),
  };
  const serverTimings = ['queue', 'inference'].map((part, i) => ({ part, us: Math.round(waitingUs * (0.2 + 0.4 * i)) }));
  const tookUs = waitingUs + phases.blockedUs + phases.sendingUs + phases.receivingUs;
  const outcome = { hops: [hopOf({ waitingUs, ...phases })], serverTimings };
  return sampleOf({ task: `task ${row % 10}`, name: `request ${row}`, tookUs, expected: draw < 0.99, outcome });
}

/** By worker: a second that introduces all series, then those that are told in turn. */
const seconds = Array.from({ length: WORKERS }, (_, worker) => {
  const registry = new MetricRegistry({ seriesMax: ROWS > 100 ? SERIES_OF_ALL_ROWS : SERIES_MAX });
  const recorder = new HttpRecorder(registry);
  return Array.from({ length: MADE + 1 }, (__, second) => {
    for (let row = 0; row < ROWS; row++)
      for (let i = 0; i < REQUESTS; i++) {
        // one request of each row fails in the first second: a series is introduced once, and not each time that its second is told again
        const draw = second === 0 && i === 0 ? 0.995 : uniformOf(3, row, second * REQUESTS + i, worker);
        recorder.record(drawnSample(row, draw));
      }
    return framesOf(registry, second);
  });
});

const recording = new Recording({ renderScriptError: (text: string) => text } as unknown as ConstructorParameters<typeof Recording>[0]);
const base = mkdtempSync(join(tmpdir(), 'stressrun-coordinator-work-'));
const folder = createRunFolder(base, 'run', { onProblem: (problem) => process.stderr.write(`${problem}\n`), redactor: new Redactor() });
const where = { tags: {}, periods: ['measured', 'drain'] } as const;
const book = recording.watch(
  [
    { metric: 'http_req_response_time', ...where },
    { metric: 'http_req_failed', ...where },
  ],
  Array.from({ length: WORKERS }, (_, i) => i),
);
const [view, table, page, series] = [new LiveView(), new LiveTable(), new LiveTable(), new SecondSeries()];
const readers = Array.from({ length: WORKERS }, () => new FrameReader(FROM_WORKER_LIMITS));

async function tell(second: number): Promise<void> {
  for (let worker = 0; worker < WORKERS; worker++) {
    const made = seconds[worker]?.[second === 0 ? 0 : 1 + ((second - 1) % MADE)] as Buffer;
    for (const frame of (readers[worker] as FrameReader).push(made)) {
      const snapshot = readFromWorker(decodeFromWorker(frame)) as SnapshotMessage;
      recording.take(worker, { ...snapshot, second });
    }
  }
  while (book.closeNext() !== undefined);
  const told = recording.writeLine(folder);
  view.take(told);
  table.take(told);
  for (const row of table.rows) row.responseTime.percentile(0.95);
  series.of(told);
  page.take(told);
  liveRowsOf(page);
  await new Promise((resolve) => setTimeout(resolve, 20)); // the line is written
}

await tell(0);
const before = process.cpuUsage();
for (let second = 1; second <= SECONDS; second++) await tell(second);
await folder.close();
const { user, system } = process.cpuUsage(before);
const rssMb = process.memoryUsage().rss / 2 ** 20;
const beganMs = performance.now();
const { requests } = summaryOf(recording.store, { measuredS: SECONDS });
requestDetailsOf(recording.store, requests);
const endMs = performance.now() - beganMs;
rmSync(base, { recursive: true, force: true });
process.stdout.write(
  `${JSON.stringify({ cpuMs: (user + system) / 1000 / SECONDS, rssMb, endMs, requests: requests.at(-1)?.count, p95Ms: requests.at(-1)?.responseTimeMs?.p95, snapshotBytes: seconds[0]?.[1]?.length })}\n`,
);
