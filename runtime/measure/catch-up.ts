/** A stall of this length or more is made up for by starts that come at once: the load is not the plan's then. */
export const CATCH_UP_MIN_US = 100_000;
/** Whatever is in flight: after so many times the stall's length it is taken to be made up for. */
const STALL_TIMES_MAX = 10;
/** What is being worked off gets less by so much at least from one half of the stall's length to the next. */
const FALLS_TO = 0.9;

/**
 * Whether the load is as planned, as far as this worker knows. What a stall of its own or of another worker held up is sent at once when the stall is over, and
 * the target works that off: for as long as the stall was at least, and then while ever fewer requests are in flight here. A target that is slow in itself has as
 * many as before soon, and one that the plan overloads ever more. Times on one clock, µs.
 */
export class CatchUp {
  #fromUs = Number.NEGATIVE_INFINITY;
  #overAtUs = Number.NEGATIVE_INFINITY;
  #leastUntilUs = Number.NEGATIVE_INFINITY;
  #mostUntilUs = Number.NEGATIVE_INFINITY;
  /** What is averaged: requests in flight since a moment, for so long. */
  #partFromUs = 0;
  #partUs = 0;
  #inFlightUs = 0;
  /** On average in the part before; undefined: there is none. */
  #before: number | undefined;
  #lapUs = 0;

  /** A stall is over. @param us - its length; below {@link CATCH_UP_MIN_US} it is none */
  stalled(nowUs: number, us: number): void {
    if (us < CATCH_UP_MIN_US) return;
    if (nowUs >= this.#overAtUs) this.#fromUs = nowUs - us;
    this.#overAtUs = Number.POSITIVE_INFINITY;
    this.#leastUntilUs = Math.max(this.#leastUntilUs, nowUs + us);
    this.#mostUntilUs = Math.max(this.#mostUntilUs, nowUs + STALL_TIMES_MAX * us);
    this.#partUs = Math.max(us / 2, (this.#leastUntilUs - nowUs) / 2);
    this.#beginPart(nowUs, undefined);
    this.#lapUs = nowUs;
  }

  /** A lap of the event loop is over; since the one before so many requests were in flight. */
  lap(nowUs: number, inFlight: number): void {
    if (this.#overAtUs !== Number.POSITIVE_INFINITY) return;
    this.#inFlightUs += inFlight * (nowUs - this.#lapUs);
    this.#lapUs = nowUs;
    const partUs = nowUs - this.#partFromUs;
    if (partUs < this.#partUs) return;
    const average = this.#inFlightUs / partUs;
    const isFalling = this.#before === undefined || (average < FALLS_TO * this.#before && average >= 1);
    if (nowUs >= this.#mostUntilUs || (nowUs >= this.#leastUntilUs && !isFalling)) this.#overAtUs = nowUs;
    this.#beginPart(nowUs, average);
  }

  /** Whether what went out at this moment may have met with more than was planned then. */
  meets(us: number): boolean {
    return us < this.#overAtUs;
  }

  /** Whether what was due at this moment may have found no user because of it. */
  includes(us: number): boolean {
    return us >= this.#fromUs && us < this.#overAtUs;
  }

  #beginPart(nowUs: number, before: number | undefined): void {
    this.#partFromUs = nowUs;
    this.#inFlightUs = 0;
    this.#before = before;
  }
}
