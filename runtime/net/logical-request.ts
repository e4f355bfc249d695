import { monotonicUs } from '../core/clock.ts';
import type { HttpHop } from '../core/records.ts';
import { formatDurationUs } from '../core/units.ts';
import type { Cookies } from './cookies.ts';
import type { Deadlines, Expiring } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import { errorCodeOfStatus, type Failure, oneLine, type Stage } from './error-codes.ts';
import { Hop, type HopOwner } from './hop.ts';
import type { HttpRequest, RequestBody, RequestHandle } from './http-request.ts';
import type { JudgedTarget, NetShared } from './net-shared.ts';
import type { OriginPool } from './origin-pool.ts';
import { Outcome } from './outcome.ts';
import { redirectOf } from './redirect.ts';
import { hopHeaders } from './request-headers.ts';
import { NO_HEADERS, textsUnder } from './response-headers.ts';
import type { Target } from './target.ts';

/** What a request needs of its VU. */
export interface RequestContext {
  readonly shared: NetShared;
  readonly cookies: Cookies;
  readonly deadlines: Deadlines;
  poolFor(target: Target): OriginPool;
}

interface Answered {
  readonly kind: 'response';
  readonly errorCode: number;
  readonly error: string;
}

interface End {
  readonly url: string;
  readonly endedAtUs: number;
  /** With the response; undefined when none came. */
  readonly hop?: Hop;
  readonly body?: Buffer | undefined;
}

const NOTHING_SENT: readonly string[] = [];
const INTERRUPTED: Failure = { kind: 'interrupted', errorCode: 0, error: 'interrupted before the response was complete' };

/** A request with all its hops, from the wish to the outcome. */
export class LogicalRequest implements RequestHandle, Expiring, HopOwner {
  readonly askedAtUs: number;
  deadlineUs: number;
  readonly #context: RequestContext;
  readonly #request: HttpRequest;
  readonly #onDone: (outcome: Outcome) => void;
  readonly #hops: HttpHop[] = [];
  #hop: Hop | undefined;
  #method: string;
  #body: RequestBody;
  #redirectsLeft: number;
  #origin: string | undefined;
  #sentHeaders: readonly string[] = NOTHING_SENT;
  #isElsewhere = false;
  #hasLostBody = false;
  readonly #traceId: string | undefined;
  #isStarting = true;
  #isDone = false;

  constructor(context: RequestContext, request: HttpRequest, onDone: (outcome: Outcome) => void) {
    this.#context = context;
    this.#request = request;
    this.#onDone = onDone;
    this.#method = request.method;
    this.#body = request.body;
    this.#redirectsLeft = request.redirectsMax;
    this.#traceId = context.shared.traces?.trace();
    const nowUs = monotonicUs();
    this.askedAtUs = nowUs;
    this.deadlineUs = nowUs + request.timeoutUs;
    context.deadlines.add(this);
    this.#startHop(context.shared.judged(request.url), request.url, nowUs);
    this.#isStarting = false;
  }

  abort(): void {
    this.#cancel(() => INTERRUPTED);
  }

  fail(failure: Failure): void {
    this.#cancel(() => failure);
  }

  hangUp(): void {
    const hop = this.#hop;
    if (this.#isDone || hop === undefined || hop.isEnded || hop.status === 0) return;
    hop.carrier?.abandon(hop);
    hop.end();
    this.#respond(hop);
  }

  onDeadline(): void {
    const limit = formatDurationUs(this.#request.timeoutUs);
    const origin = this.#hop?.request.target.origin ?? '';
    this.#cancel((stage) =>
      stage === 'exchange'
        ? { kind: 'timeout', errorCode: 1050, error: `${origin}: no complete response within ${limit}` }
        : { kind: 'timeout', errorCode: 1211, error: `${origin}: no connection within ${limit}` },
    );
  }

  #startHop(judged: JudgedTarget | undefined, url: string, askedAtUs: number): void {
    if (judged === undefined || judged.refusal !== undefined) {
      const badUrl: Failure = {
        kind: 'bad-url',
        errorCode: 1020,
        error: oneLine(`expected an absolute http or https URL; got ${JSON.stringify(url)}`),
      };
      const failure = judged?.refusal ?? badUrl;
      this.#hops.push(hopNotMade(this.#method, judged?.target.url ?? url, failure.errorCode));
      this.#finish(failure, { url: judged?.target.url ?? url, endedAtUs: monotonicUs() });
      return;
    }
    const { target } = judged;
    const { shared, cookies } = this.#context;
    this.#origin ??= target.origin;
    this.#isElsewhere ||= target.origin !== this.#origin;
    const headers = hopHeaders(this.#request, {
      target,
      defaults: shared.headersFor(target),
      jarCookies: cookies.isEmpty ? '' : cookies.headerFor(target),
      isElsewhere: this.#isElsewhere,
      hasLostBody: this.#hasLostBody,
      trace: this.#traceId === undefined ? '' : (shared.traces?.parentOf(this.#traceId) ?? ''),
    });
    if (this.#sentHeaders === NOTHING_SENT) this.#sentHeaders = headers;
    const bodyBytesMax = this.#request.keepsBody ? shared.bodyBytesMax : undefined;
    const { continueUs, reader } = this.#request;
    const hopRequest = { target, method: this.#method, headers, body: this.#body, continueUs, bodyBytesMax, budget: shared.budget, reader };
    this.#hop = new Hop(hopRequest, askedAtUs, this);
    this.#context.poolFor(target).start(this.#hop);
  }

  onHopEnd(hop: Hop): void {
    const { target } = hop.request;
    if (hop.failure !== undefined) {
      this.#hops.push(hop.record(hop.failure.errorCode));
      this.#finish(hop.failure, { url: target.url, endedAtUs: hop.endedAtUs });
      return;
    }
    if (hop.headers.first('set-cookie') !== undefined) this.#context.cookies.keep(target, hop.headers.values('set-cookie'));
    if (hop.status >= 300 && hop.status < 400) {
      if (this.#redirectsLeft > 0 && this.#follow(hop)) return;
      if (this.#isLoop(hop)) return this.#failLoop(hop);
    }
    this.#respond(hop);
  }

  /** Whether the last redirect that may be followed leads where this request has been: it would not end however many were followed. */
  #isLoop(hop: Hop): boolean {
    const location = hop.headers.first('location')?.toString();
    if (this.#redirectsLeft > 0 || this.#hops.length === 0 || location === undefined) return false;
    const next = this.#context.shared.judged(location, hop.request.target.url)?.target.url;
    return (
      redirectOf(hop.status, this.#method) !== undefined && (next === hop.request.target.url || this.#hops.some(({ url }) => url === next))
    );
  }

  #failLoop(hop: Hop): void {
    const { url } = hop.request.target;
    const error = oneLine(`${url}: the redirects go round in a circle (${this.#request.redirectsMax} were followed)`);
    const failure: Failure = { kind: 'bad-response', errorCode: 1000, error };
    this.#hops.push(hop.record(failure.errorCode));
    this.#finish(failure, { url, endedAtUs: hop.endedAtUs, hop });
  }

  /** @returns false when the answer is no redirect after all */
  #follow(hop: Hop): boolean {
    const redirect = redirectOf(hop.status, this.#method);
    const location = hop.headers.first('location')?.toString();
    if (redirect === undefined || location === undefined) return false;
    this.#redirectsLeft--;
    this.#hops.push(hop.record(0));
    this.#method = redirect.method;
    if (!redirect.keepsBody) {
      this.#body = undefined;
      this.#hasLostBody = true;
    }
    this.#startHop(this.#context.shared.judged(location, hop.request.target.url), location, hop.endedAtUs);
    return true;
  }

  #respond(hop: Hop): void {
    const errorCode = errorCodeOfStatus(hop.status);
    this.#hops.push(hop.record(errorCode));
    const body = this.#request.keepsBody ? hop.body : undefined;
    // several lines are one list, in the order in which they were applied
    const isEncoded = body !== undefined && hop.headers.first('content-encoding') !== undefined;
    const encoding = !isEncoded ? '' : textsUnder(hop.headers, 'content-encoding').join(',');
    const answered: Answered = { kind: 'response', errorCode, error: this.#leftBehind(hop) };
    const end: End = { url: hop.request.target.url, endedAtUs: hop.endedAtUs, hop, body };
    if (body === undefined || encoding === '') this.#finish(answered, end);
    else this.#decode(body, encoding, { answered, end });
  }

  /** Why an answer says that credentials are missing, where that is our own doing; empty: nobody knows. */
  #leftBehind({ status, request: { target, headers } }: Hop): string {
    if (!this.#isElsewhere || (status !== 401 && status !== 403)) return '';
    const wasGiven = (name: string): boolean => this.#sentHeaders.some((text, i) => i % 2 === 0 && text.toLowerCase() === name);
    const isGiven = (name: string): boolean => headers.some((text, i) => i % 2 === 0 && text.toLowerCase() === name);
    if (!['authorization', 'cookie'].some((name) => wasGiven(name) && !isGiven(name))) return '';
    return oneLine(
      `${target.url} answered ${status}: a redirect led away from ${this.#origin ?? ''}, and the request's credentials stayed behind there`,
    );
  }

  #decode(body: Buffer, encoding: string, { answered, end }: { answered: Answered; end: End }): void {
    this.deadlineUs = Number.POSITIVE_INFINITY; // the response came in time; decoding it is our own time
    const bytesMax = this.#context.shared.bodyBytesMax;
    decodeBody(body, encoding, {
      bytesMax,
      done: (error, decoded) => {
        if (error === null) {
          this.#finish(answered, { ...end, body: decoded });
          return;
        }
        const failure = decodingFailure(error, end.url, bytesMax);
        const last = this.#hops.at(-1);
        if (last !== undefined) last.errorCode = failure.errorCode;
        this.#finish(failure, { ...end, body: undefined });
      },
    });
  }

  #cancel(failureIn: (stage: Stage) => Failure): void {
    const hop = this.#hop;
    if (this.#isDone || hop === undefined) return;
    if (hop.isEnded) this.#finish(failureIn('exchange'), { url: hop.request.target.url, endedAtUs: monotonicUs() });
    else this.#context.poolFor(hop.request.target).cancel(hop, failureIn);
  }

  #finish({ kind, errorCode, error }: Failure | Answered, { url, endedAtUs, hop, body }: End): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#context.deadlines.remove(this);
    const responseHeaders = hop?.headers ?? NO_HEADERS;
    const outcome = new Outcome({
      kind,
      status: hop?.status ?? 0,
      errorCode,
      error,
      url,
      body,
      bodyBytes: body?.length ?? hop?.bodyBytes ?? 0,
      hops: this.#hops,
      endedAtUs,
      responseHeaders,
      serverTimings: hop === undefined ? undefined : this.#context.shared.serverTimings.read(responseHeaders),
      traceId: this.#traceId,
      sentHeaders: this.#sentHeaders,
      carrier: body === undefined ? undefined : hop,
    });
    if (this.#isStarting) setImmediate(() => this.#onDone(outcome));
    else this.#onDone(outcome);
  }
}

/** A response that came but cannot be read. */
function decodingFailure(error: NodeJS.ErrnoException, url: string, bytesMax: number): Failure {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') {
    return {
      kind: 'body-too-large',
      errorCode: 1000,
      error: `${url}: the decoded body is larger than the limit of ${bytesMax} bytes (max_body_bytes of the environment; discard: true of the request decodes nothing)`,
    };
  }
  return { kind: 'bad-response', errorCode: 1701, error: oneLine(`${url}: the body cannot be decoded (${error.message})`) };
}

/** The record of an exchange that was refused before anything was dialled. */
function hopNotMade(method: string, url: string, errorCode: number): HttpHop {
  const phases = { blockedUs: 0, connectingUs: 0, tlsUs: 0, sendingUs: 0, waitingUs: 0, receivingUs: 0 };
  return { method, url, status: 0, errorCode, ...phases, bytesSent: 0, bytesReceived: 0, isSentTwice: false };
}
