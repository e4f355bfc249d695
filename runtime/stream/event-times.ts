import type { TokenFigures } from '../core/stream-plan.ts';

/** From first to last event, beside the time until the first, of an answer that nobody made piece by piece. */
const REPLAY_RATIO = 0.02;
const REPLAY_US = 1_000;
/** After a shorter wait all may have come at once because it is quick. */
const REPLAY_WAIT_US_MIN = 20_000;
/** Of fewer events nobody can tell. */
const REPLAY_EVENTS_MIN = 4;

/** When the events of one stream came; moments in monotonic µs. */
export class EventTimes {
  events = 0;
  firstAtUs = 0;
  lastAtUs = 0;
  stalls = 0;
  longestGapUs = 0;
  coalesced = 0;
  readonly #stallUs: number | undefined;

  /** @param stallUs - a longer gap is a stall; undefined: nobody asks for stalls */
  constructor(stallUs?: number) {
    this.#stallUs = stallUs;
  }

  /** @returns since the event before, µs; undefined: it is the first */
  add(atUs: number): number | undefined {
    this.events++;
    const lastAtUs = this.lastAtUs;
    this.lastAtUs = atUs;
    if (this.events === 1) {
      this.firstAtUs = atUs;
      return undefined;
    }
    const gapUs = atUs - lastAtUs;
    if (gapUs === 0) this.coalesced++;
    if (gapUs > this.longestGapUs) this.longestGapUs = gapUs;
    if (this.isStall(gapUs) === true) this.stalls++;
    return gapUs;
  }

  isStall(gapUs: number | undefined): boolean | undefined {
    return gapUs === undefined || this.#stallUs === undefined ? undefined : gapUs > this.#stallUs;
  }

  /** Stalls with the one that the stream was cut off in. @param cutOffAtUs - undefined: it came to its end */
  stallsUntil(cutOffAtUs: number | undefined): number {
    const isOpen = this.events > 0 && cutOffAtUs !== undefined && this.isStall(cutOffAtUs - this.lastAtUs) === true;
    return this.stalls + (isOpen ? 1 : 0);
  }

  /**
   * Whether the answer was made whole and then sent as if it were a stream: its length was known at its head, or its events came within next to no time after a
   * long wait for the first. One that is sent on with pauses between the events nobody can tell from a stream.
   * @returns undefined where there are too few events, or all was too quick, to tell
   */
  isReplayed(sentAtUs: number, hasLength: boolean): boolean | undefined {
    if (this.events < REPLAY_EVENTS_MIN) return undefined;
    if (hasLength) return true;
    const waitUs = this.firstAtUs - sentAtUs;
    if (waitUs < REPLAY_WAIT_US_MIN) return undefined;
    return this.lastAtUs - this.firstAtUs <= Math.max(REPLAY_US, waitUs * REPLAY_RATIO);
  }
}

/** When the tokens of one stream came. */
export class TokenTimes {
  #firstAtUs = 0;
  #lastAtUs = 0;
  #pieces = 0;

  /** @returns since the piece before, µs; undefined: it is the first */
  add(atUs: number): number | undefined {
    const gapUs = this.#pieces++ === 0 ? undefined : atUs - this.#lastAtUs;
    if (gapUs === undefined) this.#firstAtUs = atUs;
    this.#lastAtUs = atUs;
    return gapUs;
  }

  /** @param counted - tokens as the server says */
  figures(counted: number | undefined): TokenFigures {
    const [firstAtUs, lastAtUs, pieces] = [this.#firstAtUs, this.#lastAtUs, this.#pieces];
    return { firstAtUs, lastAtUs, pieces, count: counted ?? pieces, isCounted: counted !== undefined };
  }
}
