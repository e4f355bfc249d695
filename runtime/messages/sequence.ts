import { ClusterError } from '../core/errors.ts';
import type { FromWorker, Sent } from './messages.ts';

/** Numbers are of 32 bits, and begin again after the last. */
const NUMBERS = 2 ** 32;

/** Numbers the messages of one sender to one receiver: 1, 2, 3 … */
export class Numbering {
  #last = 0;

  /** Of the next message. A beat has none, 0: who misses one hears the next, and whoever carries messages may keep them to itself. */
  next({ type }: Pick<FromWorker | Sent, 'type'>): number {
    if (type === 'beat') return 0;
    this.#last = (this.#last + 1) % NUMBERS;
    return this.#last;
  }
}

/** Holds the messages of one sender to their numbers: one that was lost, came twice or overtook another would make sums wrong, and nobody would know. */
export class SequenceCheck {
  readonly #sender: string;
  #last = 0;

  /** @param sender - in words, such as `worker 2` */
  constructor(sender: string) {
    this.#sender = sender;
  }

  /** The next that came. @throws {ClusterError} when another one should have come */
  take(sequence: number, { type }: Pick<FromWorker | Sent, 'type'>): void {
    if (type === 'beat') return;
    const skipped = (sequence - this.#last - 1 + NUMBERS) % NUMBERS;
    if (skipped >= NUMBERS / 2)
      throw new ClusterError(`${this.#sender}: its message ${sequence} (${type}) came twice or late, after message ${this.#last}`);
    if (skipped > 0)
      throw new ClusterError(
        `${this.#sender}: ${skipped} of its messages were lost or overtaken: after message ${this.#last} came ${sequence} (${type})`,
      );
    this.#last = sequence;
  }
}
