import type { Start } from '../core/records.ts';
import { type EngineContext, LATE_US } from './host.ts';
import { ticksBefore } from './pacing.ts';
import type { SharedIterations } from './shared-iterations.ts';
import { Vu } from './vu.ts';

/** Missed ticks of a VU are told in so many parts at most: a pace of 1 µs makes a million in a second. */
const DROP_PARTS_MAX = 100;

/** What a scenario decides for its VUs: pacing and stopping. */
export interface LoopRules {
  readonly paceUs: number | undefined;
  readonly gracefulStopUs: number;
  /** Time between an iteration of a VU and the next, when there is no pace. */
  thinkTimeUs(vu: number, iteration: number): number;
  /** The start that now begins; takes one of the shared iterations. */
  startOf(vu: number, iteration: number, dueAtUs: number): Start;
  /** Told of starts that are counted as dropped. */
  onDropped(count: number, dueAtUs: number, waitedUs: number): void;
  /** Iterations that go to whichever VU is free; undefined: each VU has its own. */
  readonly shared: SharedIterations | undefined;
}

export interface LoopOptions {
  readonly vu: number;
  /** Most iterations it does of its own; Infinity: no bound. */
  readonly iterationsMax: number;
  readonly onRetired: () => void;
}

/**
 * One VU of a closed model: while it is active, one iteration after the other.
 *
 *     off → waiting for its due time → ready, in the turn queue → running → waiting …
 *
 * Deactivated, it finishes the iteration it runs; activated again, it goes on with its next number.
 */
export class VuLoop {
  readonly #context: EngineContext;
  readonly #rules: LoopRules;
  readonly #options: LoopOptions;
  readonly #vu: Vu;
  readonly #shared: SharedIterations | undefined;
  readonly #iterationsMax: number;
  #paceUs: number | undefined;
  /** Calls of {@link activate} and {@link deactivate} that are to come; after the last one it retires. */
  #callsDue = 0;
  #isActive = false;
  #isReady = false;
  #isRetired = false;
  /** From here on nothing begins, whether or not the timeline has come to say so. */
  #offUs = 0;
  #iteration = 0;
  /** Of the start that waits or is ready; while one runs, of that one. */
  #dueUs = 0;
  /** Activated again while its last iteration still runs: when. A pace counts from there. */
  #resumedAtUs: number | undefined;
  #cancelTimer: (() => void) | undefined;

  constructor(context: EngineContext, rules: LoopRules, options: LoopOptions) {
    this.#context = context;
    this.#rules = rules;
    this.#options = options;
    this.#shared = rules.shared;
    this.#iterationsMax = options.iterationsMax;
    this.#paceUs = rules.paceUs;
    this.#vu = new Vu(options.vu, context, (atUs) => this.#onFree(atUs));
  }

  /** Active, or still finishing an iteration. */
  get isBusy(): boolean {
    return this.#isActive || !this.#vu.isFree;
  }

  /** Retires at once if there is nothing to do. */
  start(): void {
    this.#retireIfDone();
  }

  /** Its first so many iterations, or as many as it has, were begun by another worker. @returns how many that are */
  skip(iterations: number): number {
    this.#iteration = Math.min(iterations, this.#iterationsMax);
    return this.#iteration;
  }

  /** So many more calls of {@link activate} and {@link deactivate} will come, or with a negative number so many fewer. */
  expect(calls: number): void {
    this.#callsDue += calls;
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  /** Undoes its retirement when it has something to do again. @returns whether it did */
  revive(): boolean {
    if (!this.#isRetired || this.#callsDue <= 0 || this.#isExhausted) return false;
    this.#isRetired = false;
    return true;
  }

  /** Retires if the shared iterations have run out while it waited for its next. */
  release(): void {
    if (!this.#isActive || !this.#vu.isFree || !this.#isExhausted) return;
    this.#isActive = false;
    this.#isReady = false;
    this.#retireIfDone();
  }

  /** @param offUs - when it will be deactivated: after a stall that moment may be past before anyone was told. One that is active stays until then */
  activate(atUs: number, offUs: number): void {
    this.#callsDue--;
    if (this.#isRetired) return;
    this.#offUs = offUs;
    if (this.#isActive) {
      if (this.#isReady) this.#context.turns.push(this.#begin);
      return;
    }
    this.#isActive = true;
    if (this.#vu.isFree) {
      this.#wait(atUs);
    } else {
      this.#vu.spare();
      this.#resumedAtUs = atUs;
    }
  }

  /** @param deadlineUs - when an iteration that still runs is interrupted */
  deactivate(atUs: number, deadlineUs: number): void {
    this.#callsDue--;
    if (this.#isRetired) return;
    // Iterations that are counted are made up for later, until there is no later.
    if (!this.#isCounted) this.#dropMissed(atUs);
    else if (this.#callsDue === 0 && this.#shared === undefined) this.#drop(this.#left, atUs, 0);
    if (this.#isActive) this.#vu.interruptAt(deadlineUs);
    this.#end();
  }

  /** No iteration begins from `atUs` on. */
  fence(atUs: number): void {
    this.#offUs = Math.min(this.#offUs, atUs);
  }

  /** No new iteration; a running one has its graceful stop, or with `isNow` nothing. */
  stop(atUs: number, isNow: boolean): void {
    if (this.#isRetired) return;
    this.#callsDue = 0;
    if (this.#shared === undefined) this.#dropMissed(atUs); // shared ones are nobody's: every VU would count the same ones
    this.#vu.interruptAt(isNow ? atUs : atUs + this.#rules.gracefulStopUs);
    this.#end();
    this.#retireIfDone();
  }

  /** Takes effect with the next due time, counted from that of the iteration that runs. */
  setPaceUs(us: number | undefined): void {
    this.#paceUs = us;
  }

  #end(): void {
    if (this.#isActive) {
      this.#isActive = false;
      this.#isReady = false;
      this.#cancelTimer?.();
    }
    this.#retireIfDone();
  }

  /** Starts that were due in the VU's time and will not begin. One due in the last moments is forgiven: timers have a grain. */
  #dropMissed(endUs: number): void {
    if (!this.#isActive) return;
    let nextUs = this.#dueUs;
    if (!this.#vu.isFree) {
      if (this.#paceUs === undefined) return;
      nextUs = this.#resumedAtUs ?? this.#dueUs + this.#paceUs;
    }
    const missed = Math.min(ticksBefore(endUs - LATE_US, nextUs, this.#paceUs), this.#left);
    const part = Math.ceil(missed / DROP_PARTS_MAX);
    for (let told = 0; told < missed; told += part) {
      const count = Math.min(part, missed - told);
      const dueUs = nextUs + (told + count - 1) * (this.#paceUs ?? 0);
      this.#drop(count, dueUs, endUs - dueUs);
    }
  }

  #drop(starts: number, dueUs: number, waitedUs: number): void {
    if (starts <= 0) return;
    this.#context.counts.due += starts;
    this.#context.counts.dropped += starts;
    this.#rules.onDropped(starts, dueUs, waitedUs);
  }

  /** Iterations that it may still begin. */
  get #left(): number {
    return this.#shared === undefined ? this.#iterationsMax - this.#iteration : this.#shared.left;
  }

  get #isExhausted(): boolean {
    return this.#shared === undefined ? this.#left <= 0 : this.#shared.isOver;
  }

  get #isCounted(): boolean {
    return this.#shared !== undefined || this.#iterationsMax !== Number.POSITIVE_INFINITY;
  }

  #onFree(atUs: number): void {
    if (this.#isExhausted) this.#isActive = false;
    if (!this.#isActive) {
      this.#retireIfDone();
    } else if (this.#paceUs === undefined) {
      this.#wait(atUs + this.#rules.thinkTimeUs(this.#options.vu, this.#iteration - 1));
    } else {
      this.#wait(this.#resumedAtUs ?? this.#dueUs + this.#paceUs);
    }
    this.#resumedAtUs = undefined;
  }

  #wait(dueUs: number): void {
    this.#dueUs = dueUs;
    if (dueUs <= this.#context.clock.nowUs()) this.#queue();
    else this.#cancelTimer = this.#context.clock.at(dueUs, this.#queue);
  }

  readonly #queue = (): void => {
    this.#isReady = true;
    this.#context.turns.push(this.#begin);
  };

  readonly #begin = (): void => {
    // timers come up to a millisecond early: a tick of the very end is none
    if (!this.#isReady || Math.max(this.#context.clock.nowUs(), this.#dueUs) >= this.#offUs) return;
    if (this.#shared?.left === 0) return this.#shared.isOver ? this.release() : this.#shared.wait(this.#again);
    this.#isReady = false;
    this.#vu.begin(this.#rules.startOf(this.#options.vu, this.#iteration++, this.#dueUs));
  };

  /** There is something to take again, or there never will be. */
  readonly #again = (): void => this.#context.turns.push(this.#begin);

  #retireIfDone(): void {
    if (this.#isRetired || this.#isActive || !this.#vu.isFree || (this.#callsDue > 0 && !this.#isExhausted)) return;
    this.#isRetired = true;
    this.#cancelTimer?.();
    this.#context.host.retired?.(this.#options.vu);
    this.#options.onRetired();
  }
}
