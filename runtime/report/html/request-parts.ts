import { formatBytes, formatMs, formatNumber, formatRatio } from '../../core/page-figures.ts';
import type { RequestDetail } from '../../core/request-detail.ts';
import { averageBytesOf, timesOf } from '../../core/request-figures.ts';
import { HTTP } from '../../core/roles.ts';
import type { Latency, RequestRow, RunJson } from '../../core/run-json.ts';
import { badCount, requestCell } from '../../views/beside-sections.ts';
import { requestWords } from '../../views/request-words.ts';
import { numberColumns, type TableColumn, tableModel } from '../../views/table-model.ts';
import { html, type Markup } from './markup.ts';
import { section, tableMarkup } from './table.ts';

interface FullRow extends RequestRow {
  readonly detail: RequestDetail | undefined;
}

const timeColumn = (title: string, about: string, timeOf: (row: FullRow) => number | undefined): TableColumn<FullRow> => ({
  title,
  about,
  isNumber: true,
  cell: (row) => formatMs(timeOf(row)),
  sortBy: (row) => timeOf(row) ?? -1,
});
const responseTime = (title: string, stat: keyof Latency): TableColumn<FullRow> =>
  timeColumn(title, 'response time of expected answers, from due', (row) => timesOf(row)?.[stat]);

const COLUMNS: readonly TableColumn<FullRow>[] = [
  { title: 'Task', cell: ({ task }) => task },
  { title: 'Request', isHead: true, cell: requestCell, sortBy: ({ name }) => name },
  ...numberColumns<FullRow>([
    ['Requests', ({ count }) => formatNumber(count), ({ count }) => count],
    ['Failed', ({ failed, count }) => badCount(failed, formatRatio(failed / count)), ({ failed }) => failed],
    ['Req/s', ({ perSecond }) => formatNumber(perSecond), ({ perSecond }) => perSecond],
  ]),
  responseTime('Average', 'avg'),
  responseTime('p50', 'p50'),
  responseTime('p90', 'p90'),
  responseTime('p95', 'p95'),
  responseTime('p99', 'p99'),
  responseTime('Max', 'max'),
  timeColumn('dur p50', `${HTTP.duration} of expected answers, from sent`, (row) => row.durationMs?.p50),
  timeColumn('dur p95', `${HTTP.duration} of expected answers, from sent`, (row) => row.durationMs?.p95),
  {
    title: 'Avg size',
    about: 'bytes of the body of an answer, decoded, on average',
    isNumber: true,
    cell: (row) => formatBytes(averageBytesOf(row, row.detail)),
    sortBy: (row) => averageBytesOf(row, row.detail) ?? 0,
  },
];

/** The numbers by request, sortable. */
export function requestPart(run: RunJson): Markup {
  const rows = run.requests.map((row, i) => ({ ...row, detail: run.details?.[i] }));
  const total = rows.at(-1);
  return section(
    'requests',
    'Requests',
    total !== undefined && [
      html`<p class="muted">${requestWords(run)}</p>`,
      tableMarkup(tableModel('Requests', COLUMNS, rows.slice(0, -1), total)),
    ],
  );
}
