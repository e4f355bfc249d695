import type { Dial } from './dial.ts';
import type { Hop } from './hop.ts';

/** Bytes of one connection, told apart by the hops that it carries one after the other. */
export class WireCount {
  /** Of all hops so far. */
  sent = 0;
  received = 0;
  /** Hops that have been served. */
  served = 0;

  /** Adds to a hop what it took: bytes since the last one, and for the first the dial, TLS handshake included. @param sent - bytes since the connection began, as is `received` */
  take(hop: Hop, dial: Dial, { sent, received }: { sent: number; received: number }): void {
    if (this.served === 0) {
      hop.connectingUs = dial.connectingUs;
      hop.tlsUs = dial.tlsUs;
    }
    // what went out before it was repeated was sent as well
    hop.bytesSent += sent - this.sent;
    hop.bytesReceived += received - this.received;
    this.sent = sent;
    this.received = received;
  }
}
