import type { HttpFailureKind } from '../core/records.ts';

/** Why a stream cannot go on. The message is one line for people, and says whose doing it is. */
export class StreamFault extends Error {
  readonly code = 'SR_STREAM';
  readonly kind: HttpFailureKind;

  constructor(kind: HttpFailureKind, message: string) {
    super(message);
    this.name = 'StreamFault';
    this.kind = kind;
  }
}

export function tooLarge(bytesMax: number): StreamFault {
  return new StreamFault('body-too-large', `an event of the stream is larger than ${bytesMax} bytes (maxEventBytes of the request)`);
}

/** What came, shortened, for a message. */
export function beginningOf(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
