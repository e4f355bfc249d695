import type { HttpFailureKind, HttpHop, HttpOutcome, ServerTiming } from '../core/records.ts';
import type { ResponseHeaders } from './response-headers.ts';

interface OutcomeFields {
  kind: 'response' | HttpFailureKind;
  status: number;
  errorCode: number;
  error: string;
  url: string;
  body: Buffer | undefined;
  bodyBytes: number;
  hops: readonly HttpHop[];
  endedAtUs: number;
  responseHeaders: ResponseHeaders;
  serverTimings: readonly ServerTiming[] | undefined;
  traceId: string | undefined;
  sentHeaders: readonly string[];
  /** Whose body it is, as it came; undefined: nobody's. */
  carrier: BodyCarrier | undefined;
}

/** Who has the memory of a body. */
export interface BodyCarrier {
  /** Nobody looks at it any more. */
  releaseBody(): void;
}

/** How a logical request ended. Headers become text when they are first asked for: most scripts look at none. */
export class Outcome implements HttpOutcome {
  kind: 'response' | HttpFailureKind;
  status: number;
  errorCode: number;
  error: string;
  url: string;
  protocol: string;
  body: Buffer | undefined;
  bodyBytes: number;
  hops: readonly HttpHop[];
  endedAtUs: number;
  serverTimings?: readonly ServerTiming[];
  traceId?: string;
  sentHeaders: readonly string[];
  readonly #carrier: BodyCarrier | undefined;
  readonly #responseHeaders: ResponseHeaders;
  #headers: readonly string[] | undefined;

  constructor(fields: OutcomeFields) {
    this.kind = fields.kind;
    this.status = fields.status;
    this.errorCode = fields.errorCode;
    this.error = fields.error;
    this.url = fields.url;
    this.protocol = fields.status === 0 ? '' : 'HTTP/1.1';
    this.body = fields.body;
    this.bodyBytes = fields.bodyBytes;
    this.hops = fields.hops;
    this.endedAtUs = fields.endedAtUs;
    this.sentHeaders = fields.sentHeaders;
    this.#carrier = fields.carrier;
    this.#responseHeaders = fields.responseHeaders;
    if (fields.serverTimings !== undefined) this.serverTimings = fields.serverTimings;
    if (fields.traceId !== undefined) this.traceId = fields.traceId;
  }

  release(): void {
    this.body = undefined;
    this.#carrier?.releaseBody();
  }

  get charset(): string {
    return this.#responseHeaders.charset;
  }

  get headers(): readonly string[] {
    this.#headers ??= this.#responseHeaders.pairs();
    return this.#headers;
  }
}
