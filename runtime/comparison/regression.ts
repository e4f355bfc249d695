import type { Percentile } from './row-summary.ts';

/** How much worse a number may get. */
export interface Margin {
  /** As a share of what it was, 0.1 is 10 %; of failures in points: 0.01 is one more in a hundred. */
  readonly ratio: number;
  /** And by at least so much, in ms; what is smaller is no regression however sure it is. */
  readonly floorMs?: number;
}

/** What counts as a regression; a number that is not named is not looked at. */
export type Regression = { readonly [M in Measure]?: Margin };

export type Measure = Percentile | 'rps' | 'failed';

/** Where nothing else is asked: slower in the tail, or failing more. The fewer numbers, the surer each. */
export const DEFAULT_REGRESSION: Regression = { p95: { ratio: 0.01, floorMs: 1 }, failed: { ratio: 0.001 } };
