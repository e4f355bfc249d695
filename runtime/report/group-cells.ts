import type { GroupRow } from '../core/run-json.ts';
import { formatCount, formatMs } from './numbers.ts';

/** Of a group: times, took p50 and p95, requests, failed, request p95, checks, failed checks; the same in the console and in Markdown. */
export function groupCells(row: GroupRow): string[] {
  return [
    formatCount(row.times),
    ...[row.durationMs?.p50, row.durationMs?.p95].map(formatMs),
    formatCount(row.requests),
    formatCount(row.failed),
    formatMs(row.responseTimeMs?.p95),
    formatCount(row.checks),
    formatCount(row.checksFailed),
  ];
}
