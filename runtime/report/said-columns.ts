import { isBlank } from '../core/page-figures.ts';

/** A table as texts. */
interface Texts<Head> {
  readonly heads: readonly Head[];
  /** As long as `heads`. */
  readonly rows: readonly (readonly string[])[];
}

/** Without the columns in which no row says anything, as on the pages; all of them where no column does. */
export function saidColumns<Head>({ heads, rows }: Texts<Head>): Texts<Head> {
  const isSaid = heads.map((_, i) => isSaidIn(rows, i));
  if (!isSaid.includes(true)) return { heads, rows };
  const said = <Cell>(cells: readonly Cell[]): Cell[] => cells.filter((_, i) => isSaid[i]);
  return { heads: said(heads), rows: rows.map(said) };
}

/** Whether any row has a value in a column. */
export function isSaidIn(rows: readonly (readonly string[])[], column: number): boolean {
  return rows.some((row) => !isBlank(row[column] ?? ''));
}
