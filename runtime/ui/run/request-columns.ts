import { formatBytes, formatMs, formatNumber, formatRatio } from '../format.ts';
import type { ShownRow } from './run-figures.ts';

/** A column of the table of requests. */
export interface RequestColumn {
  readonly id: string;
  readonly label: string;
  readonly isNumber: boolean;
  /** What it is sorted by; null sorts last. */
  value(row: ShownRow): string | number | null;
  text(row: ShownRow): string;
  readonly isHiddenAtFirst?: boolean;
}

const words = (id: string, label: string, value: (row: ShownRow) => string): RequestColumn => ({
  id,
  label,
  isNumber: false,
  value,
  text: value,
});
const figures = (
  id: string,
  label: string,
  value: (row: ShownRow) => number | null,
  text: (value: number | null) => string,
): RequestColumn => ({
  id,
  label,
  isNumber: true,
  value,
  text: (row) => text(value(row)),
});
const hidden = (column: RequestColumn): RequestColumn => ({ ...column, isHiddenAtFirst: true });

export const REQUEST_COLUMNS: readonly RequestColumn[] = [
  words('task', 'Task', (row) => row.task),
  words('method', 'Method', (row) => row.method),
  words('name', 'Name', (row) => row.name),
  figures(
    'count',
    'Requests',
    (row) => row.count,
    (value) => formatNumber(value),
  ),
  figures(
    'failed',
    'Failed',
    (row) => row.failed,
    (value) => formatNumber(value),
  ),
  figures('failedRatio', 'Failed %', failedRatioOf, formatRatio),
  figures(
    'perSecond',
    'Req/s',
    (row) => row.perSecond,
    (value) => formatNumber(value),
  ),
  hidden(
    figures(
      'failedPerSecond',
      'Failed/s',
      (row) => row.failedPerSecond,
      (value) => formatNumber(value),
    ),
  ),
  figures('average', 'Average', (row) => row.averageMs, formatMs),
  figures('median', 'p50', (row) => row.medianMs, formatMs),
  figures('p90', 'p90', (row) => row.p90Ms ?? null, formatMs),
  figures('p95', 'p95', (row) => row.p95Ms, formatMs),
  figures('p99', 'p99', (row) => row.p99Ms, formatMs),
  hidden(figures('min', 'Min', (row) => row.minMs, formatMs)),
  figures('max', 'Max', (row) => row.maxMs, formatMs),
  figures('durationP50', 'dur p50', (row) => row.durationP50Ms ?? null, formatMs),
  figures('durationP95', 'dur p95', (row) => row.durationP95Ms ?? null, formatMs),
  hidden(figures('bytes', 'Avg size', (row) => row.averageBytes, formatBytes)),
];

/** A column in which no row has anything is left out. */
export const hasContent = ({ value }: RequestColumn, rows: readonly ShownRow[]): boolean =>
  rows.some((row) => value(row) !== null && value(row) !== '');

export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Rows in order; equal ones by name, what has no figure last. */
export function sortedRows(rows: readonly ShownRow[], { column, isDescending }: Sorting): ShownRow[] {
  const { value } = REQUEST_COLUMNS.find(({ id }) => id === column) ?? (REQUEST_COLUMNS[0] as RequestColumn);
  const sign = isDescending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === y) return keyOf(a).localeCompare(keyOf(b));
    if (x === null) return 1;
    if (y === null) return -1;
    return sign * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y));
  });
}

export const keyOf = (row: ShownRow): string => `${row.task}\n${row.name}\n${row.method}`;

function failedRatioOf(row: ShownRow): number | null {
  return row.count === 0 ? null : row.failed / row.count;
}
