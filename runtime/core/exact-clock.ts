import { type Clock, runClock } from './clock.ts';

/** Timers of Node count whole milliseconds: so much of the wait is left to be watched, at most. */
const TIMER_GRAIN_US = 1_000;
/** A thread that sleeps wakes later than it was asked to, on Linux by a slack of 50 µs unless it has real-time priority: what is expected at first, and at most. */
const OVERSLEEP_US = 60;
const OVERSLEEP_US_MAX = 150;
/** Share of a nap in what is expected of the next. */
const NAP_WEIGHT = 1 / 16;
/** Longest that the thread is away while answers may come in: so much later one may be seen. */
const NAP_US_MAX = 130;
/** The same while none is waited for: other timers of the process are held up by it. */
const QUIET_NAP_US = 500;
/** What is so near is waited for. */
const SOON_US = 200;
/** Share of a second that a worker used or could not have: over the first its moments are left to timers, under the second they are watched again. */
const BUSY_RATIO = 0.7;
const FREE_RATIO = 0.5;

interface Awaited {
  readonly atUs: number;
  readonly callback: () => void;
}

/** Short sleeps of the thread, and how long it has slept as it was asked to: time in which it had nothing to do. */
export class Naps {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4));
  /** By how much the last ones were longer than asked for, µs. */
  #oversleepUs = OVERSLEEP_US;
  /** µs so far. */
  totalUs = 0;

  /** Sleeps so that it wakes after `us`, but not at all where that cannot be. @param nowUs - any monotonic clock */
  nap(us: number, nowUs: () => number): void {
    const askedUs = us - this.#oversleepUs;
    if (askedUs <= 0) return;
    const fromUs = nowUs();
    Atomics.wait(this.#cell, 0, 0, askedUs / 1000);
    const sleptUs = nowUs() - fromUs;
    this.totalUs += Math.min(sleptUs, askedUs + OVERSLEEP_US_MAX); // beyond that it did not sleep: it was stopped, or had no processor
    this.#oversleepUs += (Math.min(sleptUs - askedUs, OVERSLEEP_US_MAX) - this.#oversleepUs) * NAP_WEIGHT;
  }
}

export interface ExactClockOptions {
  /** Of {@link monotonicUs}. */
  readonly startUs: number;
  readonly naps: Naps;
  /** `turns`: something is to be done in this turn of the event loop. `waits`: an answer may come in. `quiet`: neither. */
  state(): 'turns' | 'waits' | 'quiet';
}

/**
 * The clock of a run whose moments come within some 0.1 ms, where timers have a grain of 1: the last millisecond before one is watched, a look at the sockets and a
 * short sleep in turn. For the few moments that have to be exact. In a worker that is busy it is a clock of timers, ahead by half their grain: moments
 * come half of it early or late then, and nothing is slept away.
 */
export class ExactClock implements Clock {
  readonly #options: ExactClockOptions;
  readonly #clock: Clock;
  readonly #aheadClock: Clock;
  readonly #near = new Set<Awaited>();
  #isExact = true;
  #isWatching = false;

  constructor(options: ExactClockOptions) {
    this.#options = options;
    this.#clock = runClock(options.startUs);
    this.#aheadClock = runClock(options.startUs - TIMER_GRAIN_US / 2);
  }

  readonly nowUs = (): number => (this.#isExact ? this.#clock : this.#aheadClock).nowUs();

  at(atUs: number, callback: () => void): () => void {
    if (!this.#isExact) return this.#aheadClock.at(atUs, callback);
    const waitUs = atUs - this.#clock.nowUs();
    if (waitUs <= 0) return this.#clock.at(atUs, callback);
    if (waitUs < TIMER_GRAIN_US) return this.#watch({ atUs, callback });
    // it comes when that long has passed, and up to a grain before the moment
    let cancel = this.#clock.at(atUs - TIMER_GRAIN_US, () => {
      cancel = this.#watch({ atUs, callback });
    });
    return () => cancel();
  }

  /** Whether a moment has come, or is so near that other work should wait for it. */
  get isAboutToCall(): boolean {
    if (this.#near.size === 0) return false;
    const soonUs = this.#clock.nowUs() + SOON_US;
    return [...this.#near].some(({ atUs }) => atUs <= soonUs);
  }

  /** Told once a second. @param ratio - share of it that the worker used, or wanted and did not have */
  heed(ratio: number): void {
    if (ratio > BUSY_RATIO) this.#isExact = false;
    else if (ratio < FREE_RATIO) this.#isExact = true;
  }

  #watch(awaited: Awaited): () => void {
    this.#near.add(awaited);
    if (!this.#isWatching) setImmediate(this.#look);
    this.#isWatching = true;
    return () => this.#near.delete(awaited);
  }

  readonly #look = (): void => {
    const dueUs = this.#callDue();
    this.#isWatching = this.#near.size > 0;
    if (!this.#isWatching) return;
    const state = this.#options.state();
    const leftUs = dueUs - this.#clock.nowUs();
    if (state !== 'turns') this.#options.naps.nap(Math.min(leftUs, state === 'quiet' ? QUIET_NAP_US : NAP_US_MAX), this.#clock.nowUs);
    setImmediate(this.#look);
  };

  /** Calls back what is due, in order. @returns when the next one is */
  #callDue(): number {
    for (const awaited of [...this.#near].sort((a, b) => a.atUs - b.atUs)) {
      if (awaited.atUs > this.#clock.nowUs()) return awaited.atUs;
      if (this.#near.delete(awaited)) awaited.callback(); // one before it may have cancelled it
    }
    return Number.POSITIVE_INFINITY;
  }
}
