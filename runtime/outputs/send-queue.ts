/** What is queued: the payload, and what it counts for. */
export interface Parcel<Payload> {
  readonly payload: Payload;
  readonly points: number;
  /** About how much memory it takes. */
  readonly bytes: number;
}

/** The other side said that it will never take this: sending it again is of no use. */
export class RefusedError extends Error {}

export interface SendQueueOptions<Payload> {
  /** Rejects when it was not taken. */
  send(payload: Payload, signal: AbortSignal): Promise<void>;
}

/** Two minutes of seconds, or 32 MB: what is older is dropped. */
export const PARCELS_MAX = 120;
export const BYTES_MAX = 32 << 20;
const SEND_TIMEOUT_MS = 5_000;
const BACK_OFF_FIRST_MS = 500;
const BACK_OFF_MAX_MS = 8_000;
/** How long the end of a run waits for what is left. */
const CLOSE_PATIENCE_MS = 5_000;

/**
 * Sends parcels one after the other, in order, and never makes anybody wait: what cannot be sent is tried again with back-off, within a
 * bound; past it the oldest is dropped and counted.
 */
export class SendQueue<Payload> {
  readonly #send: SendQueueOptions<Payload>['send'];
  #waiting: Parcel<Payload>[] = [];
  #bytes = 0;
  #isBusy = false;
  #isClosing = false;
  #deadlineMs = Number.POSITIVE_INFINITY;
  #backOffMs = BACK_OFF_FIRST_MS;
  #hasSent = false;
  #points = 0;
  #dropped = 0;
  #problem = 'they came faster than they were taken';
  #wake: () => void = () => undefined;
  #idle: () => void = () => undefined;

  constructor({ send }: SendQueueOptions<Payload>) {
    this.#send = send;
  }

  push(parcel: Parcel<Payload>): void {
    this.#points += parcel.points;
    this.#waiting.push(parcel);
    this.#bytes += parcel.bytes;
    while (this.#waiting.length > PARCELS_MAX || (this.#bytes > BYTES_MAX && this.#waiting.length > 1)) this.#drop();
    if (!this.#isBusy) void this.#pump();
  }

  /** Sends what is left within five seconds; with one more attempt when nothing ever could be sent. @returns what was dropped, in words; none when nothing was */
  async close(): Promise<string[]> {
    this.#isClosing = true;
    this.#deadlineMs = Date.now() + CLOSE_PATIENCE_MS;
    this.#backOffMs = BACK_OFF_FIRST_MS;
    this.#wake();
    if (this.#isBusy)
      await new Promise<void>((idle) => {
        this.#idle = idle;
      });
    while (this.#waiting.length > 0) this.#drop();
    if (this.#dropped === 0) return [];
    return [`${this.#dropped} of ${this.#points} points could not be sent and were dropped: ${this.#problem}`];
  }

  async #pump(): Promise<void> {
    this.#isBusy = true;
    for (let parcel = this.#next(); parcel !== undefined; parcel = this.#next()) {
      try {
        await this.#sendInTime(parcel.payload);
        this.#hasSent = true;
        this.#backOffMs = BACK_OFF_FIRST_MS;
      } catch (error) {
        this.#problem = wordsOf(error);
        if (error instanceof RefusedError) this.#dropped += parcel.points;
        else {
          this.#waiting.unshift(parcel);
          this.#bytes += parcel.bytes;
          if (this.#isClosing && (!this.#hasSent || Date.now() + this.#backOffMs >= this.#deadlineMs)) break;
          await this.#backOff();
        }
      }
    }
    this.#isBusy = false;
    this.#idle();
  }

  #next(): Parcel<Payload> | undefined {
    return Date.now() < this.#deadlineMs ? this.#take() : undefined;
  }

  #drop(): void {
    this.#dropped += this.#take()?.points ?? 0;
  }

  #take(): Parcel<Payload> | undefined {
    const parcel = this.#waiting.shift();
    this.#bytes -= parcel?.bytes ?? 0;
    return parcel;
  }

  async #sendInTime(payload: Payload): Promise<void> {
    const giveUp = new AbortController();
    const timeoutMs = Math.max(1, Math.min(SEND_TIMEOUT_MS, this.#deadlineMs - Date.now()));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const error = new Error(`no answer within ${timeoutMs} ms`);
        giveUp.abort(error);
        reject(error);
      }, timeoutMs);
    });
    try {
      await Promise.race([this.#send(payload, giveUp.signal), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #backOff(): Promise<void> {
    const waitMs = this.#backOffMs;
    this.#backOffMs = Math.min(2 * waitMs, BACK_OFF_MAX_MS);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

const WORDS_MAX = 200;

/** The innermost reason: fetch says "fetch failed" and hides why. */
function wordsOf(error: unknown): string {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error) inner = inner.cause;
  if (inner instanceof AggregateError && inner.errors.length > 0) inner = inner.errors[0];
  const text = inner instanceof Error ? inner.message : String(inner);
  const line = text.replace(/\s+/g, ' ');
  return line.length > WORDS_MAX ? `${line.slice(0, WORDS_MAX)}…` : line; // marked: a credential may have been cut in two
}
