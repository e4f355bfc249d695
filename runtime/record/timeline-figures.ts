import type { FoldingColumn } from './folding-columns.ts';

/** Of a column that is never blank. */
export function numbersOf(column: FoldingColumn): number[] {
  return column.values.map((value) => value ?? 0);
}

/** A column of µs in ms. */
export function msOf(column: FoldingColumn): (number | null)[] {
  return column.values.map((us) => (us === null ? null : rounded(us / 1000)));
}

/** To 3 decimals: µs of a ms, ms of a second. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
