import type { GroupRow } from '../../core/run-json.ts';
import type { LiveState, UncountedLine } from '../../views/api.ts';
import { formatMs, formatNumber } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

const number = <Row,>(label: string, text: (row: Row) => string): DataColumn<Row> => ({ label, isNumber: true, text });

const GROUP_COLUMNS: readonly DataColumn<GroupRow>[] = [
  { label: 'Group', isHead: true, text: ({ group }) => group },
  number('Times', ({ times }) => formatNumber(times)),
  number('Took p50', ({ durationMs }) => formatMs(durationMs?.p50)),
  number('Took p95', ({ durationMs }) => formatMs(durationMs?.p95)),
  number('Requests', ({ requests }) => formatNumber(requests)),
  number('Failed', ({ failed }) => formatNumber(failed)),
  number('Req/s', ({ perSecond }) => formatNumber(perSecond)),
  number('Request p95', ({ responseTimeMs }) => formatMs(responseTimeMs?.p95)),
  number('Checks', ({ checks }) => formatNumber(checks)),
  number('Failed checks', ({ checksFailed }) => formatNumber(checksFailed)),
];

const UNCOUNTED_COLUMNS: readonly DataColumn<UncountedLine>[] = [
  { label: 'Request', isHead: true, text: nameOfUncounted },
  number('Requests', ({ count }) => formatNumber(count)),
  number('Failed', ({ failed }) => formatNumber(failed)),
  number('p50', ({ responseMs }) => formatMs(responseMs?.p50)),
  number('p95', ({ responseMs }) => formatMs(responseMs?.p95)),
  number('Max', ({ responseMs }) => formatMs(responseMs?.max)),
];

/** What stands beside the rows of requests: the script's groups, and the requests of setup and teardown. */
export function BesideTables({ groups, uncounted }: Pick<LiveState, 'groups' | 'uncounted'>) {
  return (
    <>
      <BesideTable title="Groups" rows={groups} keyOf={({ group }) => group} columns={GROUP_COLUMNS} />
      <BesideTable
        title="Requests of setup and teardown, outside the verdict"
        rows={uncounted}
        keyOf={nameOfUncounted}
        columns={UNCOUNTED_COLUMNS}
      />
    </>
  );
}

function nameOfUncounted({ period, method, name, task }: UncountedLine): string {
  return [period, method, name, task].filter(Boolean).join(' ');
}

interface BesideTableProps<Row> {
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly DataColumn<Row>[];
  keyOf(row: Row): string;
}

function BesideTable<Row>({ title, ...table }: BesideTableProps<Row>) {
  if (table.rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <DataTable label={title} {...table} />
    </section>
  );
}
