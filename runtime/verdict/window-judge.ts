import type { ThresholdPlan, ThresholdWindow } from '../core/plan.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import type { SecondBook, SecondValues } from '../record/second-book.ts';
import { MissWatch } from './miss-watch.ts';
import type { Scale } from './scale.ts';
import { selectorKey, selectorsOf } from './selectors.ts';
import { Stretch, type StretchResult } from './stretch.ts';
import { windowResult } from './window-result.ts';
import { isCertainWindowMiss, NO_STRETCHES, outcomeOf, type WindowTally, withStretch } from './window-tally.ts';

const SECOND_US = 1_000_000;

/** A threshold with a window, second by second. The last stretch is kept apart until the next begins: the end of the run may add to it. */
export class WindowJudge {
  readonly #plan: ThresholdPlan;
  readonly #window: ThresholdWindow;
  readonly #stretch: Stretch;
  readonly #slots: readonly number[];
  #before: Readonly<WindowTally> = NO_STRETCHES;
  #newest: StretchResult | undefined;
  /** Of a share of seconds: how many were missed. */
  readonly #watch = new MissWatch();
  #hasSeconds = false;

  /** @param slots - where the book keeps a selector, by its key */
  constructor(plan: ThresholdPlan, book: SecondBook, slots: ReadonlyMap<string, number>) {
    const distinct = new Map(selectorsOf(plan).map((selector) => [selectorKey(selector), selector]));
    this.#plan = plan;
    this.#window = plan.parsed.window as ThresholdWindow;
    this.#slots = [...distinct.keys()].map((key) => slots.get(key) as number);
    // Whole seconds; a share is judged second by second.
    const lengthS = this.#window.kind === 'for' ? Math.max(1, Math.ceil(this.#window.durationUs / SECOND_US)) : 1;
    this.#stretch = new Stretch(plan, { lengthS, selectors: [...distinct.values()], book });
  }

  /** @param values - of all selectors of the book, as in {@link amend} */
  push(values: SecondValues): void {
    this.#before = this.#tally;
    this.#stretch.push(this.#own(values));
    this.#newest = this.#stretch.result();
    this.#hasSeconds = true;
    if (this.#window.kind === 'share') this.#watchSecond(1 - this.#window.ratio);
  }

  /** More for the last second; no further one comes. */
  amend(values: SecondValues): void {
    const own = this.#own(values);
    if (own.every((each) => each === undefined)) return;
    if (!this.#hasSeconds) return this.push(values);
    this.#stretch.amend(own);
    this.#newest = this.#stretch.result();
  }

  /** The last stretch; undefined while the run is shorter than one. */
  get newest(): StretchResult | undefined {
    return this.#newest;
  }

  get outcome(): 'met' | 'missed' | 'undecided' {
    return outcomeOf(this.#tally, this.#window);
  }

  /** @param plannedS - length of the measured period; infinite when nobody knows */
  isCertainMiss(plannedS: number): boolean {
    if (this.#window.kind === 'share' && !Number.isFinite(plannedS)) return this.#watch.isSureMiss({ restS: plannedS, watched: 1 });
    return isCertainWindowMiss(this.#tally, this.#window, plannedS);
  }

  result(scale: Scale): ThresholdResult {
    return windowResult(this.#plan, this.#tally, scale);
  }

  #watchSecond(allowed: number): void {
    const { met, missed } = this.#tally;
    this.#watch.push({ kind: 'share', bad: missed, of: met + missed, allowed, variance: 0 });
  }

  get #tally(): Readonly<WindowTally> {
    return this.#newest === undefined ? this.#before : withStretch(this.#before, this.#newest, this.#plan);
  }

  #own(values: SecondValues): SecondValues {
    return this.#slots.map((slot) => values[slot]);
  }
}
