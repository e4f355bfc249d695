import { formatMs, formatNumber } from '../../core/page-figures.ts';
import { type GroupRow, type RunJson, type TagRow, timesOf, type UncountedRow } from '../../core/run-json.ts';
import { html, type Markup } from './markup.ts';
import { section, type TableColumn, tableOf } from './table.ts';

const ms = (value: number | null | undefined): string => formatMs(value);

function numberColumns<Row>(numbers: readonly (readonly [title: string, cell: (row: Row) => string])[]): TableColumn<Row>[] {
  return numbers.map(([title, cell]) => ({ title, isNumber: true, cell }));
}

const GROUP_COLUMNS: readonly TableColumn<GroupRow>[] = [
  { title: 'group', cell: ({ group }) => group },
  ...numberColumns<GroupRow>([
    ['times', ({ times }) => formatNumber(times)],
    ['took p50', ({ durationMs }) => ms(durationMs?.p50)],
    ['took p95', ({ durationMs }) => ms(durationMs?.p95)],
    ['requests', ({ requests }) => formatNumber(requests)],
    ['failed', ({ failed }) => formatNumber(failed)],
    ['req/s', ({ perSecond }) => formatNumber(perSecond)],
    ['request p95', ({ responseTimeMs }) => ms(responseTimeMs?.p95)],
    ['checks', ({ checks }) => formatNumber(checks)],
    ['failed checks', ({ checksFailed }) => formatNumber(checksFailed)],
  ]),
];

const UNCOUNTED_COLUMNS: readonly TableColumn<UncountedRow>[] = [
  { title: 'part', cell: ({ period }) => period },
  { title: 'task', cell: ({ task }) => task },
  { title: 'request', cell: ({ method, name }) => [html`<b class="method">${method}</b> `, name] },
  ...numberColumns<UncountedRow>([
    ['count', ({ count }) => formatNumber(count)],
    ['failed', ({ failed }) => formatNumber(failed)],
    ['p50', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.p50)],
    ['p95', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.p95)],
    ['max', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.max)],
  ]),
];

function tagColumns(tag: string): readonly TableColumn<TagRow>[] {
  return [
    { title: tag, cell: ({ value }) => value },
    ...numberColumns<TagRow>([
      ['count', ({ count }) => formatNumber(count)],
      ['failed', ({ failed }) => formatNumber(failed)],
      ['req/s', ({ perSecond }) => formatNumber(perSecond)],
      ['avg', (row) => ms(timesOf(row)?.avg)],
      ['p50', (row) => ms(timesOf(row)?.p50)],
      ['p95', (row) => ms(timesOf(row)?.p95)],
      ['p99', (row) => ms(timesOf(row)?.p99)],
      ['max', (row) => ms(timesOf(row)?.max)],
    ]),
  ];
}

/** A table for each tag that was asked for. */
export function tagPart({ byTag = [] }: RunJson): Markup {
  const parts = byTag.map(({ tag, rows }, i) => {
    const title = `Requests by ${tag}`;
    return section(`by-tag-${i + 1}`, title, tableOf(tagColumns(tag), rows, { caption: title }));
  });
  return html`${parts}`;
}

/** What stands beside the rows of requests: the script's groups, and the requests of setup and teardown. */
export function besidePart({ groups = [], uncounted = [] }: RunJson): Markup {
  const setup = 'Requests of setup and teardown, outside the verdict';
  return html`${section('groups', 'Groups', groups.length > 0 && tableOf(GROUP_COLUMNS, groups, { caption: 'Groups' }))}
${section('uncounted', setup, uncounted.length > 0 && tableOf(UNCOUNTED_COLUMNS, uncounted, { caption: setup }))}`;
}
