import { isTotalRow } from '../../core/rows.ts';
import { SortHead, TableFrame } from '../parts/table.tsx';
import { keptStoreOf, useStore } from '../store.ts';
import { hasContent, keyOf, REQUEST_COLUMNS, type RequestColumn, type Sorting, sortedRows } from './request-columns.ts';
import type { ShownRow } from './run-figures.ts';

const sorting = keptStoreOf<Sorting>('stressrun.sorting', { column: 'name', isDescending: false });
const hiddenColumns = keptStoreOf<readonly string[]>(
  'stressrun.hidden-columns',
  REQUEST_COLUMNS.filter((column) => column.isHiddenAtFirst === true).map(({ id }) => id),
);

/** A row per request name: sorted by any column, and only the columns that are wanted. */
export function RequestTable({ rows }: { rows: readonly ShownRow[] }) {
  const hidden = useStore(hiddenColumns);
  const sort = useStore(sorting);
  if (rows.length === 0) return <p class="empty">No request has ended yet.</p>;
  const columns = REQUEST_COLUMNS.filter((column) => !hidden.includes(column.id) && hasContent(column, rows));
  const total = rows.find(isTotalRow);
  const sorted = sortedRows(
    rows.filter((row) => !isTotalRow(row)),
    sort,
  );
  const sortBy = (column: RequestColumn): void =>
    sorting.set({ column: column.id, isDescending: sort.column === column.id ? !sort.isDescending : column.isNumber });
  return (
    <>
      <ColumnChoice hidden={hidden} />
      <TableFrame label="Requests by name">
        <table class="stacked">
          <caption class="unseen">Requests by name, so far; latencies from the due time</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <SortHead
                  key={column.id}
                  label={column.label}
                  isNumber={column.isNumber}
                  direction={sort.column !== column.id ? undefined : sort.isDescending ? 'descending' : 'ascending'}
                  onSort={() => sortBy(column)}
                />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((row) => (
              <Row key={keyOf(row)} row={row} columns={columns} />
            ))}
          </tbody>
          {total !== undefined && (
            <tfoot>
              <Row row={total} columns={columns} />
            </tfoot>
          )}
        </table>
      </TableFrame>
    </>
  );
}

function Row({ row, columns }: { row: ShownRow; columns: readonly RequestColumn[] }) {
  return (
    <tr>
      {columns.map((column) => {
        const text = column.text(row);
        if (column.id === 'name')
          return (
            <th key={column.id} scope="row">
              {text}
            </th>
          );
        const isBad = column.id.startsWith('failed') && Number(column.value(row)) > 0;
        return (
          <td key={column.id} data-label={column.label} class={`${column.isNumber ? 'number' : ''}${isBad ? ' bad-text' : ''}`}>
            {text}
          </td>
        );
      })}
    </tr>
  );
}

function ColumnChoice({ hidden }: { hidden: readonly string[] }) {
  const toggle = (id: string): void => hiddenColumns.set(hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id]);
  return (
    <details class="choice">
      <summary>Columns</summary>
      <fieldset>
        <legend class="unseen">Columns shown</legend>
        {REQUEST_COLUMNS.filter(({ id }) => id !== 'name').map((column) => (
          <label key={column.id}>
            <input type="checkbox" checked={!hidden.includes(column.id)} onChange={() => toggle(column.id)} /> {column.label}
          </label>
        ))}
      </fieldset>
    </details>
  );
}
