import type { GroupRow, RunJson, UncountedRow } from '../../core/run-json.ts';
import { formatCount, formatMs, formatRate } from '../numbers.ts';
import { html, type Markup } from './markup.ts';
import { section, type TableColumn, tableOf } from './table.ts';

const ms = (value: number | null | undefined): string => formatMs(value);

function numberColumns<Row>(numbers: readonly (readonly [title: string, cell: (row: Row) => string])[]): TableColumn<Row>[] {
  return numbers.map(([title, cell]) => ({ title, isNumber: true, cell }));
}

const GROUP_COLUMNS: readonly TableColumn<GroupRow>[] = [
  { title: 'group', cell: ({ group }) => group },
  ...numberColumns<GroupRow>([
    ['times', ({ times }) => formatCount(times)],
    ['took p50', ({ durationMs }) => ms(durationMs?.p50)],
    ['took p95', ({ durationMs }) => ms(durationMs?.p95)],
    ['requests', ({ requests }) => formatCount(requests)],
    ['failed', ({ failed }) => formatCount(failed)],
    ['req/s', ({ perSecond }) => formatRate(perSecond)],
    ['request p95', ({ responseTimeMs }) => ms(responseTimeMs?.p95)],
    ['checks', ({ checks }) => formatCount(checks)],
    ['failed checks', ({ checksFailed }) => formatCount(checksFailed)],
  ]),
];

const UNCOUNTED_COLUMNS: readonly TableColumn<UncountedRow>[] = [
  { title: 'part', cell: ({ period }) => period },
  { title: 'task', cell: ({ task }) => task },
  { title: 'request', cell: ({ method, name }) => [html`<b class="method">${method}</b> `, name] },
  ...numberColumns<UncountedRow>([
    ['count', ({ count }) => formatCount(count)],
    ['failed', ({ failed }) => formatCount(failed)],
    ['p50', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.p50)],
    ['p95', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.p95)],
    ['max', ({ allResponseTimeMs }) => ms(allResponseTimeMs?.max)],
  ]),
];

/** What stands beside the rows of requests: the script's groups, and the requests of setup and teardown. */
export function besidePart({ groups = [], uncounted = [] }: RunJson): Markup {
  const setup = 'Requests of setup and teardown, outside the verdict';
  return html`${section('groups', 'Groups', groups.length > 0 && tableOf(GROUP_COLUMNS, groups, { caption: 'Groups' }))}
${section('uncounted', setup, uncounted.length > 0 && tableOf(UNCOUNTED_COLUMNS, uncounted, { caption: setup }))}`;
}
