import type { Latency, RequestRow, RunJson } from '../../../runtime/core/run-json.ts';
import { withAsked } from '../../support/asked.ts';

/** Percentiles that all follow from p50, so that a wrong column is seen at once. */
function latencyOf(p50: number): Latency {
  return { min: p50 / 4, avg: p50 * 1.1, p50, p90: p50 * 1.8, p95: p50 * 2.2, p99: p50 * 3.1, max: p50 * 4.5 };
}

function rowOf(
  name: string,
  method: string,
  task: string,
  numbers: { count: number; failed?: number; interrupted?: number; p50: number },
): RequestRow {
  return {
    task,
    method,
    name,
    count: numbers.count,
    failed: numbers.failed ?? 0,
    interrupted: numbers.interrupted ?? 0,
    perSecond: numbers.count / 30,
    durationMs: latencyOf(numbers.p50 * 0.9),
    responseTimeMs: latencyOf(numbers.p50),
    allDurationMs: latencyOf(numbers.p50 * 1.05),
  };
}

/** A smoke run that passed: the mix of the reference document. */
export const fullRun: RunJson = {
  version: 1,
  run: {
    id: '2026-11-22T13-35-27-predict-smoke-3f9a',
    script: 'scripts/predict.ts',
    environment: 'local',
    profile: 'smoke',
    seed: 42,
    started: '2026-11-22T13:35:27.000Z',
    durationS: 30,
    exitCode: 0,
    baseUrl: 'http://localhost:8000',
    workers: 2,
    model: 'closed',
  },
  verdict: { outcome: 'passed', reasons: [] },
  thresholds: (
    [
      {
        source: 'thresholds.max_p95',
        expression: 'http_req_response_time: p(95)<2s',
        outcome: 'met',
        actual: 875.6,
        limit: 2000,
        unit: 'ms',
        detail: 'p95 876ms, limit 2s: 1.12s to spare (-56 %)',
        samples: 800,
        interval: { low: 842.1, high: 931.7, effectiveSamples: 512 },
        samplesNeeded: 74,
      },
      {
        source: 'thresholds.max_failure_rate',
        expression: 'http_req_failed: rate<1%',
        outcome: 'met',
        actual: 0.0025,
        limit: 0.01,
        unit: 'ratio',
        detail: '0.25 %, limit 1 %',
      },
    ] as const
  ).map(withAsked),
  requests: [
    rowOf('/health', 'GET', 'health', { count: 80, p50: 2.1 }),
    rowOf('/predict', 'POST', 'predict_no_image', { count: 481, failed: 1, p50: 396 }),
    rowOf('/predict', 'POST', 'predict_with_image', { count: 159, failed: 1, p50: 512 }),
    rowOf('/predict', 'POST', 'predict_large_image', { count: 80, interrupted: 3, p50: 1204 }),
    rowOf('Aggregated', '', '', { count: 800, failed: 2, interrupted: 3, p50: 398 }),
  ],
  checks: [
    { name: 'is ok', group: '', task: 'health', passes: 80, fails: 0 },
    { name: 'status is 200', group: '', task: 'predict_no_image', passes: 480, fails: 1 },
    {
      name: 'finds every object',
      group: 'answer',
      task: 'predict_no_image',
      passes: 479,
      fails: 2,
      reason: "TypeError: Cannot read properties of undefined (reading 'length')\n    at finds every object (scripts/predict.ts:17:110)",
    },
  ],
  starts: { due: 803, begun: 803, late: 1, queued: 0, dropped: 0, interrupted: 3 },
  errors: [
    {
      name: 'POST /predict',
      kind: 'status',
      code: 1503,
      count: 1,
      firstSeen: '2026-11-22T13:35:41.120Z',
      lastSeen: '2026-11-22T13:35:41.120Z',
      sample: '503 Service Unavailable: no slot free',
    },
    {
      name: 'POST /predict',
      kind: 'timeout',
      code: 1050,
      count: 12,
      firstSeen: '2026-11-22T13:35:45.000Z',
      lastSeen: '2026-11-22T13:35:58.900Z',
      sample: 'no answer within 30s\n    at predict (scripts/predict.ts:13:28)\n    at default (scripts/predict.ts:22:3)',
    },
  ],
  metrics: {
    http_reqs: { type: 'counter', values: { count: 800, rate: 26.7 } },
    iterations: { type: 'counter', values: { count: 800, rate: 26.667 } },
    iteration_duration: { type: 'trend', unit: 'time', values: { avg: 412.5, p95: 880 } },
    objects_found: { type: 'trend', unit: 'default', values: { count: 720, avg: 3.2504, max: 9 } },
    picture_bytes: { type: 'counter', unit: 'data', values: { count: 48_211_000, rate: 1_607_033 } },
    cache_hits: { type: 'rate', values: { rate: 0.125, passes: 100, fails: 700 } },
  },
  generator: { saturated: false, overheadMs: 0.12, loopLagMs: latencyOf(0.8), cpu: 0.43 },
  notes: ['profile smoke replaces the script’s scenarios', 'health check passed: /health answered {"status":"ok"} in 3ms'],
};

/** As {@link fullRun}, but too slow, from a saturated generator and with names too long for any column. */
export const failedRun: RunJson = {
  ...fullRun,
  run: { ...fullRun.run, exitCode: 99, model: 'open' },
  verdict: {
    outcome: 'failed',
    reasons: ['threshold missed: http_req_response_time: p(95)<500ms', 'threshold missed: http_req_failed: rate<0.1%'],
  },
  thresholds: (
    [
      {
        source: 'thresholds.max_p95',
        expression: 'http_req_response_time: p(95)<500ms',
        outcome: 'missed',
        actual: 875.6,
        limit: 500,
        unit: 'ms',
        detail: 'p95 876ms, limit 500ms: missed by 376ms (+75 %)',
      },
      {
        source: 'thresholds.max_failure_rate',
        expression: 'http_req_failed: rate<0.1%',
        outcome: 'missed',
        actual: 0.0025,
        limit: 0.001,
        unit: 'ratio',
        detail: '0.25 %, limit 0.1 %: missed by 0.15 points',
        interval: { low: 0.0007, high: 0.009 },
        samplesNeeded: 1_710,
        isWeak: true,
      },
      {
        source: 'script options',
        expression: 'objects_found: avg>3',
        outcome: 'no-data',
        limit: 3,
        unit: 'count',
        detail: 'no sample of objects_found',
      },
    ] as const
  ).map(withAsked),
  requests: [
    rowOf(`/tenants/\${tenant}/models/\${model}/versions/\${version}/predictions/batch`, 'POST', 'predict_everything_for_every_tenant', {
      count: 1_234_567,
      failed: 98_765,
      p50: 24_500,
    }),
    rowOf('Aggregated', '', '', { count: 1_234_567, failed: 98_765, p50: 24_500 }),
  ],
  generator: { saturated: true, overheadMs: 31.5, loopLagMs: latencyOf(25), cpu: 0.97 },
};

/** A run that ended before its first request. */
export const emptyRun: RunJson = {
  ...fullRun,
  run: { ...fullRun.run, profile: null, durationS: 0, exitCode: 107, workers: 1 },
  verdict: { outcome: 'error', reasons: ['setup() threw: Error: no token'] },
  thresholds: [],
  requests: [],
  checks: [],
  starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
  errors: [],
  metrics: {},
  generator: { saturated: null, overheadMs: null, loopLagMs: null, cpu: null },
  notes: [],
};

/** As {@link fullRun}, stopped by Ctrl-C while every threshold held. */
export const interruptedRun: RunJson = {
  ...fullRun,
  run: { ...fullRun.run, durationS: 11.4, exitCode: 105 },
  verdict: { outcome: 'interrupted', reasons: ['stopped by SIGINT after 11.4s of 30s'] },
  checks: [],
  errors: [],
  notes: [],
};
