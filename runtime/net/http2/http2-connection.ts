import {
  type ClientHttp2Stream,
  constants,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { monotonicUs } from '../../core/clock.ts';
import { bodyTooLarge, type Connection, type ConnectionOptions, type ConnectionOwner, isRepeatable } from '../connection.ts';
import { type Failure, failureOf, type Stage } from '../error-codes.ts';
import type { Hop } from '../hop.ts';
import { KeptConnection } from '../kept-connection.ts';
import { HeaderBuffers } from '../response-headers.ts';
import type { Http2Session, StreamOwner } from './http2-session.ts';

/** As with HTTP/1.1. */
const CONTINUE_US_DEFAULT = 1_000_000;
const { NGHTTP2_CANCEL, NGHTTP2_NO_ERROR, NGHTTP2_REFUSED_STREAM } = constants;
/** RFC 9113, 8.2.2: these are of one connection of HTTP/1.1. */
const OF_HTTP1: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** A place for one stream after the other on a connection of HTTP/2 that others share. */
export class Http2Connection implements Connection, StreamOwner {
  readonly #session: Http2Session;
  readonly #owner: ConnectionOwner;
  readonly #kept: KeptConnection;
  readonly #reuses: boolean;
  #hop: Hop | undefined;
  #stream: ClientHttp2Stream | undefined;
  /** Of the connection, when the stream was opened. */
  #bytesReadBefore = 0;
  #hasServed = false;
  #isOver = false;

  constructor(session: Http2Session, options: ConnectionOptions, owner: ConnectionOwner) {
    this.#session = session;
    this.#owner = owner;
    this.#kept = new KeptConnection(options.keepAlive);
    this.#reuses = options.keepAlive?.reuses !== false;
    session.join(this);
  }

  get stage(): Stage {
    return this.#session.stage;
  }

  isUsable(nowUs: number): boolean {
    if (this.#session.isOpen && this.#kept.isUsable(nowUs)) return true;
    this.destroy();
    return false;
  }

  start(hop: Hop): void {
    this.#hop = hop;
    hop.carrier = this;
    this.#session.ask(this);
  }

  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#cancel();
    this.#session.leave(this);
  }

  /** Of the connection only the stream is given up. */
  abandon(hop: Hop): void {
    hop.carrier = undefined;
    this.#hop = undefined;
    // Node does not tell of a connection whose frames it could not read: one that says nothing is not asked again
    if (this.#stream !== undefined && this.#session.bytesRead === this.#bytesReadBefore) this.#session.retire();
    this.#cancel(hop);
    this.destroy();
    this.#owner.onLost(this);
  }

  onRoom(): void {
    const hop = this.#hop;
    if (hop === undefined) return;
    const { request } = hop;
    hop.readyAtUs = monotonicUs();
    if (!this.#hasServed) this.#kept.born(this.#session.bornAtUs);
    this.#kept.taken(hop.readyAtUs, this.#session.quietSinceUs(hop.readyAtUs));
    const bytes = bytesOf(request.body);
    const headers = headersOf(hop, bytes);
    let stream: ClientHttp2Stream;
    try {
      stream = this.#session.open(headers, bytes === undefined);
    } catch (error) {
      this.#hop = undefined;
      this.#owner.onFree(this);
      hop.fail(failureOf(error, 'exchange', request.target.origin));
      return;
    }
    this.#stream = stream;
    this.#bytesReadBefore = this.#session.bytesRead;
    stream.on('headers', () => undefined); // informational: the response follows
    stream.on('response', (headers) => this.#onHead(hop, headers));
    stream.on('data', (chunk: Buffer) => this.#onData(hop, chunk));
    stream.on('end', () => this.#complete(hop));
    stream.on('error', (error) => this.#onBroken(hop, error));
    stream.on('close', () => this.#onBroken(hop, undefined));
    if (bytes === undefined) hop.sentAtUs = hop.readyAtUs;
    else {
      stream.once('finish', () => {
        if (this.#hop === hop && hop.firstByteAtUs === 0) hop.sentAtUs = monotonicUs();
      });
      const send = (): void => write(stream, request.body as Exclude<typeof request.body, undefined>);
      if (headers['expect'] !== undefined) this.#sendWhenWanted(hop, stream, send);
      else send();
    }
  }

  /** The body waits for a 100, or for as long as the request says; an answer that comes before is all there is. */
  #sendWhenWanted(hop: Hop, stream: ClientHttp2Stream, send: () => void): void {
    const begin = (): void => {
      clearTimeout(timer);
      if (this.#hop === hop && hop.status === 0) send();
    };
    const timer = setTimeout(begin, (hop.request.continueUs ?? CONTINUE_US_DEFAULT) / 1_000);
    stream.once('continue', begin);
    stream.once('close', () => clearTimeout(timer));
  }

  onNoSession(failure: Failure): void {
    this.#isOver = true;
    const hop = this.#hop;
    this.#hop = undefined;
    this.#owner.onLost(this);
    hop?.fail(failure);
  }

  onSessionLost(): void {
    const hop = this.#hop;
    if (hop !== undefined && this.#stream !== undefined) return; // its stream says why
    this.destroy();
    if (hop === undefined) this.#owner.onLost(this);
    else {
      this.#hop = undefined;
      this.#owner.onStale(this, hop); // nothing of it was sent
    }
  }

  #onHead(hop: Hop, headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    if (this.#hop !== hop) return;
    hop.firstByteAtUs = monotonicUs();
    hop.answered(headers[':status'] ?? 0, new HeaderBuffers(rawOf(headers)));
  }

  #onData(hop: Hop, chunk: Buffer): void {
    if (this.#hop !== hop) return;
    if (hop.count(chunk.length)) hop.store?.keep(chunk);
    else {
      this.abandon(hop);
      hop.fail(bodyTooLarge(hop));
    }
  }

  #complete(hop: Hop): void {
    // a stream that was reset ends for its readers as well; `close` follows and says why
    if (this.#hop !== hop || hop.status === 0 || this.#stream?.rstCode !== NGHTTP2_NO_ERROR || isShort(hop)) return;
    hop.end();
    this.#hop = undefined;
    this.#hasServed = true;
    this.#endStream(hop, NGHTTP2_NO_ERROR);
    if (this.#reuses && this.#session.isOpen && this.#kept.freed(hop.endedAtUs, undefined)) this.#owner.onFree(this);
    else {
      this.destroy();
      this.#owner.onLost(this);
    }
    hop.tell();
  }

  #onBroken(hop: Hop, error: unknown): void {
    if (this.#hop !== hop) return;
    const code = this.#stream?.rstCode ?? 0;
    this.#hop = undefined;
    const failure = this.#session.failureOfStream(code, error);
    const isStale = hop.firstByteAtUs === 0 && this.#session.isStale;
    this.#cancel(hop);
    this.destroy();
    // the server has not begun to work on it (RFC 9113, 8.7): it may go out again, whatever its method
    if (code === NGHTTP2_REFUSED_STREAM && !hop.isRepeated) return this.#owner.onStale(this, hop);
    if (isStale && isRepeatable(hop)) return this.#owner.onStale(this, hop);
    this.#owner.onLost(this);
    hop.fail(isStale ? this.#kept.explain(failure) : failure);
  }

  #cancel(hop?: Hop): void {
    if (this.#stream !== undefined) this.#endStream(hop, NGHTTP2_CANCEL);
  }

  /** What is still to be sent is not. */
  #endStream(hop: Hop | undefined, code: number): void {
    const stream = this.#stream as ClientHttp2Stream;
    this.#stream = undefined;
    if (!stream.closed) stream.close(stream.writableFinished ? code : NGHTTP2_CANCEL);
    this.#session.closed(hop, code === NGHTTP2_NO_ERROR);
  }
}

/** Whether less has come than the answer was to have. Without a length none can tell a stream that was reset with NO_ERROR from one that is through. */
function isShort({ status, headers, bodyBytes, request: { method } }: Hop): boolean {
  if (method === 'HEAD' || status === 204 || status === 304) return false;
  const length = headers.first('content-length');
  return length !== undefined && Number(length.toString('latin1')) !== bodyBytes;
}

/** Undefined: no body at all. */
function bytesOf(body: Hop['request']['body']): number | undefined {
  if (body === undefined) return undefined;
  if (typeof body === 'string') return Buffer.byteLength(body);
  return Buffer.isBuffer(body) ? body.length : body.reduce((sum, part) => sum + part.length, 0);
}

function write(stream: ClientHttp2Stream, body: string | Buffer | readonly Buffer[]): void {
  if (typeof body === 'string' || Buffer.isBuffer(body)) stream.end(body);
  else {
    for (const part of body) stream.write(part);
    stream.end();
  }
}

/** Names in lower case; those that come several times as a list. */
function headersOf({ request: { method, target, headers } }: Hop, bytes: number | undefined): OutgoingHttpHeaders {
  const out: Record<string, string | string[]> = {
    ':method': method,
    ':path': target.path,
    ':scheme': target.isTls ? 'https' : 'http',
    ':authority': target.origin.slice(target.origin.indexOf('//') + 2),
  };
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const [name, value] = [(headers[i] as string).toLowerCase(), headers[i + 1] as string];
    if (name === 'host') out[':authority'] = value;
    if (OF_HTTP1.has(name) || (name === 'te' && value !== 'trailers')) continue;
    // without a body there is nothing to wait for, and it must not be asked (RFC 9110, 10.1.1)
    if (name === 'expect' && (bytes ?? 0) === 0) continue;
    const known = out[name];
    out[name] = known === undefined ? value : [known, value].flat();
  }
  if (bytes !== undefined) out['content-length'] ??= String(bytes);
  return out;
}

/** Name, value, name, value …; Node has joined what came several times, but for cookies. */
function rawOf(headers: IncomingHttpHeaders): Buffer[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(':') || value === undefined ? [] : [value].flat().flatMap((each) => [Buffer.from(name), Buffer.from(each, 'latin1')]),
  );
}
