import { type CsvFormulas, csvCell } from '../core/csv-cell.ts';

export type CsvCell = string | number | null;

/** What Locust writes where nothing was measured. */
const NO_VALUE = 'N/A';

/** Rows as Python's csv module writes them: `\r\n`, quotes only where they are needed. */
export function csvText(header: readonly string[], rows: readonly (readonly CsvCell[])[], formulas: CsvFormulas = 'escaped'): string {
  return [header, ...rows].map((row) => `${row.map((cell) => cellOf(cell, formulas)).join(',')}\r\n`).join('');
}

function cellOf(cell: CsvCell, formulas: CsvFormulas): string {
  if (cell === null) return NO_VALUE;
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(Math.round(cell * 1000) / 1000) : NO_VALUE;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no reader of CSV wants them; this runs in the report's page too
  const text = cell.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '');
  return csvCell(text, formulas);
}
