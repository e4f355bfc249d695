import type { GroupRow, RunJson, UncountedRow } from '../../core/run-json.ts';
import { formatMs, formatNumber } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

interface Column<Row> {
  readonly label: string;
  readonly text: (row: Row) => string;
}

const GROUP_COLUMNS: readonly Column<GroupRow>[] = [
  { label: 'Times', text: ({ times }) => formatNumber(times) },
  { label: 'Took p50', text: ({ durationMs }) => formatMs(durationMs?.p50) },
  { label: 'Took p95', text: ({ durationMs }) => formatMs(durationMs?.p95) },
  { label: 'Requests', text: ({ requests }) => formatNumber(requests) },
  { label: 'Failed', text: ({ failed }) => formatNumber(failed) },
  { label: 'Req/s', text: ({ perSecond }) => formatNumber(perSecond) },
  { label: 'Request p95', text: ({ responseTimeMs }) => formatMs(responseTimeMs?.p95) },
  { label: 'Checks', text: ({ checks }) => formatNumber(checks) },
  { label: 'Failed checks', text: ({ checksFailed }) => formatNumber(checksFailed) },
];

const UNCOUNTED_COLUMNS: readonly Column<UncountedRow>[] = [
  { label: 'Requests', text: ({ count }) => formatNumber(count) },
  { label: 'Failed', text: ({ failed }) => formatNumber(failed) },
  { label: 'p50', text: ({ allResponseTimeMs }) => formatMs(allResponseTimeMs?.p50) },
  { label: 'p95', text: ({ allResponseTimeMs }) => formatMs(allResponseTimeMs?.p95) },
  { label: 'Max', text: ({ allResponseTimeMs }) => formatMs(allResponseTimeMs?.max) },
];

/** What stands beside the rows of requests: the script's groups, and the requests of setup and teardown. */
export function BesideTables({ result }: { result: Pick<RunJson, 'groups' | 'uncounted'> }) {
  const { groups = [], uncounted = [] } = result;
  return (
    <>
      <BesideTable title="Groups" what="Group" rows={groups} nameOf={({ group }) => group} columns={GROUP_COLUMNS} />
      <BesideTable
        title="Requests of setup and teardown, outside the verdict"
        what="Request"
        rows={uncounted}
        nameOf={({ period, method, name, task }) => [period, method, name, task].filter(Boolean).join(' ')}
        columns={UNCOUNTED_COLUMNS}
      />
    </>
  );
}

interface BesideTableProps<Row> {
  readonly title: string;
  readonly what: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  nameOf(row: Row): string;
}

function BesideTable<Row>({ title, what, rows, columns, nameOf }: BesideTableProps<Row>) {
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <TableFrame label={title}>
        <table class="stacked">
          <caption class="unseen">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{what}</th>
              {columns.map(({ label }) => (
                <th key={label} scope="col" class="number">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={nameOf(row)}>
                <th scope="row">{nameOf(row)}</th>
                {columns.map(({ label, text }) => (
                  <td key={label} class="number" data-label={label}>
                    {text(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
