import type { HookEnd } from '../core/mailbox.ts';
import type { StallPlace } from '../core/stall-cell.ts';
import type { HookDone } from './few-at-once.ts';

interface HookCall {
  readonly token: number;
  readonly place: StallPlace;
  /** The first error that its VU lost while it ran: nobody awaited it. */
  fault: string | undefined;
}

/** Hooks and module levels that run: at most one in each VU. Their tokens are negative, those of iterations are not. */
export class HookCalls {
  readonly #byVu = new Map<number, HookCall>();
  readonly #byToken = new Map<number, HookDone>();
  #lastToken = 0;

  /** @returns the token that the guest is to end it with */
  begin(place: StallPlace, done: HookDone): number {
    const { vu } = place;
    const token = --this.#lastToken;
    this.#byVu.set(vu, { token, place, fault: undefined });
    this.#byToken.set(token, (end, text) => {
      // what it lost in its last turn is told after the turn
      setImmediate(() => {
        const fault = this.#byVu.get(vu)?.fault;
        this.#byVu.delete(vu);
        if (end === 'done' && fault !== undefined) done('threw', fault);
        else done(end, text);
      });
    });
    return token;
  }

  /** The guest says so; one that it made up is not heard. */
  ended(token: number, end: HookEnd, text: string): void {
    const done = this.#byToken.get(token);
    this.#byToken.delete(token);
    done?.(end, text);
  }

  /** Undefined: none runs in that VU. */
  tokenOf(vu: number): number | undefined {
    return this.#byVu.get(vu)?.token;
  }

  placeOf(vu: number): StallPlace | undefined {
    return this.#byVu.get(vu)?.place;
  }

  /** An error of a VU that nobody awaited. @returns false when no hook runs in it */
  lost(vu: number, text: string): boolean {
    const call = this.#byVu.get(vu);
    if (call !== undefined) call.fault ??= text;
    return call !== undefined;
  }
}
