import type { FoldingColumn, FoldingColumns } from './folding-columns.ts';

const SUMS = [
  'lengthS',
  'requests',
  'failures',
  'bytesReceived',
  'bytesSent',
  'checks',
  'checksFailed',
  'begun',
  'late',
  'queued',
  'dropped',
] as const;
const WORST = [
  'responseUsP50',
  'responseUsP95',
  'responseUsP99',
  'durationUsP50',
  'durationUsP95',
  'durationUsP99',
  'loopLagUs',
  'cpu',
] as const;
const LATEST = ['endS', 'users'] as const;

/** Every figure that a run has one of, over time. */
export type Figures = Record<(typeof SUMS)[number] | (typeof WORST)[number] | (typeof LATEST)[number], FoldingColumn>;

export function openFigures(columns: FoldingColumns): Figures {
  return Object.fromEntries([
    ...SUMS.map((name) => [name, columns.open('sum')]),
    ...WORST.map((name) => [name, columns.open('max', null)]),
    ...LATEST.map((name) => [name, columns.open('last')]),
  ]) as Figures;
}

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
