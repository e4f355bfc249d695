import { monotonicUs } from '../core/clock.ts';
import type { ToPool } from '../core/hand-over.ts';
import type { HandOverPort } from '../engine/host.ts';

/** Between two messages: a worker whose users get free thousands of times a second says it a few at a time. */
const APART_US = 300;

/** Sends what the engine tells of starts and users to the coordinator, at once while there is little of it. */
export class PooledMessages implements HandOverPort {
  readonly #send: (parts: ToPool[]) => void;
  #parts: ToPool[] = [];
  #sentAtUs = Number.NEGATIVE_INFINITY;
  #isQueued = false;

  constructor(send: (parts: ToPool[]) => void) {
    this.#send = send;
  }

  tell(what: ToPool): void {
    this.#parts.push(what);
    if (this.#isQueued) return;
    this.#isQueued = true;
    if (monotonicUs() - this.#sentAtUs >= APART_US) queueMicrotask(this.#flush);
    else setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const nowUs = monotonicUs();
    if (nowUs - this.#sentAtUs < APART_US) return void setImmediate(this.#flush);
    this.#isQueued = false;
    this.#sentAtUs = nowUs;
    const parts = this.#parts;
    this.#parts = [];
    this.#send(parts);
  };
}
