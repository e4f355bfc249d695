/** What a user's connections to one origin resume the TLS session of; it stays with that user. */
export class TlsSession {
  /** As the server gave it last; undefined: there was none yet. */
  ticket: Buffer | undefined;
}
