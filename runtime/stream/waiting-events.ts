import { STREAM_LIMITS } from '../core/stream-plan.ts';
import type { ParsedEvent } from './event-parser.ts';

/** An event as a script sees it, but for its times, which are relative to moments that the script knows. */
interface WaitingEvent {
  readonly event: ParsedEvent;
  readonly gapUs: number;
  readonly token: string;
}

/** Since when the times of events are told, monotonic µs. */
export interface Origin {
  readonly sentAtUs: number;
  readonly dueAtUs: number;
}

/** Events that a script has not read yet: few, or the stream ends. */
export class WaitingEvents {
  readonly #countMax: number;
  #events: WaitingEvent[] = [];
  #length = 0;

  constructor(countMax: number = STREAM_LIMITS.waiting) {
    this.#countMax = countMax;
  }

  get count(): number {
    return this.#events.length;
  }

  /** @returns false: there is no room, and it is not kept */
  add(event: ParsedEvent, gapUs: number | undefined, token: string): boolean {
    const length = this.#length + event.data.length + token.length;
    if (this.#events.length >= this.#countMax || length > STREAM_LIMITS.waitingBytes) return false;
    this.#length = length;
    this.#events.push({ event, gapUs: gapUs ?? 0, token });
    return true;
  }

  clear(): void {
    this.#events = [];
    this.#length = 0;
  }

  /** Takes the oldest out, as many as may cross at once. @returns rows of data, type, id, bytes, µs since sent, µs since due, µs since the one before, token; and when the last came */
  take(origin: Origin): { rows: readonly unknown[]; lastAtUs: number } {
    let [count, length] = [0, 0];
    while (count < this.#events.length && count < STREAM_LIMITS.crossingEvents) {
      const { event, token } = this.#events[count] as WaitingEvent;
      length += event.data.length + token.length;
      if (count > 0 && length > STREAM_LIMITS.crossingBytes) break;
      count++;
    }
    const taken = this.#events.splice(0, count);
    for (const { event, token } of taken) this.#length -= event.data.length + token.length;
    const rows = taken.map(({ event: { data, type, id, bytes, atUs }, gapUs, token }) => [
      ...[data, type, id, bytes],
      ...[atUs - origin.sentAtUs, atUs - origin.dueAtUs, gapUs, token],
    ]);
    return { rows, lastAtUs: taken.at(-1)?.event.atUs ?? 0 };
  }
}
