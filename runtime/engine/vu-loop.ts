import type { Start } from '../core/records.ts';
import { type EngineContext, LATE_US } from './host.ts';
import { ticksBefore } from './pacing.ts';
import { Vu } from './vu.ts';

/** What a scenario decides for its VUs: pacing and stopping. */
export interface LoopRules {
  readonly paceUs: number | undefined;
  readonly gracefulStopUs: number;
  /** Time between an iteration of a VU and the next, when there is no pace. */
  thinkTimeUs(vu: number, iteration: number): number;
  startOf(vu: number, iteration: number, dueAtUs: number): Start;
}

export interface LoopOptions {
  readonly vu: number;
  /** How often it will be activated; after the last time it retires. */
  readonly activations: number;
  /** Most iterations it does; Infinity: no bound. */
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
  #paceUs: number | undefined;
  #activationsLeft: number;
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
    this.#paceUs = rules.paceUs;
    this.#activationsLeft = options.iterationsMax > 0 ? options.activations : 0;
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

  /** @param offUs - when it will be deactivated: after a stall that moment may be past before anyone was told */
  activate(atUs: number, offUs: number): void {
    if (this.#isRetired) return;
    this.#isActive = true;
    this.#offUs = offUs;
    if (this.#vu.isFree) {
      this.#wait(atUs);
    } else {
      this.#vu.spare();
      this.#resumedAtUs = atUs;
    }
  }

  deactivate(atUs: number): void {
    if (this.#isRetired) return;
    this.#activationsLeft--;
    // Iterations that are counted are made up for later, until there is no later.
    if (this.#options.iterationsMax === Number.POSITIVE_INFINITY) this.#dropMissed(atUs);
    else if (this.#activationsLeft === 0) this.#drop(this.#options.iterationsMax - this.#iteration);
    this.#end(atUs);
  }

  /** No iteration begins from `atUs` on. */
  fence(atUs: number): void {
    this.#offUs = Math.min(this.#offUs, atUs);
  }

  /** No new iteration; a running one has its graceful stop, or with `isNow` nothing. */
  stop(atUs: number, isNow: boolean): void {
    if (this.#isRetired) return;
    this.#activationsLeft = 0;
    if (this.#isActive) {
      this.#dropMissed(atUs);
      this.#end(atUs);
    }
    if (isNow) this.#vu.interruptAt(atUs);
    this.#retireIfDone();
  }

  /** Takes effect with the next due time, counted from that of the iteration that runs. */
  setPaceUs(us: number | undefined): void {
    this.#paceUs = us;
  }

  #end(atUs: number): void {
    this.#isActive = false;
    this.#isReady = false;
    this.#cancelTimer?.();
    this.#vu.interruptAt(atUs + this.#rules.gracefulStopUs);
    this.#retireIfDone();
  }

  /** Starts that were due in the VU's time and will not begin. One due in the last moments is forgiven: timers have a grain. */
  #dropMissed(endUs: number): void {
    let nextUs = this.#dueUs;
    if (!this.#vu.isFree) {
      if (this.#paceUs === undefined) return;
      nextUs = this.#resumedAtUs ?? this.#dueUs + this.#paceUs;
    }
    const missed = ticksBefore(endUs - LATE_US, nextUs, this.#paceUs);
    this.#drop(Math.min(missed, this.#options.iterationsMax - this.#iteration));
  }

  #drop(starts: number): void {
    this.#context.counts.due += starts;
    this.#context.counts.dropped += starts;
  }

  #onFree(atUs: number): void {
    if (this.#iteration >= this.#options.iterationsMax) {
      this.#isActive = false;
      this.#activationsLeft = 0;
    }
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
    if (!this.#isReady || this.#context.clock.nowUs() >= this.#offUs) return;
    this.#isReady = false;
    this.#vu.begin(this.#rules.startOf(this.#options.vu, this.#iteration++, this.#dueUs));
  };

  #retireIfDone(): void {
    if (this.#isRetired || this.#isActive || this.#activationsLeft > 0 || !this.#vu.isFree) return;
    this.#isRetired = true;
    this.#cancelTimer?.();
    this.#context.host.retired?.(this.#options.vu);
    this.#options.onRetired();
  }
}
