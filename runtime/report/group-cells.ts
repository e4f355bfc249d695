import { formatMs, formatNumber } from '../core/page-figures.ts';
import type { GroupRow } from '../core/run-json.ts';

/** Of a group: times, took p50 and p95, requests, failed, request p95, checks, failed checks; the same in the console and in Markdown. */
export function groupCells(row: GroupRow): string[] {
  return [
    formatNumber(row.times),
    ...[row.durationMs?.p50, row.durationMs?.p95].map(formatMs),
    formatNumber(row.requests),
    formatNumber(row.failed),
    formatMs(row.responseTimeMs?.p95),
    formatNumber(row.checks),
    formatNumber(row.checksFailed),
  ];
}
