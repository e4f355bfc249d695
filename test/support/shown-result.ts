import { expect } from 'vitest';
import { formatBytes, formatMs, formatNumber, formatRatio } from '../../runtime/core/page-figures.ts';
import { averageBytesOf } from '../../runtime/core/request-figures.ts';
import type { RequestRow, RunJson } from '../../runtime/core/run-json.ts';
import type { ShownPage } from './every-view.ts';

/** What a page or a report shows is what run.json says, as figures are spelled there. */
export function expectResult({ figures, rows }: ShownPage, run: RunJson): void {
  const total = run.requests.at(-1) as RequestRow;
  const users = run.series?.users.reduce((most, count) => Math.max(most, count), 0);
  expect(figures).toMatchObject({
    'Most users': formatNumber(users),
    'Requests/s': formatNumber(total.perSecond),
    Failed: formatRatio(total.failed / total.count),
    p95: formatMs(total.responseTimeMs?.p95),
    Requests: formatNumber(total.count),
  });
  expect(rows.map((row) => row['Request']?.split(' ').at(-1)).sort()).toEqual(run.requests.map(({ name }) => name).sort());
  for (const [i, row] of run.requests.entries()) {
    const times = row.responseTimeMs;
    const all: Record<string, string> = {
      Requests: formatNumber(row.count),
      Failed: formatNumber(row.failed),
      'Req/s': formatNumber(row.perSecond),
      Average: formatMs(times?.avg),
      p50: formatMs(times?.p50),
      p90: formatMs(times?.p90),
      p95: formatMs(times?.p95),
      p99: formatMs(times?.p99),
      Max: formatMs(times?.max),
      'dur p50': formatMs(row.durationMs?.p50),
      'dur p95': formatMs(row.durationMs?.p95),
      'Avg size': formatBytes(averageBytesOf(row, run.details?.[i])),
    };
    const cells = rows.find((each) => each['Request']?.split(' ').at(-1) === row.name) ?? {};
    for (const [head, text] of Object.entries(all))
      if (head in cells || head !== 'Avg size') expect([row.name, head, cells[head]]).toEqual([row.name, head, text]);
  }
}
