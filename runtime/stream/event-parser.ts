/** One event as its format has it. */
export interface ParsedEvent {
  readonly data: string;
  /** Of SSE its name, of a part its content-type; else `message`. */
  readonly type: string;
  /** Of SSE, that of the last event that had one; empty: none. */
  readonly id: string;
  readonly bytes: number;
  /** When the read that completed it returned, monotonic µs. */
  readonly atUs: number;
}

export type OnEvent = (event: ParsedEvent) => void;

/** Bytes → events, however they are split. Pure: no socket, no clock. */
export interface EventParser {
  /** @param atUs - when the read that brought these bytes returned @throws {StreamFault} on what the format forbids, or an event that is too large */
  push(bytes: Buffer, from: number, to: number, atUs: number): void;
  /** The body has ended in order. @throws {StreamFault} when an event is not complete that had to be */
  end(): void;
}
