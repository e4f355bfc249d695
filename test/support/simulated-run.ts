import { bucketIndexOf } from '../../runtime/core/buckets.ts';
import type { SeriesDelta, SeriesIdentity, TrendValues } from '../../runtime/core/delta.ts';
import type { ErrorTally, KeptRequest, Period } from '../../runtime/core/records.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { LatencyLog } from '../../runtime/record/latency-log.ts';
import { Ledger } from '../../runtime/record/ledger.ts';
import { requestDetailsOf } from '../../runtime/record/request-details.ts';
import { RunTimeline } from '../../runtime/record/run-timeline.ts';
import type { MetricStore } from '../../runtime/record/store.ts';
import { summaryOf } from '../../runtime/record/summary.ts';
import type { ToldLine } from './told-seconds.ts';

/** A run that never was: the same for the same options, to the last digit. */
export interface SimulationOptions {
  readonly seconds: number;
  /** Requests of the run, one row each. */
  readonly names: readonly string[];
  /** Of each name. */
  readonly requestsPerSecond: number;
  /** Unix ms. */
  readonly startMs?: number;
}

export interface SimulatedRun {
  /** With series and details; verdict and thresholds are of a run that passed. */
  readonly run: RunJson;
  readonly store: MetricStore;
  readonly timeline: RunTimeline;
  readonly latencyLog: LatencyLog;
}

const START_MS = Date.parse('2026-11-22T13:35:27.000Z');
/** Of 500 requests one fails. */
const FAILS_EVERY = 500;
const PHASE_SHARES = { blocked: 0.02, connecting: 0.01, tls: 0, sending: 0.05, waiting: 0.82, receiving: 0.1 } as const;
const PHASE_METRICS = {
  blocked: 'http_req_blocked',
  connecting: 'http_req_connecting',
  tls: 'http_req_tls_handshaking',
  sending: 'http_req_sending',
  waiting: 'http_req_waiting',
  receiving: 'http_req_receiving',
} as const;

export function simulatedRun(options: SimulationOptions): SimulatedRun {
  const [ledger, timeline, latencyLog] = [new Ledger(), new RunTimeline(), new LatencyLog()];
  const { store } = ledger;
  for (const line of simulatedLines(options)) {
    ledger.take(0, line.deltas);
    const second = ledger.close(line);
    timeline.add(second);
    latencyLog.add(second);
  }
  const rows = summaryOf(store, { measuredS: options.seconds });
  const run: RunJson = {
    version: 1,
    run: {
      id: '2026-11-22T13-35-27-simulated',
      script: 'scripts/simulated.ts',
      environment: 'local',
      profile: 'smoke',
      seed: 42,
      started: new Date(options.startMs ?? START_MS).toISOString(),
      durationS: options.seconds,
      exitCode: 0,
      baseUrl: 'http://localhost:8000',
      workers: 2,
      model: 'closed',
    },
    verdict: { outcome: 'passed', reasons: [] },
    thresholds: [],
    ...rows,
    starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
    errors: [],
    generator: { saturated: false, overheadMs: 0.12, loopLagMs: null, cpu: 0.43 },
    notes: [],
    kept: keptRequests(options),
    series: timeline.data(),
    details: requestDetailsOf(store, rows.requests),
    environment: {
      versions: { stressrun: '0.2.0', node: '20.20.2' },
      machine: { cores: 2, cpu: 'a processor', platform: 'linux', arch: 'x64', memoryBytes: 8_000_000_000 },
      git: { commit: '0123456789abcdef0123456789abcdef01234567', isDirty: true },
      scriptSha256: 'ab'.repeat(32),
    },
  };
  return { run, store, timeline, latencyLog };
}

/** The journal's lines: numbers of a steady load with a bump in the middle. */
export function* simulatedLines({
  seconds,
  names,
  requestsPerSecond,
  startMs = START_MS,
}: SimulationOptions): Generator<ToldLine & { second: number }> {
  const random = seeded(42);
  const stream = new DeltaStream();
  for (let second = 0; second < seconds; second++) {
    const period: Period = 'measured';
    const load = { period, second, seconds, requestsPerSecond, random };
    const deltas = names.flatMap((name, i) => stream.secondOf(name, { ...load, baseMs: 4 + 22 * i }));
    const failed = deltas.reduce(
      (sum, delta) => (delta.type === 'rate' && stream.metricOf(delta.id) === 'http_req_failed' ? sum + delta.passes : sum),
      0,
    );
    const atMs = startMs + 1000 * (second + 1);
    const errors: ErrorTally[] =
      failed === 0
        ? []
        : [
            {
              name: names[0] as string,
              kind: 'status',
              code: 1503,
              count: failed,
              firstSeenMs: atMs,
              lastSeenMs: atMs,
              sample: '503 Service Unavailable',
            },
          ];
    yield {
      second,
      atMs,
      users: Math.min(20, 1 + second),
      deltas,
      starts: { begun: (second + 1) * requestsPerSecond, late: 0, queued: 0, dropped: Math.max(0, second - seconds + 3) },
      generator: {
        workers: [0, 1].map((worker) => ({
          second,
          loopLagP99Us: 900 + 100 * worker + (second % 7) * 40,
          cpu: 0.31 + 0.02 * (second % 5),
        })),
      },
      ...(errors.length === 0 ? {} : { errors }),
      ...(second === 0
        ? { events: [{ kind: 'stage' as const, text: 'measuring' }] }
        : second === seconds - 1
          ? { events: [{ kind: 'stage' as const, text: 'ended' }] }
          : {}),
    };
  }
}

interface Load {
  readonly period: Period;
  readonly second: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly baseMs: number;
  readonly random: () => number;
}

/** Deltas as a worker sends them: a series is introduced once. */
class DeltaStream {
  readonly #ids = new Map<string, number>();
  readonly #metrics: string[] = [];

  metricOf(id: number): string {
    return this.#metrics[id] ?? '';
  }

  secondOf(name: string, { period, second, seconds, requestsPerSecond, baseMs, random }: Load): SeriesDelta[] {
    const bump = 1 + 2 * Math.exp(-(((second - seconds / 2) / (seconds / 12)) ** 2));
    const timesUs = Array.from({ length: requestsPerSecond }, () => Math.round(1000 * baseMs * bump * Math.exp(0.35 * normal(random))));
    const failed = timesUs.filter((_, i) => (second * requestsPerSecond + i) % FAILS_EVERY === FAILS_EVERY - 1).length;
    const answered = timesUs.slice(failed);
    const of = { period, task: name.replace('/', ''), name, method: name === '/health' ? 'GET' : 'POST' };
    const duration = answered.map((us) => Math.round(us * 0.94));
    return [
      this.#rate('http_req_failed', of, [failed, timesUs.length]),
      this.#rate('checks', of, [timesUs.length - failed, timesUs.length]),
      this.#trend('http_req_response_time', of, answered),
      this.#trend('http_req_duration', of, duration),
      ...Object.entries(PHASE_SHARES).map(([phase, share]) =>
        this.#shareOf(PHASE_METRICS[phase as keyof typeof PHASE_METRICS], of, { of: duration, share }),
      ),
      this.#shareOf('http_req_server_time', { ...of, part: 'inference' }, { of: duration, share: 0.6 }),
      this.#counter('data_received', of, timesUs.length * 900),
      this.#counter('body_received', of, timesUs.length * 640),
      this.#counter('data_sent', of, timesUs.length * 40_000),
    ];
  }

  #rate(metric: string, of: Of, [passes, count]: [passes: number, count: number]): SeriesDelta {
    const tags = metric === 'checks' ? { check: 'status is 200' } : {};
    return { ...this.#known(metric, 'rate', of, tags), type: 'rate', count, passes };
  }

  #counter(metric: string, of: Of, sum: number): SeriesDelta {
    return { ...this.#known(metric, 'counter', of, {}), type: 'counter', count: 1, sum, refused: 0 };
  }

  #trend(metric: string, of: Of, valuesUs: readonly number[]): SeriesDelta {
    const counts = new Map<number, number>();
    for (const us of valuesUs) counts.set(bucketIndexOf(us), (counts.get(bucketIndexOf(us)) ?? 0) + 1);
    return {
      ...this.#known(metric, 'trend', of, { expected_response: 'true' }),
      type: 'trend',
      count: valuesUs.length,
      sum: valuesUs.reduce((sum, us) => sum + us, 0),
      min: valuesUs.length === 0 ? 0 : Math.min(...valuesUs),
      max: valuesUs.length === 0 ? 0 : Math.max(...valuesUs),
      clamped: 0,
      refused: 0,
      buckets: [...counts].sort(([a], [b]) => a - b).flat(),
    };
  }

  /** A part of each time, as if all had been as long as the average. */
  #shareOf(metric: string, of: Of, { of: whole, share }: { of: readonly number[]; share: number }): SeriesDelta {
    const us = whole.length === 0 ? 0 : Math.round((share * whole.reduce((sum, one) => sum + one, 0)) / whole.length);
    const one = this.#trend(metric, of, [us]) as SeriesDelta & TrendValues;
    return { ...one, count: whole.length, sum: us * whole.length, buckets: whole.length === 0 ? [] : [bucketIndexOf(us), whole.length] };
  }

  #known(
    metric: string,
    type: SeriesIdentity['type'],
    { period, ...own }: Of,
    more: Record<string, string>,
  ): { id: number; series?: SeriesIdentity } {
    const tags = { scenario: 'default', phase: '', group: '', ...own, ...more };
    const key = JSON.stringify([metric, period, tags]);
    const known = this.#ids.get(key);
    if (known !== undefined) return { id: known };
    const id = this.#ids.size;
    this.#ids.set(key, id);
    this.#metrics.push(metric);
    const unit = metric.startsWith('data_') ? 'data' : type === 'trend' ? 'time' : 'default';
    return { id, series: { metric, type, unit, period, tags } };
  }
}

interface Of {
  readonly period: Period;
  readonly task: string;
  readonly name: string;
  readonly method: string;
  readonly part?: string;
}

function keptRequests({ names, startMs = START_MS }: SimulationOptions): KeptRequest[] {
  return names.slice(0, 3).flatMap((name, i) =>
    (['slow', 'failed'] as const).map((why, j) => ({
      why,
      scenario: 'default',
      task: name.replace('/', ''),
      phase: '',
      name,
      method: 'POST',
      url: `${name}?return_image=true`,
      status: why === 'failed' ? 503 : 200,
      errorCode: why === 'failed' ? 1503 : 0,
      kind: why === 'failed' ? 'status' : '',
      error: why === 'failed' ? '503 Service Unavailable: no slot free' : '',
      atMs: startMs + 7000 * (i + j + 1),
      responseTimeUs: 412_000 + 40_000 * i,
      phasesUs: { blocked: 210, connecting: 480, tls: 0, sending: 1_900, waiting: 380_000 + 40_000 * i, receiving: 12_000 },
      serverTimings: [
        { part: 'queue', us: 120_000 },
        { part: 'inference', us: 230_000 },
      ],
      requestId: `req-${1000 + i}`,
      picture: 'street/3',
      inFlight: 12,
      vu: 4 + i,
      iteration: 17,
    })),
  );
}

/** mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
