import type { ThresholdPlan } from '../core/plan.ts';
import type { LiveThreshold, ThresholdResult } from '../core/run-json.ts';
import { isAtLeast } from '../core/threshold-asked.ts';
import type { ClosedSecond, SecondBook, SecondValues, Selector } from '../record/second-book.ts';
import { isCertainMiss } from './certainty.ts';
import { type LiveOutcome, type LiveState, liveOf, liveOfWindow, standsAt } from './live-state.ts';
import { measure } from './measure.ts';
import type { Measured } from './measured.ts';
import { isEstimate, missAccountOf } from './miss-account.ts';
import { MissWatch } from './miss-watch.ts';
import { scaleOf } from './scale.ts';
import { SecondsSource } from './seconds-source.ts';
import { SecondsTally } from './seconds-tally.ts';
import { selectorKey, selectorsOf } from './selectors.ts';
import { isCountOf, isPerSecond, samplesNeeded } from './threshold-kind.ts';
import { WindowJudge } from './window-judge.ts';

const SECOND_US = 1_000_000;

export interface LiveJudgeOptions {
  /** Workers that must have reported a second before it is closed. */
  readonly workers?: Iterable<number>;
  /** Planned length of the measured period; undefined: it ends with its iterations. */
  readonly plannedUs?: number | undefined;
}

/** Where the seconds come from: the ledger of the run. */
export interface WatchedRun {
  watch(selectors: readonly Selector[], workers: Iterable<number>): SecondBook;
}

/** A threshold that ends the run. */
export interface LiveAbort {
  readonly plan: ThresholdPlan;
  /** Seconds of the measured period that had been judged. */
  readonly afterS: number;
  /** One line: the threshold, what it came to, when. */
  readonly reason: string;
}

/**
 * Judges a run while it goes on, a second at a time, on seconds that every worker has reported. Call {@link closeSecond} once a second, {@link finish} at
 * the end.
 */
export class LiveJudge {
  readonly #plans: readonly ThresholdPlan[];
  readonly #book: SecondBook;
  readonly #selectors: readonly Selector[];
  readonly #whole: SecondsSource;
  readonly #windows = new Map<ThresholdPlan, WindowJudge>();
  readonly #tallies = new Map<ThresholdPlan, SecondsTally>();
  /** Of native thresholds over the whole run that may end it. */
  readonly #watches = new Map<ThresholdPlan, MissWatch>();
  #endUs: number;
  #closed = 0;
  #abort: LiveAbort | undefined;
  #results: Map<ThresholdPlan, ThresholdResult> | undefined;

  /** @param run - of which nothing was taken yet */
  constructor(plans: readonly ThresholdPlan[], run: WatchedRun, options: LiveJudgeOptions = {}) {
    this.#plans = plans;
    this.#endUs = options.plannedUs ?? Number.POSITIVE_INFINITY;
    const distinct = new Map(plans.flatMap(selectorsOf).map((selector) => [selectorKey(selector), selector]));
    this.#selectors = [...distinct.values()];
    this.#book = run.watch(this.#selectors, options.workers ?? []);
    this.#whole = new SecondsSource(this.#selectors, this.#book);
    const slots = new Map([...distinct.keys()].map((key, slot) => [key, slot]));
    for (const plan of plans) {
      if (plan.parsed.window !== undefined) this.#windows.set(plan, new WindowJudge(plan, this.#book, slots));
      else if (plan.abort !== undefined) this.#watches.set(plan, new MissWatch());
      if (SecondsTally.isFor(plan)) this.#tallies.set(plan, new SecondsTally(plan));
    }
  }

  /** The first threshold that has to end the run; it stays. */
  get abort(): LiveAbort | undefined {
    return this.#abort;
  }

  /** Of the thresholds over the whole run: how they were spread over its seconds so far. */
  get tallies(): ReadonlyMap<ThresholdPlan, SecondsTally> {
    return this.#tallies;
  }

  /** The measured period ends earlier than planned: what comes later is no second of it. */
  endsAfter(measuredUs: number): void {
    this.#endUs = Math.min(this.#endUs, measuredUs);
  }

  /** Judges the seconds that have become complete, most often one; once no worker has more of them, what ended in graceful stop too. */
  closeSecond(): LiveState {
    for (let second = this.#book.closeNext(); second !== undefined; second = this.#book.closeNext()) this.#judge(second);
    if (this.#book.isOver) this.#amend(this.#book.takeAfterEnd());
    return this.#plans.map((plan) => this.#stateOf(plan));
  }

  /**
   * The measured period is over: what is left is judged, with what ended in graceful stop as part of the last second.
   * @returns results of the thresholds with a window, for `judgeThresholds`
   */
  finish(measuredS: number): ReadonlyMap<ThresholdPlan, ThresholdResult> {
    if (this.#results !== undefined) return this.#results;
    this.endsAfter(Math.round(measuredS * SECOND_US));
    for (let second = this.#book.closeNextAnyway(); second !== undefined; second = this.#book.closeNextAnyway()) this.#judge(second);
    this.#amend(this.#book.takeAfterEnd());
    this.#results = new Map();
    for (const [plan, window] of this.#windows) this.#results.set(plan, window.result(scaleOf(plan, this.#book)));
    return this.#results;
  }

  #judge({ second, values }: ClosedSecond): void {
    if (second * SECOND_US >= this.#endUs) return this.#amend(values);
    const isWhole = (second + 1) * SECOND_US <= this.#endUs;
    this.#whole.add(values);
    if (isWhole) this.#closed++;
    if (isWhole) this.#tell(values);
    for (const [plan, window] of this.#windows) if (isWhole || !isPerSecond(plan, this.#book)) window.push(values);
    if (isWhole) this.#abort ??= this.#abortAt(second + 1);
  }

  #tell(values: SecondValues): void {
    if (this.#tallies.size === 0) return;
    const second = new SecondsSource(this.#selectors, this.#book);
    second.add(values);
    for (const tally of this.#tallies.values()) tally.push(second);
  }

  /** Samples that belong to no second of the measured period. */
  #amend(values: SecondValues): void {
    this.#whole.add(values);
    for (const [plan, window] of this.#windows) if (!isPerSecond(plan, this.#book)) window.amend(values);
  }

  #abortAt(afterS: number): LiveAbort | undefined {
    const isDue = ({ abort }: ThresholdPlan): boolean => abort !== undefined && afterS * SECOND_US >= abort.delayUs;
    // each of them is asked, due or not: a watch wants every second
    const plan = this.#plans.filter((each) => this.#endsRun(each)).find(isDue);
    if (plan === undefined) return undefined;
    return { plan, afterS, reason: `${plan.source}: ${plan.expression} was missed after ${afterS} s` };
  }

  /** Only a miss that is more than chance, and that the rest of the run cannot make up for. */
  #endsRun(plan: ThresholdPlan): boolean {
    const window = this.#windows.get(plan);
    if (window !== undefined) return window.isCertainMiss(this.#endUs / SECOND_US);
    if (plan.abort === undefined) return false;
    const measured = measure(plan, this.#whole, this.#closed);
    const watch = this.#watches.get(plan);
    const isSure = watch === undefined || this.#isSure(plan, measured, watch);
    return isSure && standsAt(plan, measured) === 'missed';
  }

  #isSure(plan: ThresholdPlan, measured: Measured, watch: MissWatch): boolean {
    const basis = { source: this.#whole, seconds: this.#closed };
    const account = missAccountOf(plan, measured, basis);
    watch.push(account);
    if (account === undefined) return !isEstimate(plan) && isCertainMiss(plan, measured, { ...basis, isOpen: true });
    if ('samples' in measured && (measured.samples ?? 0) < samplesNeeded(plan)) return false;
    return watch.isSureMiss({ restS: this.#endUs / SECOND_US - this.#closed, watched: this.#watches.size });
  }

  #stateOf(plan: ThresholdPlan): LiveThreshold {
    const scale = scaleOf(plan, this.#book);
    const window = this.#windows.get(plan);
    if (window !== undefined) return liveOfWindow(plan, window.result(scale), { now: window.newest?.measured, scale });
    const measured = measure(plan, this.#whole, this.#closed);
    return liveOf(plan, this.#soFar(plan, standsAt(plan, measured)), { measured, scale });
  }

  /** A count that is not reached yet is no miss while more may come. */
  #soFar(plan: ThresholdPlan, outcome: LiveOutcome): LiveOutcome {
    const { comparison } = plan.parsed;
    const mayGrow = isCountOf(plan, this.#book) && !isPerSecond(plan, this.#book) && isAtLeast(comparison);
    return mayGrow && outcome === 'missed' ? 'undecided' : outcome;
  }
}
