import type { LiveDetail } from '../../../../runtime/report/live-detail.ts';
import type { ProgressState } from '../../../../runtime/report/progress.ts';
import { withAsked } from '../../../support/asked.ts';

/** 45 s of a run of two scenarios: a wave of requests, slower where there are more, and no answer in the second 20. */
const seconds = Array.from({ length: 45 }, (_, second) => {
  const wave = 0.5 + 0.5 * Math.sin(second / 6);
  const isSilent = second === 20;
  const us = (scale: number): number | undefined => (isSilent ? undefined : Math.round(scale * (1 + wave)));
  return { second, requests: isSilent ? 0 : Math.round(20 + 60 * wave), p50Us: us(40_000), p95Us: us(210_000), p99Us: us(390_000) };
});

const detail: LiveDetail = {
  script: 'predict.ts',
  environment: 'demo',
  baseUrl: 'http://127.0.0.1:8000',
  profile: 'standard',
  inFlight: 12,
  late: 3,
  dropped: 0,
  scenarios: [
    { name: 'browse', load: '20 users', doneRatio: 0.375, remainingUs: 75_000_000, startsInUs: -45_000_000, iterations: undefined },
    { name: 'checkout', load: '50/s', doneRatio: 0, remainingUs: 60_000_000, startsInUs: 15_000_000, iterations: undefined },
    {
      name: 'import',
      load: '1 user',
      doneRatio: 0.24,
      remainingUs: undefined,
      startsInUs: -45_000_000,
      iterations: { begun: 120, planned: 500 },
    },
  ],
  seconds,
  recent: { p50Us: 61_000, p95Us: 331_000, p99Us: 1_620_000 },
  recentPerSecond: seconds.slice(-10).reduce((sum, { requests }) => sum + requests, 0) / 10,
  requests: [
    { task: 'health', method: 'GET', name: '/health', count: 214, failed: 0, p95Us: 9_400 },
    { task: 'predict', method: 'GET', name: '/predict', count: 21, failed: 0, p95Us: 12_000 },
    { task: 'predict', method: 'POST', name: '/predict', count: 1_942, failed: 7, p95Us: 331_000 },
    {
      task: 'predict_large_image',
      method: 'POST',
      name: '/predict?size=1920x1080&return_image=true',
      count: 88,
      failed: 88,
      p95Us: undefined,
    },
    { task: '日本語', method: 'GET', name: '/画像', count: 1, failed: 0, p95Us: 2_000_000 },
  ],
  thresholds: (
    [
      {
        source: 'thresholds.max_p95',
        expression: 'http_req_response_time: p(95)<2s',
        outcome: 'met',
        actual: 331,
        limit: 2000,
        unit: 'ms',
      },
      {
        source: 'thresholds.max_failure_rate',
        expression: 'http_req_failed: rate<=1%',
        outcome: 'missed',
        actual: 0.0419,
        limit: 0.01,
        unit: 'ratio',
      },
      {
        source: 'thresholds.min_rps',
        expression: 'successful requests: rate>=10',
        outcome: 'met',
        actual: 48.2345,
        limit: 10,
        unit: 'per-second',
      },
      {
        source: 'options.thresholds.data_received',
        expression: 'data_received: count>1MB',
        outcome: 'undecided',
        actual: 642_000,
        limit: 1_000_000,
        unit: 'bytes',
      },
      { source: 'options.thresholds.checks', expression: 'checks: rate>0.9', outcome: 'no-data', limit: 0.9, unit: 'ratio' },
    ] as const
  ).map(withAsked),
  generator: { workers: 2, loopLagUsP99: 8_200, cpu: 0.93, saturatedSeconds: 2, measuredSeconds: 45, isSaturated: false },
};

export const fixedDetail = detail;

export const fixedState: ProgressState = {
  elapsedUs: 45_000_000,
  remainingUs: 75_000_000,
  users: 21,
  requestsPerSecond: 51,
  requests: 2_266,
  failed: 95,
  p95Us: 331_000,
  stage: '',
  detail,
};
