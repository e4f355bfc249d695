import { monotonicUs } from '../core/clock.ts';

/** Errors of the system that say that this machine, not the target, has no socket left to give. */
const OWN_ERRORS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** What dialling was like since the last look. */
export interface DialTrouble {
  /** Longest wait of one connection for others of this process that were being set up. */
  readonly connectQueueUsMax: number;
  /** Sockets that this machine could not open. */
  readonly ownSocketErrors: number;
}

/**
 * The part of dialling that is the generator's own doing. A process sets its connections up one after the other: from the wish to the system's
 * `connect` others come first, and of those that are found connected in the same turn of the event loop the last waits for all before it.
 */
export class DialWatch {
  #queueUsMax = 0;
  #ownErrors = 0;
  /** When the first connection of this turn of the event loop was found ready; undefined: none yet. */
  #turnFromUs: number | undefined;
  readonly #endTurn = (): void => {
    this.#turnFromUs = undefined;
  };

  /** The attempt to connect has begun, so long after it was wished for. */
  begun(waitedUs: number): void {
    if (waitedUs > this.#queueUsMax) this.#queueUsMax = waitedUs;
  }

  /** A connection is there. @param waitedUs - what it had waited before its attempt @param nowUs - monotonic µs */
  ready(waitedUs: number, nowUs: number = monotonicUs()): void {
    if (this.#turnFromUs === undefined) {
      this.#turnFromUs = nowUs;
      setImmediate(this.#endTurn);
    }
    this.begun(waitedUs + nowUs - this.#turnFromUs);
  }

  failed(error: Error): void {
    if (isOwnSocketError(error)) this.#ownErrors++;
  }

  take(): DialTrouble {
    const trouble = { connectQueueUsMax: this.#queueUsMax, ownSocketErrors: this.#ownErrors };
    this.#queueUsMax = this.#ownErrors = 0;
    return trouble;
  }
}

/** Whether it is this machine that has no socket to give. A name with several addresses fails with an error for each. */
function isOwnSocketError(error: Error): boolean {
  const attempts: readonly unknown[] = error instanceof AggregateError && error.errors.length > 0 ? error.errors : [error];
  return OWN_ERRORS.has(String((attempts.at(-1) as NodeJS.ErrnoException).code));
}
