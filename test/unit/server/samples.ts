import { RunLog } from '../../../runtime/server/run-log.ts';
import type { LiveState, RunEntry, SecondPoint } from '../../../runtime/views/api.ts';

export const ENTRY: RunEntry = {
  id: 'run-1',
  state: 'starting',
  script: 'scripts/predict.ts',
  environment: 'demo',
  profile: 'smoke',
  load: 'default 5 users, 1m',
  startedMs: 0,
  durationS: 0,
  outcome: null,
  requests: 0,
  failedRatio: 0,
  perSecond: 0,
  p95Ms: null,
  isExploratory: false,
  baselines: [],
};

export const LIVE: LiveState = {
  rows: [],
  groups: [],
  uncounted: [],
  thresholds: [],
  checks: [],
  errors: [],
  workers: [],
  starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
  load: [],
  remainingS: null,
  inFlight: 0,
  sinceSecond: 0,
  countedS: 0,
};

export function pointAt(second: number, requests = 10): SecondPoint {
  return {
    second,
    atMs: second * 1_000,
    phase: 'measuring',
    users: 5,
    requests,
    failures: 0,
    responseMs: { p50: second, p95: second, p99: second },
    durationMs: null,
    dropped: 0,
    generator: null,
  };
}

export function emptyLog(): RunLog {
  return new RunLog({
    id: 'run-1',
    entry: ENTRY,
    plan: { scenarios: [], thresholds: [], tasks: [], environment: 'demo', baseUrl: '', notes: [] },
  });
}

/** A log in which so many seconds have passed. */
export function logOf(seconds: number): RunLog {
  const log = emptyLog();
  for (let second = 0; second < seconds; second++) log.push({ type: 'second', point: pointAt(second), live: LIVE });
  return log;
}
