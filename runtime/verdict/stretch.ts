import type { ThresholdPlan } from '../core/plan.ts';
import { isStreamMetric } from '../core/roles.ts';
import type { SecondBook, SecondValues, Selector } from '../record/second-book.ts';
import { isCertainMiss } from './certainty.ts';
import { standing } from './compare.ts';
import { measure } from './measure.ts';
import { type Measured, NO_DATA } from './measured.ts';
import { SecondsSource } from './seconds-source.ts';
import { isCountOf, samplesNeeded } from './threshold-kind.ts';

/** A stretch with too few samples reaches back this far, or twice its length when that is more; then it is undecided. */
export const WIDENED_SECONDS_MAX = 300;

/** What a threshold came to over some seconds in a row. */
export interface StretchResult {
  readonly outcome: 'met' | 'missed' | 'undecided';
  readonly measured: Measured;
  /** Second that it begins with, and the one it ends before, since the measured period began. */
  readonly fromS: number;
  readonly toS: number;
  /** A miss that is more than chance. */
  readonly isCertain: boolean;
}

/**
 * The last seconds of a run for one threshold: as many as its window is long, and further back until there are enough samples for its
 * percentile. Later stretches never begin before earlier ones, so that no second that was let go is ever missed.
 */
export class Stretch {
  readonly #plan: ThresholdPlan;
  readonly #lengthS: number;
  readonly #samplesMin: number;
  readonly #source: SecondsSource;
  /** Oldest first. */
  readonly #kept: SecondValues[] = [];
  #fromS = 0;
  #measured: Measured = NO_DATA;

  constructor(plan: ThresholdPlan, { lengthS, selectors, book }: { lengthS: number; selectors: readonly Selector[]; book: SecondBook }) {
    this.#plan = plan;
    this.#lengthS = lengthS;
    this.#samplesMin = samplesNeeded(plan);
    this.#source = new SecondsSource(selectors, book);
  }

  /** The next second. */
  push(values: SecondValues): void {
    const wasThin = this.#kept.length >= this.#lengthS && !this.#isEnough(this.#measured);
    this.#kept.push(values);
    this.#source.add(values);
    const secondsMax = Math.max(WIDENED_SECONDS_MAX, 2 * this.#lengthS);
    while (this.#kept.length > this.#lengthS) {
      // What could not be judged alone is judged with what follows.
      const mayNarrow = !wasThin || this.#kept.length > secondsMax;
      if (!mayNarrow || !this.#narrows(secondsMax)) break;
    }
    this.#measured = this.#measure();
  }

  /** More for the last second, and the last call. */
  amend(values: SecondValues): void {
    this.#source.add(values);
    this.#measured = this.#measure();
  }

  /** Undefined while the run is shorter than the window. */
  result(): StretchResult | undefined {
    const seconds = this.#kept.length;
    if (seconds < this.#lengthS) return undefined;
    const span = { fromS: this.#fromS, toS: this.#fromS + seconds };
    const measured = this.#measured;
    if (!this.#isEnough(measured)) return { ...span, outcome: 'undecided', measured, isCertain: false };
    if ('isOwn' in measured && measured.isOwn === true) return { ...span, outcome: 'undecided', measured, isCertain: false };
    // closer to the limit than the histogram can tell is no miss: one of many stretches would be so by chance
    const isMet = measured.kind === 'value' && standing(measured, this.#plan.parsed) !== 'missed';
    const isCertain = !isMet && isCertainMiss(this.#plan, measured, { source: this.#source, seconds, isOpen: false });
    return { ...span, outcome: isMet ? 'met' : 'missed', measured, isCertain };
  }

  /** Lets the oldest second go. @returns false when it is needed, and stays */
  #narrows(secondsMax: number): boolean {
    const oldest = this.#kept.shift() as SecondValues;
    this.#source.remove(oldest, this.#kept);
    if (this.#kept.length < secondsMax && !this.#isEnough(this.#measure())) {
      this.#kept.unshift(oldest);
      this.#source.add(oldest);
      return false;
    }
    this.#fromS++;
    return true;
  }

  /** In a stretch in which nothing happened a count is 0; whether the run has any data at all is asked elsewhere. */
  #measure(): Measured {
    const measured = measure(this.#plan, this.#source, this.#kept.length);
    const isUntouched = isCountOf(this.#plan, this.#source) && !isStreamMetric(this.#plan.metric); // a stretch without streams says nothing of them
    return measured.kind === 'no-data' && isUntouched ? { kind: 'value', value: 0 } : measured;
  }

  /** What has no samples to count is enough: a count, a gauge. */
  #isEnough(measured: Measured): boolean {
    if (measured.kind === 'over-limit') return measured.samples >= this.#samplesMin;
    return measured.kind === 'value' && (measured.samples ?? this.#samplesMin) >= this.#samplesMin;
  }
}
