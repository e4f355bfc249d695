import { deserialize, serialize } from 'node:v8';
import { uniformOf } from '../runtime/core/random.ts';
import { type HttpHop, type HttpOutcome, NO_STARTS } from '../runtime/core/records.ts';
import type { RunFolder } from '../runtime/history/run-folder.ts';
import { SampleRecorder } from '../runtime/measure/sample-recorder.ts';
import type { SnapshotMessage } from '../runtime/messages/messages.ts';
import { Recording } from '../runtime/record/recording.ts';
import type { HostVu } from '../runtime/worker/vu-table.ts';

const PER_SECOND = 40_000;
const TASKS = ['health', 'predict_no_image', 'predict_with_image', 'predict_large_image'];
/** More names than there is room for: the cap holds, and what is beyond it is counted together. */
const NAMES = 600;

const recorder = new SampleRecorder(() => ['default'], {});
const recording = new Recording({ renderScriptError: (text: string) => text } as unknown as ConstructorParameters<typeof Recording>[0]);
let journalBytes = 0;
const journal = { appendJournal: (line: unknown) => (journalBytes += JSON.stringify(line).length) } as unknown as RunFolder;
const vu = { index: 1, scenario: 0, phase: 'iteration', task: '', shapePhase: '', iteration: 0 } as unknown as HostVu;

/** A request of 1 to 500 ms, most of them short; 1 % fail, half of them by a timeout; every second one has a server's parts. */
function record(index: number): void {
  const draw = uniformOf(1, index);
  const waitingUs = Math.round(1000 * Math.exp(6.2 * draw ** 3));
  const isTimeout = draw < 0.005;
  const status = isTimeout ? 0 : draw < 0.01 ? 503 : 200;
  const errorCode = isTimeout ? 1050 : status === 503 ? 1503 : 0;
  const name = `/predict/${index % 50 === 0 ? Math.floor(uniformOf(2, index) * NAMES) : 0}`;
  const phases = { blockedUs: 5, connectingUs: 0, tlsUs: 0, sendingUs: 40, waitingUs, receivingUs: 60 };
  const hop: HttpHop = {
    method: 'POST',
    url: `http://target${name}`,
    status,
    errorCode,
    ...phases,
    bytesSent: 60_000,
    bytesReceived: 2_000,
  };
  const outcome: HttpOutcome = {
    kind: isTimeout ? 'timeout' : 'response',
    status,
    errorCode,
    error: isTimeout ? 'no complete response within 10s' : '',
    url: hop.url,
    protocol: 'HTTP/1.1',
    headers: [],
    body: undefined,
    hops: [hop],
    endedAtUs: index * 25 + waitingUs,
    ...(index % 2 === 0
      ? {
          serverTimings: [
            { part: 'queue', us: 500 },
            { part: 'inference', us: waitingUs - 500 },
          ],
        }
      : {}),
  };
  vu.task = TASKS[index % TASKS.length] as string;
  const request = { method: 'POST', url: hop.url, headers: [], body: undefined, timeoutUs: 0, redirectsMax: 0, keepsBody: true };
  const built = { request, name, tags: undefined, isExpected: () => true, asksScript: false, toDraw: undefined, picture: 'pool/1' };
  recorder.request(vu, { built, group: '', method: 'POST', outcome, dueAtUs: index * 25 - 100, isExpected: status === 200, inFlight: 8 });
}

/** A second's end, as worker and coordinator have it. */
function closeSecond(second: number): void {
  const snapshot: SnapshotMessage = {
    type: 'snapshot',
    second,
    period: 'measured',
    ...recorder.drain(),
    starts: { ...NO_STARTS, due: PER_SECOND, begun: PER_SECOND },
    activeUsers: 32,
    inFlight: 8,
    generator: { second, loopLagP99Us: 1000, loopLagMaxUs: 2000, cpu: 0.9, lateStarts: 0, begunStarts: PER_SECOND, rssBytes: 1 },
    startsByScenario: [],
  };
  recording.take(0, deserialize(serialize(snapshot)) as SnapshotMessage);
  recording.writeLine(journal);
}

recorder.enter('measured');
let recorded = 0;
for (const samples of process.argv.slice(2).map(Number)) {
  const [before, beganMs] = [recorded, performance.now()];
  while (recorded < samples) {
    for (let i = 0; i < PER_SECOND; i++) record(recorded++);
    closeSecond(recorded / PER_SECOND);
  }
  const usPerSample = ((performance.now() - beganMs) * 1000) / (recorded - before);
  (globalThis as unknown as { gc(): void }).gc();
  const { rss, heapUsed } = process.memoryUsage();
  const series = recording.store.metrics().reduce((sum, { name }) => sum + recording.store.series(name).length, 0);
  const row = {
    samples: recorded,
    rssMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    series,
    overflowed: recording.overflowed,
    kept: recording.kept.rows().length,
  };
  process.stdout.write(`${JSON.stringify({ ...row, usPerSample, journalBytes })}\n`);
}
