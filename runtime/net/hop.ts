import { monotonicUs, NO_MOMENT_US } from '../core/clock.ts';
import type { HttpHop } from '../core/records.ts';
import { AnswerBody } from './answer-body.ts';
import type { BodyBudget } from './body-budget.ts';
import { type BodyReader, type BodyStore, PassedBody } from './body-reader.ts';
import type { Failure, Stage } from './error-codes.ts';
import type { RequestBody } from './http-request.ts';
import { NO_HEADERS, type ResponseHeaders } from './response-headers.ts';
import type { Target } from './target.ts';

/** What goes over the wire in one hop. */
export interface HopRequest {
  readonly target: Target;
  readonly method: string;
  /** Name, value, name, value …; complete but for what HTTP itself needs (host, connection, content-length). */
  readonly headers: string[];
  readonly body: RequestBody;
  /** How long the body waits for a 100 where an `expect` header asks for one, µs; undefined: the default. */
  readonly continueUs: number | undefined;
  /** Undefined: the body is counted and dropped. */
  readonly bodyBytesMax: number | undefined;
  /** Shared with all requests of the worker. */
  readonly budget: BodyBudget;
  /** Gets the body of a successful answer as it comes; undefined: it is kept or dropped. */
  readonly reader: BodyReader | undefined;
}

/** The connection under a hop, as the hop sees it. */
export interface HopCarrier {
  readonly stage: Stage;
  /** Closes the connection; the hop does not hear of it. */
  abandon(hop: Hop): void;
}

export interface HopOwner {
  /** Called once, when the hop has ended; its `failure` tells how. */
  onHopEnd(hop: Hop): void;
}

/** One exchange on the wire: what goes out, what came back, and when. Whatever carries it tells it so. */
export class Hop {
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
  readyAtUs = NO_MOMENT_US;
  /** When the kernel had accepted the last byte. */
  sentAtUs = NO_MOMENT_US;
  firstByteAtUs = NO_MOMENT_US;
  endedAtUs = NO_MOMENT_US;
  /** When the read that is being worked off returned, for a body with a reader; 0: the connection does not say. */
  readAtUs = NO_MOMENT_US;
  connectingUs = 0;
  tlsUs = 0;
  bytesSent = 0;
  bytesReceived = 0;

  status = 0;
  headers: ResponseHeaders = NO_HEADERS;
  failure: Failure | undefined;
  /** Of the body so far, still encoded. */
  bodyBytes = 0;
  /** Whether it was not this body alone that was too large. */
  isOverBudget = false;
  /** Undefined: nothing of it is kept. */
  #body: BodyStore | undefined;
  /** The body is passed on as it comes. */
  #passed: PassedBody | undefined;

  constructor(request: HopRequest, askedAtUs: number, owner: HopOwner) {
    this.request = request;
    this.askedAtUs = askedAtUs;
    this.#owner = owner;
  }

  /** As it came, still encoded; undefined when there is none or it was not kept. */
  get body(): Buffer | undefined {
    return this.#body?.whole();
  }

  /** Nobody looks at the body any more. */
  releaseBody(): void {
    this.#body?.release?.();
  }

  get isEnded(): boolean {
    return this.endedAtUs !== 0;
  }

  /** The head of the real answer has come. */
  answered(status: number, headers: ResponseHeaders): void {
    this.status = status;
    this.headers = headers;
    const { reader } = this.request;
    if (reader === undefined || status < 200 || status > 299) return;
    this.#passed = new PassedBody(reader, this);
    this.#body = this.#passed;
    reader.onHead(this);
  }

  /** A read has just returned: whoever reads the body is told this moment with all that it brought. */
  readNow(): void {
    if (this.request.reader !== undefined) this.readAtUs = monotonicUs();
  }

  /** Where what comes of the body is to be put; undefined: it is counted alone. */
  get store(): BodyStore | undefined {
    if (this.#passed !== undefined) return this.#passed;
    if (this.request.bodyBytesMax === undefined) return undefined;
    this.#body ??= new AnswerBody(this.request.budget.rooms);
    return this.#body;
  }

  /** Counts bytes of the body. @returns whether there is room for them; the hop must fail where there is none */
  count(bytes: number): boolean {
    this.bodyBytes += bytes;
    const bytesMax = this.request.bodyBytesMax;
    if (bytesMax === undefined || this.isEnded || this.#passed !== undefined) return true;
    this.isOverBudget = !this.request.budget.take(bytes);
    if (this.bodyBytes <= bytesMax && !this.isOverBudget) return true;
    this.#body = undefined;
    return false;
  }

  /** The answer is whole: its end is now. Whoever carries it then says so with {@link tell}, when its connection is free for the next hop. */
  end(): void {
    this.endedAtUs = monotonicUs();
    if (this.request.bodyBytesMax !== undefined && this.#passed === undefined) this.request.budget.giveBack(this.bodyBytes);
  }

  tell(): void {
    this.#owner.onHopEnd(this);
  }

  /** Forgets the first connection, but not when it was asked for. */
  repeat(): void {
    this.isRepeated = true;
    this.isSentTwice = this.readyAtUs !== 0;
    this.readyAtUs = NO_MOMENT_US;
    this.sentAtUs = NO_MOMENT_US;
  }

  /** Ends the hop without a response. */
  fail(failure: Failure): void {
    if (this.isEnded) return;
    this.failure = failure;
    this.end();
    this.#owner.onHopEnd(this);
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
