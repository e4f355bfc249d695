/** `escaped`: a cell that a spreadsheet would take for a formula begins with an apostrophe. `raw`: cells are as they came. */
export type CsvFormulas = 'escaped' | 'raw';

/** `=1+1`, `@SUM(…)`, also in full width, and what a spreadsheet passes over before one. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

/** A cell of text in CSV: quoted where it must be. Numbers are no text: a minus begins no formula there. */
export function csvCell(text: string, formulas: CsvFormulas): string {
  const cell = formulas === 'escaped' && FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
