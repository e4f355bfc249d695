import { ClusterError } from '../core/errors.ts';

/** A worker says four beats and a snapshot a second, up to 200 logs, and whatever pictures its users inspect: some thousand at the very most. */
export const MESSAGES_PER_SECOND_MAX = 5_000;
export const BYTES_PER_SECOND_MAX = 256 << 20;
/** How many seconds' worth may come at once, such as pictures of all users after a pause. */
const BURST_S = 4;

/** How much one worker may say: a flood of messages would starve the coordinator, and with it all other workers. */
export class MessageGate {
  #messagesLeft = MESSAGES_PER_SECOND_MAX * BURST_S;
  #bytesLeft = BYTES_PER_SECOND_MAX * BURST_S;
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** One more message. @throws {ClusterError} when it is one too many */
  pass(bytes: number, nowMs: number): void {
    const passedS = Math.max(0, nowMs - this.#lastMs) / 1_000;
    this.#lastMs = nowMs;
    this.#messagesLeft = Math.min(this.#messagesLeft + passedS * MESSAGES_PER_SECOND_MAX, MESSAGES_PER_SECOND_MAX * BURST_S) - 1;
    this.#bytesLeft = Math.min(this.#bytesLeft + passedS * BYTES_PER_SECOND_MAX, BYTES_PER_SECOND_MAX * BURST_S) - bytes;
    if (this.#messagesLeft < 0) throw new ClusterError(`a worker sent more than ${MESSAGES_PER_SECOND_MAX} messages a second`);
    if (this.#bytesLeft < 0) throw new ClusterError(`a worker sent more than ${BYTES_PER_SECOND_MAX} bytes a second`);
  }
}
