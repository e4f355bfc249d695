/** Moments kept closely, and how far they are apart at least: some 40 s. */
const FINE_MOMENTS = 8192;
const FINE_US = 5_000;
/** Further back: every tenth of a second, more than an hour. */
const COARSE_MOMENTS = 40_000;
const COARSE_US = 100_000;

/** A ring of moments, each with a sum that had been reached then. */
class Ring {
  readonly #atUs: Float64Array;
  readonly #sumUs: Float64Array;
  readonly #stepUs: number;
  #first = 0;
  count = 0;

  constructor(size: number, stepUs: number) {
    this.#atUs = new Float64Array(size);
    this.#sumUs = new Float64Array(size);
    this.#stepUs = stepUs;
  }

  add(atUs: number, sumUs: number): void {
    if (this.count > 0 && atUs - this.at(this.count - 1) < this.#stepUs) return;
    const size = this.#atUs.length;
    if (this.count === size) this.#first = (this.#first + 1) % size;
    else this.count++;
    const slot = (this.#first + this.count - 1) % size;
    this.#atUs[slot] = atUs;
    this.#sumUs[slot] = sumUs;
  }

  at(i: number): number {
    return this.#atUs[(this.#first + i) % this.#atUs.length] as number;
  }

  sum(i: number): number {
    return this.#sumUs[(this.#first + i) % this.#sumUs.length] as number;
  }

  /** Of the moments the first that is not before `us`; `count` when all are. */
  from(us: number): number {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < us) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * How much of its time a worker had used up by any moment of the past: a sum that grows at most as fast as time does. Between two moments that are kept it
 * is known within bounds only, and before the first one not at all: then all of the time counts as used.
 */
export class TimeLog {
  readonly #fine = new Ring(FINE_MOMENTS, FINE_US);
  readonly #coarse = new Ring(COARSE_MOMENTS, COARSE_US);
  #lastUs = Number.NEGATIVE_INFINITY;
  #lastSumUs = 0;

  /** The sum as it is now; moments come in order. */
  add(atUs: number, sumUs: number): void {
    this.#fine.add(atUs, sumUs);
    this.#coarse.add(atUs, sumUs);
    this.#lastUs = atUs;
    this.#lastSumUs = sumUs;
  }

  /** The most that the sum can have been at a moment. */
  atMostUs(us: number): number {
    if (us >= this.#lastUs) return this.#lastSumUs + Math.min(us - this.#lastUs, Number.MAX_SAFE_INTEGER);
    const ring = this.#ringOf(us);
    const next = ring.from(us);
    const nextSum = next < ring.count ? ring.sum(next) : this.#lastSumUs;
    return next === 0 ? nextSum : Math.min(nextSum, ring.sum(next - 1) + us - ring.at(next - 1));
  }

  /** The least that the sum can have been at a moment. */
  atLeastUs(us: number): number {
    if (us >= this.#lastUs) return this.#lastSumUs;
    const ring = this.#ringOf(us);
    const next = ring.from(us);
    const [nextUs, nextSum] = next < ring.count ? [ring.at(next), ring.sum(next)] : [this.#lastUs, this.#lastSumUs];
    const bySlope = nextSum - (nextUs - us);
    return next === 0 ? bySlope : Math.max(bySlope, ring.sum(next - 1));
  }

  /** The moment that was kept `steps` before the one that follows `us`; undefined when it was let go. */
  momentBeforeUs(us: number, steps: number): number | undefined {
    const at = this.#fine.from(us) - steps;
    return at < 0 ? undefined : this.#fine.at(at);
  }

  #ringOf(us: number): Ring {
    return this.#fine.count > 0 && us >= this.#fine.at(0) ? this.#fine : this.#coarse;
  }
}
