const QUOTED_BYTES_MAX = 40;

/** The other side ended the connection before its answer was whole. */
export class CutAnswer extends Error {
  readonly code = 'SR_CUT_ANSWER';
}

/** What came is no answer of HTTP/1.1. */
export class BadAnswer extends Error {
  readonly code = 'SR_BAD_ANSWER';

  /** @param fault - one line for people @param seen - what it began with; undefined where that says nothing */
  constructor(fault: string, seen: Buffer | undefined) {
    super(seen === undefined ? fault : `${fault} (it began with ${quoted(seen)})`);
  }
}

/** What it looks like when the server had closed, or then closes, a connection that was idle. */
export function isStaleError(error: Error): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof CutAnswer || code === 'ECONNRESET' || code === 'EPIPE';
}

/** The first line, of what can be printed. */
function quoted(bytes: Buffer): string {
  const text = bytes.toString('latin1', 0, QUOTED_BYTES_MAX).split(/[\r\n]/, 1)[0] ?? '';
  return JSON.stringify(text.replaceAll(/[^\x20-\x7e]/g, '?'));
}
