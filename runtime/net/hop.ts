import type { Dispatcher } from 'undici';
import { monotonicUs } from '../core/clock.ts';
import type { HttpHop } from '../core/records.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Failure, Stage } from './error-codes.ts';
import type { RequestBody } from './http-request.ts';
import type { Target } from './target.ts';

/** What goes over the wire in one hop. */
export interface HopRequest {
  readonly target: Target;
  readonly method: string;
  /** Name, value, name, value …; complete but for what HTTP itself needs (host, connection, content-length). */
  readonly headers: string[];
  readonly body: RequestBody;
  /** Undefined: the body is counted and dropped. */
  readonly bodyBytesMax: number | undefined;
  /** Shared with all requests of the worker. */
  readonly budget: BodyBudget;
}

/** The connection under a hop, as the hop sees it. */
export interface HopCarrier {
  readonly stage: Stage;
  /** What broke the connection under an answer; undefined while it holds, and where it was closed in order. */
  readonly brokenBy: Error | undefined;
  /** The response begins, to a request with a body. */
  onFirstByte(hop: Hop): void;
  onComplete(hop: Hop): void;
  /** Closes the connection. */
  onError(hop: Hop, error: Error): void;
  onTooLarge(hop: Hop): void;
  /** Closes the connection; the hop does not hear of it. */
  abandon(hop: Hop): void;
}

export interface HopOwner {
  /** Called once, when the hop has ended; its `failure` tells how. */
  onHopEnd(hop: Hop): void;
}

const NO_HEADERS: readonly Buffer[] = [];

/**
 * One exchange on the wire, as undici reports it. Implements undici's older handler interface on purpose: that is the one its
 * client calls; the newer one is a wrapper that parses all headers into an object.
 */
export class Hop implements Dispatcher.DispatchHandler {
  readonly request: HopRequest;
  readonly askedAtUs: number;
  readonly #owner: HopOwner;
  /** Undefined while it waits for a connection. */
  carrier: HopCarrier | undefined;
  /** Whether it is on its second connection, because the server had closed the first while that was idle. */
  isRepeated = false;
  /** Whether the first connection had been written to: the server may have seen it twice. */
  isSentTwice = false;

  /** Moments in monotonic µs; 0: not yet. */
  readyAtUs = 0;
  /** When the kernel had accepted the last byte. */
  sentAtUs = 0;
  firstByteAtUs = 0;
  endedAtUs = 0;
  connectingUs = 0;
  tlsUs = 0;
  bytesSent = 0;
  bytesReceived = 0;

  status = 0;
  headers: readonly Buffer[] = NO_HEADERS;
  failure: Failure | undefined;
  /** Of the body so far, still encoded. */
  bodyBytes = 0;
  /** Whether it was not this body alone that was too large. */
  isOverBudget = false;
  #chunk: Buffer | undefined;
  #chunks: Buffer[] | undefined;
  #hasCompleted = false;

  constructor(request: HopRequest, askedAtUs: number, owner: HopOwner) {
    this.request = request;
    this.askedAtUs = askedAtUs;
    this.#owner = owner;
  }

  /** As it came, still encoded; undefined when there is none or it was not kept. */
  get body(): Buffer | undefined {
    return this.#chunks === undefined ? this.#chunk : Buffer.concat(this.#chunks, this.bodyBytes);
  }

  get isEnded(): boolean {
    return this.endedAtUs !== 0;
  }

  onConnect(): void {
    this.readyAtUs = monotonicUs();
  }

  onResponseStarted(): void {
    if (this.firstByteAtUs !== 0) return;
    this.firstByteAtUs = monotonicUs();
    if (this.request.body !== undefined) this.carrier?.onFirstByte(this);
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    if (status < 200) {
      this.firstByteAtUs = 0; // informational: the response, and the end of waiting, follows
      return true;
    }
    this.status = status;
    this.headers = headers;
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bodyBytes += chunk.length;
    const bytesMax = this.request.bodyBytesMax;
    if (bytesMax === undefined || this.isEnded) return true;
    this.isOverBudget = !this.request.budget.take(chunk.length);
    if (this.bodyBytes > bytesMax || this.isOverBudget) {
      this.#chunks = undefined;
      this.#chunk = undefined;
      this.carrier?.onTooLarge(this);
    } else if (this.#chunk === undefined) this.#chunk = chunk;
    else if (this.#chunks === undefined) this.#chunks = [this.#chunk, chunk];
    else this.#chunks.push(chunk);
    return true;
  }

  onComplete(): void {
    if (this.isEnded) return;
    const brokenBy = this.carrier?.brokenBy;
    if (brokenBy === undefined) this.complete();
    else this.carrier?.onError(this, brokenBy);
  }

  /** The answer is whole. */
  complete(): void {
    this.#hasCompleted = true;
    this.#end();
    this.carrier?.onComplete(this);
    this.#owner.onHopEnd(this);
  }

  onError(error: Error): void {
    // undici catches what is thrown under onComplete and hands it back here: that is our bug, and must not vanish.
    if (this.#hasCompleted)
      setImmediate(() => {
        throw error;
      });
    else if (!this.isEnded) this.carrier?.onError(this, error);
  }

  /** Forgets the first connection, but not when it was asked for. */
  repeat(): void {
    this.isRepeated = true;
    this.isSentTwice = this.readyAtUs !== 0;
    this.readyAtUs = 0;
    this.sentAtUs = 0;
  }

  /** Ends the hop without a response. */
  fail(failure: Failure): void {
    if (this.isEnded) return;
    this.failure = failure;
    this.#end();
    this.#owner.onHopEnd(this);
  }

  #end(): void {
    this.endedAtUs = monotonicUs();
    if (this.request.bodyBytesMax !== undefined) this.request.budget.giveBack(this.bodyBytes);
  }

  /** The hop as the metrics see it; phases that were not reached are 0, the one that was cut off runs to the end. */
  record(errorCode: number): HttpHop {
    const endedAtUs = this.endedAtUs;
    const readyAtUs = this.readyAtUs === 0 ? endedAtUs : this.readyAtUs;
    const firstByteAtUs = this.firstByteAtUs === 0 ? endedAtUs : this.firstByteAtUs;
    // A response may begin before the request is through: then sending ends there.
    const sentAtUs = this.sentAtUs === 0 || this.sentAtUs > firstByteAtUs ? firstByteAtUs : this.sentAtUs;
    return {
      method: this.request.method,
      url: this.request.target.url,
      status: this.status,
      errorCode,
      blockedUs: readyAtUs - this.askedAtUs,
      connectingUs: this.connectingUs,
      tlsUs: this.tlsUs,
      sendingUs: sentAtUs - readyAtUs,
      waitingUs: firstByteAtUs - sentAtUs,
      receivingUs: endedAtUs - firstByteAtUs,
      bytesSent: this.bytesSent,
      bytesReceived: this.bytesReceived,
      isSentTwice: this.isSentTwice,
    };
  }
}
