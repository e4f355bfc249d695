import { isHeaderName, isHeaderValue, isOurs } from '../../core/header-rules.ts';
import { FailureError } from '../error-codes.ts';
import type { HopRequest } from '../hop.ts';
import type { RequestBody } from '../http-request.ts';
import { proxyAuthorizationOf, requestTargetOf } from '../proxy.ts';
import type { Target } from '../target.ts';

/** Methods that say how long their body is, though it be empty (RFC 9110, 8.6). */
const SAYS_LENGTH: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** Larger bodies are not copied to spare a piece of a write; nor is more of them, all together. */
const JOINED_BYTES_MAX = 256 * 1024;
const JOINED_BYTES_ALL = 16 * 1024 * 1024;

/** The head of a request as it goes out, for as many requests as are the same. */
export interface RequestText {
  readonly method: string;
  /** As the request has them: one that is the same array has the same headers. */
  readonly headers: readonly string[];
  /** Undefined: no length is said. */
  readonly bodyBytes: number | undefined;
  /** With the empty line at the end; one byte a character. */
  readonly text: string;
  /** Whether it asks for the connection to be closed. */
  readonly closes: boolean;
  /** Whether it asks for a 100 before its body is sent. */
  readonly expects: boolean;
  /** Body of the last request that had one, so that one which comes again goes out with its head as one buffer; and that buffer, from the second time on. */
  lastBody: Buffer | undefined;
  joined: Buffer | undefined;
  /** Whether that buffer went out since its room was last asked for. */
  isInUse: boolean;
}

/** Heads of requests by target, so that a request that comes again costs no text. One per worker. */
export class RequestTexts {
  readonly #last = new WeakMap<Target, RequestText>();
  readonly #reuses: boolean;
  /** Those that have a buffer, in the order in which their room is asked for: a target that nobody asks any more is known by nothing else. */
  readonly #joined = new Set<RequestText>();
  #joinedBytes = 0;

  /** @param reuses - false: each request asks for its connection to be closed */
  constructor(reuses: boolean) {
    this.#reuses = reuses;
  }

  /** @param bodyBytes - undefined: no body @throws {FailureError} when a header cannot be sent */
  of(request: HopRequest, bodyBytes: number | undefined): RequestText {
    const { target, method, headers } = request;
    const said =
      bodyBytes === undefined || (bodyBytes === 0 && !SAYS_LENGTH.has(method)) ? (SAYS_LENGTH.has(method) ? 0 : undefined) : bodyBytes;
    const last = this.#last.get(target);
    if (last !== undefined && last.headers === headers && last.method === method && last.bodyBytes === said) return last;
    const made = textOf(request, said, !this.#reuses);
    if (last !== undefined) this.#separate(last);
    this.#last.set(target, made);
    return made;
  }

  /** Head and body in one buffer, where this very body went out with this head the last time. @returns undefined: they go out as they are */
  joined(text: RequestText, body: RequestBody): Buffer | undefined {
    if (!Buffer.isBuffer(body) || body.length > JOINED_BYTES_MAX) return undefined;
    if (text.lastBody !== body) {
      this.#separate(text);
      text.lastBody = body;
    } else if (text.joined !== undefined) text.isInUse = true;
    else if (this.#hasRoom()) {
      text.joined = Buffer.concat([Buffer.from(text.text, 'latin1'), body]);
      this.#joinedBytes += text.joined.length;
      this.#joined.add(text);
    }
    return text.joined;
  }

  /** Looks at one buffer where there is none: it goes when nobody used it since it was last looked at. */
  #hasRoom(): boolean {
    if (this.#joinedBytes < JOINED_BYTES_ALL) return true;
    const [oldest] = this.#joined;
    if (oldest === undefined) return false;
    if (!oldest.isInUse) {
      this.#separate(oldest);
      return this.#joinedBytes < JOINED_BYTES_ALL;
    }
    oldest.isInUse = false;
    this.#joined.delete(oldest);
    this.#joined.add(oldest);
    return false;
  }

  #separate(text: RequestText): void {
    if (!this.#joined.delete(text)) return;
    this.#joinedBytes -= text.joined?.length ?? 0;
    text.joined = undefined;
    text.isInUse = false;
  }
}

function textOf({ target, method, headers }: HopRequest, bodyBytes: number | undefined, mustClose: boolean): RequestText {
  if (!isHeaderName(method) || method === 'CONNECT') throw notSendable(target, `invalid request method ${JSON.stringify(method)}`);
  let host = target.origin.slice(target.origin.indexOf('//') + 2);
  let closes = mustClose;
  let expects = false;
  let lines = '';
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const [name, value] = [headers[i] as string, headers[i + 1] as string];
    if (!isHeaderName(name) || !isHeaderValue(value)) throw notSendable(target, `invalid ${name} header`);
    const lower = name.toLowerCase();
    if (lower === 'expect' && /^\s*100-continue\s*$/i.test(value)) expects = bodyBytes !== undefined && bodyBytes > 0;
    else if (lower === 'host') host = value;
    else if (!isOurs(lower)) lines += `${name}: ${value}\r\n`;
    else if (lower === 'connection') closes ||= /(?:^|,)\s*close\s*(?:,|$)/i.test(value);
  }
  const proxys = proxyAuthorizationOf(target);
  if (proxys !== undefined) lines += `proxy-authorization: ${proxys}\r\n`;
  // without a body there is nothing to wait for, and it must not be asked (RFC 9110, 10.1.1)
  if (expects) lines += 'expect: 100-continue\r\n';
  const length = bodyBytes === undefined ? '' : `content-length: ${bodyBytes}\r\n`;
  const connection = closes ? 'close' : 'keep-alive';
  const text = `${method} ${requestTargetOf(target)} HTTP/1.1\r\nhost: ${host}\r\nconnection: ${connection}\r\n${lines}${length}\r\n`;
  return { method, headers, bodyBytes, text, closes, expects, lastBody: undefined, joined: undefined, isInUse: false };
}

function notSendable(target: Target, why: string): FailureError {
  return new FailureError({ kind: 'other', errorCode: 1000, error: `${target.origin}: ${why}` });
}
