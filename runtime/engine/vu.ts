import { NO_MOMENT_US } from '../core/clock.ts';
import type { IterationEnd, Start } from '../core/records.ts';
import { type EngineContext, INTERRUPT_ANSWER_US, LATE_US } from './host.ts';

/**
 * `doomed`: running, and to be interrupted at a set time. `interrupted`: the host was asked to, and has not answered. `resting`: its iteration
 * has ended, and was shorter than iterations are to be.
 */
type VuState = 'free' | 'running' | 'doomed' | 'interrupted' | 'resting';

/** A virtual user that runs one iteration at a time, whoever decides which and when. */
export class Vu {
  readonly number: number;
  readonly #context: EngineContext;
  readonly #onFree: (atUs: number) => void;
  #state: VuState = 'free';
  #freeSinceUs = Number.NEGATIVE_INFINITY;
  /** Iterations begun; tells the end of this one from a belated end of one that was given up on. */
  #serial = 0;
  /** The iteration began so long ago that it may end. */
  #restUntilUs = NO_MOMENT_US;
  /** While it is doomed: when it is interrupted. */
  #deadlineUs = 0;
  #cancelTimer: (() => void) | undefined;

  /** @param onFree - called when an iteration has ended, with the time of it */
  constructor(number: number, context: EngineContext, onFree: (atUs: number) => void) {
    this.number = number;
    this.#context = context;
    this.#onFree = onFree;
  }

  get isFree(): boolean {
    return this.#state === 'free';
  }

  /** Iterations begun so far, which is the number of the next. */
  get iterations(): number {
    return this.#serial;
  }

  /**
   * Begins an iteration; the VU must be free.
   * @param freeSinceUs - since when the start could have been begun, by this VU or another
   */
  begin(start: Start, freeSinceUs = this.#freeSinceUs): void {
    const { clock, counts, host } = this.#context;
    const nowUs = clock.nowUs();
    const behindUs = nowUs - Math.max(start.dueAtUs, freeSinceUs);
    counts.due++;
    counts.begun++;
    if (behindUs > LATE_US) counts.late++;
    if (start.dueAtUs < freeSinceUs) counts.queued++;
    this.#state = 'running';
    this.#restUntilUs = nowUs + this.#context.iterationUsMin;
    const serial = ++this.#serial;
    host.begin(start, (end) => {
      if (serial === this.#serial && this.#state !== 'free') this.#end(end);
    });
  }

  /** The running iteration has until `atUs`, or until what was said before if that is sooner. */
  interruptAt(atUs: number): void {
    if (this.#state === 'free' || this.#state === 'interrupted') return;
    if (this.#state === 'resting') return this.#rest(Math.min(atUs, this.#restUntilUs));
    if (this.#state === 'doomed' && this.#deadlineUs <= atUs) return;
    this.#state = 'doomed';
    this.#deadlineUs = atUs;
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.clock.at(atUs, () => this.#context.turns.push(this.#interrupt));
  }

  /** Takes {@link interruptAt} back, unless it has happened. */
  spare(): void {
    if (this.#state !== 'doomed') return;
    this.#cancelTimer?.();
    this.#state = 'running';
  }

  readonly #interrupt = (): void => {
    if (this.#state !== 'doomed') return;
    this.#state = 'interrupted';
    const { clock, host } = this.#context;
    this.#cancelTimer = clock.at(clock.nowUs() + INTERRUPT_ANSWER_US, () => this.#end({ kind: 'interrupted' }));
    host.interrupt(this.number);
  };

  #end(end: IterationEnd): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (end.kind === 'interrupted') this.#context.counts.interrupted++;
    else if (this.#context.iterationUsMin > 0 && this.#context.clock.nowUs() < this.#restUntilUs) return this.#rest(this.#restUntilUs);
    this.#free();
  }

  #rest(untilUs: number): void {
    this.#state = 'resting';
    this.#cancelTimer?.();
    this.#cancelTimer = this.#context.clock.at(untilUs, this.#free);
  }

  readonly #free = (): void => {
    this.#cancelTimer = undefined;
    this.#state = 'free';
    this.#freeSinceUs = this.#context.clock.nowUs();
    this.#onFree(this.#freeSinceUs);
  };
}
