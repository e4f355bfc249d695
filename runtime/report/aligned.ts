import { getBorderCharacters, table } from 'table';

/** Spaces between two columns. */
const GAP = 2;

/** One column: how its cells stand, and how wide it may be (longer cells wrap). */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly widthMax?: number;
  /** Long cells wrap between words. */
  readonly isText?: boolean;
  /** Where there is no room for all columns, the one with the lowest number is left out first; undefined: it stays. */
  readonly leavesAs?: number;
}

/**
 * Cells in columns without borders, two spaces apart; a rule under the titles and, with `isLastTotal`, above the last row.
 * @param rows same length as `columns`; text without control characters
 * @param options.widthMax of a line with its indent: columns that may leave do so until it is kept
 * @returns lines without trailing spaces
 */
export function aligned(
  allColumns: readonly Column[],
  allRows: readonly (readonly string[])[],
  options: { isLastTotal?: boolean; indent?: number; widthMax?: number } = {},
): string[] {
  const { columns, rows } = fitting(
    { columns: allColumns, rows: allRows },
    (options.widthMax ?? Number.POSITIVE_INFINITY) - (options.indent ?? 0),
  );
  const titles = columns.map((column) => column.title);
  const lineCount = rows.length + 1;
  const text = table([titles, ...rows.map((row) => [...row])], {
    border: { ...getBorderCharacters('void'), joinBody: '─', joinJoin: '' },
    columnDefault: { paddingLeft: 0, paddingRight: GAP },
    columns: columns.map((column, i) => ({
      alignment: column.align ?? 'left',
      wrapWord: column.isText ?? false,
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

interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** The table without the columns that matter least, as few as it takes. */
function fitting(whole: Table, widthMax: number): Table {
  const { columns, rows } = whole;
  const titles = columns.map(({ title }) => title);
  const width = columns.reduce(
    (sum, { widthMax: most = Number.POSITIVE_INFINITY }, i) => sum + Math.min(most, widthOf(i, titles, rows)) + GAP,
    -GAP,
  );
  const order = columns.flatMap(({ leavesAs }) => leavesAs ?? []);
  if (width <= widthMax || order.length === 0) return whole;
  const first = columns.findIndex(({ leavesAs }) => leavesAs === Math.min(...order));
  const without = <Cell>(cells: readonly Cell[]): Cell[] => cells.filter((_, i) => i !== first);
  return fitting({ columns: without(columns), rows: rows.map(without) }, widthMax);
}

/** Characters that the longest cell of a column needs. */
export function widthOf(column: number, titles: readonly string[], rows: readonly (readonly string[])[]): number {
  return Math.max(titles[column]?.length ?? 0, ...rows.map((row) => row[column]?.length ?? 0));
}
