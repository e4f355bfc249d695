import { type IndexRange, owns, vuNumberOf } from '../core/partition.ts';
import type { LoadChange, OpenScenarioPlan } from '../core/plan.ts';
import { hashOfText, uniformOf } from '../core/random.ts';
import { changedAt, type RateSegment, rateSegments, reachedAtUs, workBy } from './rate-curve.ts';

const ARRIVAL = hashOfText('arrival');

/** Share of a start by which sums of fractional rates may be off before a start at the very end is lost or doubled. */
const SLACK = 1e-6;

export interface ArrivalOptions {
  readonly plan: OpenScenarioPlan;
  readonly scenario: number;
  readonly range: IndexRange;
  readonly seed: number;
}

/** Who owns the starts from a moment on: start i is its whose VU `i mod users` it is. */
interface Shares {
  /** Work at which they begin to hold. */
  readonly fromWork: number;
  readonly users: number;
  /** 1 where VU v is this worker's. */
  readonly isOwned: Uint8Array;
  readonly hasAny: boolean;
}

/**
 * When the starts of an open model are due, one after the other, those of other workers left out.
 *
 * A start is due when the work of the curve has reached its target: i starts with `from-zero`, i + 1 with `integral`, the sum of i + 1
 * exponential gaps with `poisson`. The target depends on the index alone, so numbers go on over any change of the curve.
 * `from-zero` has those due before the end, the others those due by the end: k6's schedules both, and both as many as rate × time.
 */
export class ArrivalPacer {
  /** The next start of this worker, until {@link advance}: its number, and when it is due in µs since the run began. Infinity: there is none. */
  nextIndex = -1;
  nextDueUs = Number.POSITIVE_INFINITY;
  readonly #options: ArrivalOptions;
  /** Work of one start. */
  readonly #unit: number;
  #segments: RateSegment[];
  #segment = 0;
  #shares: Shares[];
  #share = 0;
  /** The start before the next one, and for `poisson` its target. */
  #taken = -1;
  #takenSum = 0;
  #nextSum = 0;

  constructor(options: ArrivalOptions) {
    const { plan } = options;
    this.#options = options;
    this.#unit = 2 * plan.timeUnitUs;
    this.#segments = rateSegments(plan.curve, plan.length.durationUs);
    this.#shares = [this.#sharesOf(plan.users, 0)];
    this.#find();
  }

  /** The next start is taken; on to the one after it. */
  advance(): void {
    this.#taken = this.nextIndex;
    this.#takenSum = this.#nextSum;
    this.#find();
  }

  /** Passes over starts that are due before `beforeUs`, so many at most. @returns how many, and when the last of them was due */
  skip(beforeUs: number, most: number): { count: number; dueAtUs: number } {
    let [count, dueAtUs] = [0, 0];
    for (; count < most && this.nextDueUs < beforeUs; count++) {
      dueAtUs = this.nextDueUs;
      this.advance();
    }
    return { count, dueAtUs };
  }

  /**
   * What was due from `change.atUs` on is due by the new rate and owned by the new number of users. Workers that hear of it before then agree on
   * every start; a start that was taken before stays taken.
   */
  change({ atUs, rate, users }: LoadChange): void {
    const { plan } = this.#options;
    const fromUs = Math.max(0, atUs - plan.startTimeUs);
    if (fromUs >= plan.length.durationUs) return;
    const fromWork = workBy(this.#segments, fromUs);
    if (rate !== undefined) this.#segments = changedAt(this.#segments, fromUs, rate);
    if (users !== undefined) {
      this.#shares = this.#shares.filter((shares, i) => i === 0 || shares.fromWork < fromWork);
      this.#shares.push(this.#sharesOf(users, fromWork));
    }
    this.#segment = 0;
    this.#share = 0;
    this.#find();
  }

  #sharesOf(users: number, fromWork: number): Shares {
    const { plan, range } = this.#options;
    // Without any user starts still have an owner, who drops them or lets them wait.
    const isOwned = Uint8Array.from({ length: Math.max(1, users) }, (_, v) => (owns(range, vuNumberOf(plan, v)) ? 1 : 0));
    return { fromWork, users: isOwned.length, isOwned, hasAny: isOwned.includes(1) };
  }

  #find(): void {
    const { plan } = this.#options;
    const isPoisson = plan.arrivals === 'poisson';
    const first = plan.arrivals === 'from-zero' ? 0 : 1;
    let index = this.#taken;
    let sum = this.#takenSum;
    for (;;) {
      index++;
      if (isPoisson) sum += this.#gap(index);
      const work = (isPoisson ? sum : index + first) * this.#unit;
      const shares = this.#sharesAt(work);
      if (shares === undefined || !this.#reaches(work)) break;
      if (shares.isOwned[index % shares.users] !== 1) continue;
      this.nextIndex = index;
      this.#nextSum = sum;
      this.nextDueUs = plan.startTimeUs + Math.round(reachedAtUs(this.#segments[this.#segment] as RateSegment, work));
      return;
    }
    this.nextDueUs = Number.POSITIVE_INFINITY;
  }

  /** Whose the start is; undefined when none of this worker's can follow. */
  #sharesAt(work: number): Shares | undefined {
    for (let next = this.#shares[this.#share + 1]; next !== undefined && !this.#isDueBy(next.fromWork, work); ) {
      next = this.#shares[++this.#share + 1];
    }
    const shares = this.#shares[this.#share] as Shares;
    return shares.hasAny || this.#share + 1 < this.#shares.length ? shares : undefined;
  }

  /** Moves on to the segment in which the work is reached; false when it never is. */
  #reaches(work: number): boolean {
    for (; this.#segment < this.#segments.length; this.#segment++) {
      if (this.#isDueBy((this.#segments[this.#segment] as RateSegment).toWork, work)) return true;
    }
    return false;
  }

  /** Whether a start with target `work` is due in a stretch that ends when `endWork` is done. */
  #isDueBy(endWork: number, work: number): boolean {
    const slack = SLACK * this.#unit;
    return this.#options.plan.arrivals === 'from-zero' ? work < endWork - slack : work <= endWork + slack;
  }

  /** The gap before a start, 1 in the mean. */
  #gap(index: number): number {
    const { seed, scenario } = this.#options;
    return -Math.log(1 - uniformOf(seed, ARRIVAL, scenario, index));
  }
}
