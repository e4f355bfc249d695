import type { TrendValues } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';

/** Everything recorded in one or more series of a trend, and what could not be. */
export class TrendTotals extends Histogram {
  clamped = 0;
  refused = 0;

  addDelta(values: TrendValues): void {
    this.add(values);
    this.#addOdd(values);
  }

  /** Loses nothing: the same as if all had been recorded here. */
  addTotals(other: TrendTotals): void {
    this.addAll(other);
    this.#addOdd(other);
  }

  #addOdd({ clamped, refused }: { readonly clamped: number; readonly refused: number }): void {
    this.clamped += clamped;
    this.refused += refused;
  }
}
