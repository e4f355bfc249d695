import { getBorderCharacters, table } from 'table';

/** One column: how its cells stand, and how wide it may be (longer cells wrap). */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly widthMax?: number;
}

/**
 * Cells in columns without borders, two spaces apart; a rule under the titles and, with `isLastTotal`, above the last row.
 * @param rows same length as `columns`; text without control characters
 * @returns lines without trailing spaces
 */
export function aligned(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  options: { isLastTotal?: boolean; indent?: number } = {},
): string[] {
  const titles = columns.map((column) => column.title);
  const lineCount = rows.length + 1;
  const text = table([titles, ...rows.map((row) => [...row])], {
    border: { ...getBorderCharacters('void'), joinBody: '─', joinJoin: '' },
    columnDefault: { paddingLeft: 0, paddingRight: 2 },
    columns: columns.map((column, i) => ({
      alignment: column.align ?? 'left',
      ...(column.widthMax === undefined ? {} : { width: Math.max(1, Math.min(column.widthMax, widthOf(i, titles, rows))) }),
      ...(i === columns.length - 1 ? { paddingRight: 0 } : {}),
    })),
    drawHorizontalLine: (at) => at === 1 || (options.isLastTotal === true && rows.length > 1 && at === lineCount - 1),
  });
  const margin = ' '.repeat(options.indent ?? 0);
  return text
    .split('\n')
    .map((line) => `${margin}${line}`.trimEnd())
    .filter((line) => line !== '');
}

/** Characters that the longest cell of a column needs. */
export function widthOf(column: number, titles: readonly string[], rows: readonly (readonly string[])[]): number {
  return Math.max(titles[column]?.length ?? 0, ...rows.map((row) => row[column]?.length ?? 0));
}
