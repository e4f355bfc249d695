import { RequestTexts } from './request-text.ts';

const READ_BYTES = 64 * 1024;

/** What all connections of a worker share. */
export class Http1Shared {
  /** What a connection reads into; whoever wants to keep something copies it before the read's callback returns. */
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  readonly texts: RequestTexts;

  /** @param reuses - whether a connection carries more than one request */
  constructor(reuses: boolean) {
    this.texts = new RequestTexts(reuses);
  }
}
