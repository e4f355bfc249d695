import type { RequestRow, TaskRow } from '../core/run-json.ts';

/** The tasks of a mix, heaviest first: how often each was to be drawn, and what part of the requests it made. @param weights - by task */
export function taskRowsOf(weights: Readonly<Record<string, number>>, requests: readonly RequestRow[]): TaskRow[] {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const rows = Object.entries(weights).map(([task, weight]) => ({
    task,
    askedRatio: total === 0 ? 0 : weight / total,
    requests: requests.reduce((sum, row) => sum + (row.task === task ? row.count : 0), 0),
  }));
  const all = rows.reduce((sum, row) => sum + row.requests, 0);
  return rows
    .map((row) => ({ ...row, requestRatio: all === 0 ? null : row.requests / all }))
    .sort((a, b) => b.askedRatio - a.askedRatio || (a.task < b.task ? -1 : 1));
}
