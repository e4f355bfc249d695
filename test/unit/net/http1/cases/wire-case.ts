/** Bytes that a server sends in answer to one request, and what must become of them. */
export interface WireCase {
  readonly name: string;
  /** One byte a character. */
  readonly answer: string;
  readonly method: string;
  /** What the server does when it has sent them: keeps the connection, ends it in order, or resets it. */
  readonly after: 'keep' | 'end' | 'reset';
  /** `status body kept|closed` of an answer, else the kind of failure. */
  readonly outcome: string;
}

export function wireCase(
  name: string,
  answer: string,
  outcome: string,
  options: Partial<Pick<WireCase, 'method' | 'after'>> = {},
): WireCase {
  return { name, answer, outcome, method: 'GET', after: 'keep', ...options };
}

/** Status line and headers, each with CR LF, and the empty line. */
export function head(status: string, ...lines: string[]): string {
  return [`HTTP/1.1 ${status}`, ...lines, '', ''].join('\r\n');
}

/** A 200 with these header lines. */
export function ok(...lines: string[]): string {
  return head('200 OK', ...lines);
}

/** A body in chunks, last one and end included. */
export function chunks(...texts: string[]): string {
  return `${texts.map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('')}0\r\n\r\n`;
}
