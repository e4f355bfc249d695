import type { RunSeries } from '../../../runtime/core/run-series.ts';
import { SeriesHistory } from '../../../runtime/record/series-history.ts';
import { RunLog } from '../../../runtime/server/run-log.ts';
import type { LiveState, RunEntry } from '../../../runtime/views/api.ts';

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

/** A second of a run that is measured from its first one on: 0 is the one that ends after a second. */
export function secondAt(second: number, { requests = 10, failures = 0, users = 5 } = {}): RunSeries {
  const ms = { p50: [second], p95: [second], p99: [second] };
  return {
    startMs: 0,
    foldedBy: 1,
    endS: [second + 1],
    lengthS: [1],
    users: [users],
    requests: [requests],
    failures: [failures],
    responseTimeMs: ms,
    durationMs: { p50: [null], p95: [null], p99: [null] },
    bytesReceived: [0],
    bytesSent: [0],
    checks: [0],
    checksFailed: [0],
    starts: { begun: [0], late: [0], queued: [0], dropped: [0] },
    generator: { loopLagMsP99: [null], cpu: [null] },
    gauges: [],
    events: second === 0 ? [{ atS: 1, kind: 'stage', text: 'measuring' }] : [],
  };
}

/** Seconds as one series. @param stages - by the second in which they are entered */
export function seriesOf(seconds: readonly RunSeries[], stages: Readonly<Record<number, string>> = { 0: 'measuring' }): RunSeries {
  const history = new SeriesHistory();
  const events = (i: number): RunSeries['events'] => (stages[i] === undefined ? [] : [{ atS: i + 1, kind: 'stage', text: stages[i] }]);
  for (const [i, second] of seconds.entries()) history.add({ ...second, events: events(i) });
  return history.data();
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
  for (let second = 0; second < seconds; second++) log.push({ type: 'second', series: secondAt(second), live: LIVE });
  return log;
}
