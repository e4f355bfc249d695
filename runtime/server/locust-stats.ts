import { errorKindText } from '../core/error-kind.ts';
import type { LiveRow, RunState } from '../views/api.ts';
import { uniqueNameOf } from '../views/locust-csv.ts';
import type { RunLog } from './run-log.ts';

/** Rows that Locust gives at most. */
const ROWS_MAX = 500;
/** Seconds that its current numbers look back. */
const WINDOW_SECONDS = 10;

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
  const points = view?.points ?? [];
  const first = points.findIndex(({ requests, phase }) => requests > 0 && phase !== 'warm-up');
  const recent = points.slice(Math.max(0, first)).slice(-WINDOW_SECONDS);
  const seconds = Math.max(1, recent.length);
  const since = live?.sinceSecond ?? 0;
  const measured = (view?.points ?? []).filter(({ phase, second }) => second >= since && (phase === 'measuring' || phase === ''));
  const lengthS = Math.max(1, measured.length * (view?.stepS ?? 1));
  const { count = 0, failed = 0 } = live?.rows.at(-1) ?? {};
  const last = recent.at(-1);
  const isLive = view !== undefined && view.state !== 'ended';
  const total = {
    total_rps: count / lengthS,
    total_fail_per_sec: failed / lengthS,
    current_rps: isLive ? sumOf(recent, ({ requests }) => requests) / seconds : 0,
    current_fail_per_sec: isLive ? sumOf(recent, ({ failures }) => failures) / seconds : 0,
  };
  return {
    stats: rows.map((row) => entryOf({ ...row, name: uniqueNameOf(row, rows) }, lengthS)),
    errors: (live?.errors ?? []).slice(0, ROWS_MAX).map(({ name, kind, code, sample, count, task = '', method = '' }) => ({
      method,
      name: uniqueNameOf({ name, task, method }, rows),
      error: sample === '' ? errorKindText({ kind, code }) : sample,
      occurrences: count,
    })),
    ...total,
    fail_ratio: count === 0 ? 0 : failed / count,
    current_response_time_percentiles: {
      'response_time_percentile_0.5': last?.responseMs?.p50 ?? null,
      'response_time_percentile_0.95': last?.responseMs?.p95 ?? null,
      'response_time_percentile_0.99': last?.responseMs?.p99 ?? null,
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
    user_count: isLive ? (last?.users ?? 0) : 0,
  };
}

function entryOf(row: LiveRow, lengthS: number): Record<string, unknown> {
  return {
    method: row.method,
    name: row.name,
    safe_name: row.name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    num_requests: row.count,
    num_failures: row.failed,
    min_response_time: row.minMs ?? 0,
    max_response_time: row.maxMs ?? 0,
    current_rps: row.perSecond,
    current_fail_per_sec: row.failedPerSecond,
    avg_response_time: row.averageMs ?? 0,
    median_response_time: row.medianMs ?? 0,
    total_rps: row.count / lengthS,
    total_fail_per_sec: row.failed / lengthS,
    'response_time_percentile_0.95': row.p95Ms ?? 0,
    'response_time_percentile_0.99': row.p99Ms ?? 0,
    avg_content_length: row.averageBytes ?? 0,
  };
}

function sumOf<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + of(item), 0);
}
