import { errorKindText } from '../core/error-kind.ts';
import { failedPerSecondOf } from '../core/request-figures.ts';
import { rowKeyOf } from '../core/rows.ts';
import type { LiveRow, RunState, RunView } from '../views/api.ts';
import { isFailureThatCounts, uniqueNameOf } from '../views/locust-csv.ts';
import type { RunLog } from './run-log.ts';

/** Rows that Locust gives at most. */
const ROWS_MAX = 500;

const STATES: Readonly<Record<RunState, string>> = {
  starting: 'spawning',
  'warm-up': 'spawning',
  running: 'running',
  stopping: 'stopping',
  ended: 'stopped',
  unknown: 'stopped',
};

/** What Locust's `GET /stats/requests` says, for the tools that poll it. Times are ms, from when a request was due. @param log - undefined: no run yet */
export function locustStats(log: RunLog | undefined): Record<string, unknown> {
  const view = log?.view([]);
  const live = view?.live ?? null;
  const rows = live?.rows.slice(-ROWS_MAX) ?? [];
  const total = rows.at(-1);
  const { responseTimeMs: times, users } = view?.series ?? {};
  const isLive = view !== undefined && view.state !== 'ended';
  const rates = ratesOf(view);
  return {
    stats: rows.map((row) => entryOf({ ...row, name: uniqueNameOf(row, rows) }, rates(row))),
    errors: (live?.errors ?? [])
      .filter(isFailureThatCounts)
      .slice(0, ROWS_MAX)
      .map(({ name, kind, code, sample, count, task = '', method = '' }) => ({
        method,
        name: uniqueNameOf({ name, task, method }, rows),
        error: sample === '' ? errorKindText({ kind, code }) : sample,
        occurrences: count,
      })),
    ...(total === undefined ? NO_RATES : rates(total)),
    fail_ratio: total === undefined || total.count === 0 ? 0 : total.failed / total.count,
    current_response_time_percentiles: {
      'response_time_percentile_0.5': times?.p50.at(-1) ?? null,
      'response_time_percentile_0.95': times?.p95.at(-1) ?? null,
      'response_time_percentile_0.99': times?.p99.at(-1) ?? null,
    },
    workers: (live?.workers ?? []).map(({ worker, users, cpu, rssBytes }) => ({
      id: String(worker),
      state: STATES[view?.state ?? 'ended'],
      user_count: users,
      cpu_usage: cpu === null ? 0 : cpu * 100,
      memory_usage: rssBytes ?? 0,
    })),
    worker_count: live?.workers.length ?? 0,
    state: view === undefined ? 'ready' : STATES[view.state],
    user_count: isLive ? (users?.at(-1) ?? 0) : 0,
  };
}

type Rates = Record<'total_rps' | 'total_fail_per_sec' | 'current_rps' | 'current_fail_per_sec', number>;
const NO_RATES: Rates = { total_rps: 0, total_fail_per_sec: 0, current_rps: 0, current_fail_per_sec: 0 };

/** Of a run that goes on: over what was measured so far, and of the last ten seconds. Of one that is over: those of its result, and nothing is current. */
function ratesOf(view: RunView | undefined): (row: LiveRow) => Rates {
  const { live = null, result = null } = view ?? {};
  const countedS = Math.max(1, live?.countedS ?? 0);
  const isWhole = live?.sinceSecond === 0;
  const results = new Map((isWhole ? (result?.requests ?? []) : []).map((row) => [rowKeyOf(row), row]));
  return (row) => {
    const ended = results.get(rowKeyOf(row));
    const isOver = view?.state === 'ended';
    return {
      total_rps: ended?.perSecond ?? row.count / countedS,
      total_fail_per_sec: ended === undefined ? row.failed / countedS : failedPerSecondOf(ended),
      current_rps: isOver ? 0 : row.perSecond,
      current_fail_per_sec: isOver ? 0 : row.failedPerSecond,
    };
  };
}

function entryOf(row: LiveRow, rates: Rates): Record<string, unknown> {
  return {
    method: row.method,
    name: row.name,
    safe_name: row.name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    num_requests: row.count,
    num_failures: row.failed,
    min_response_time: row.minMs ?? 0,
    max_response_time: row.maxMs ?? 0,
    avg_response_time: row.averageMs ?? 0,
    median_response_time: row.medianMs ?? 0,
    ...rates,
    'response_time_percentile_0.95': row.p95Ms ?? 0,
    'response_time_percentile_0.99': row.p99Ms ?? 0,
    avg_content_length: row.averageBytes ?? 0,
  };
}
