import { valueAt } from '../../runtime/core/json-path.ts';
import { ASK, ASKS_SCRIPT, INLINE_BODY_BYTES, RESPONSE, TO_GUEST } from '../../runtime/core/mailbox.ts';

/** A request as it left the sandbox. */
export interface BoxRequest {
  readonly vu: number;
  readonly method: string;
  readonly url: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON that the guest wrote; tests look into it
  readonly options: any;
  readonly group: string;
  /** `vu.tags`; absent: none. */
  readonly tags?: unknown;
}

export interface BoxAnswer {
  readonly status?: number;
  readonly body?: string;
  readonly headers?: readonly string[];
  readonly errorCode?: number;
  readonly error?: string;
  /** blocked, connecting, tls, sending, waiting, receiving */
  readonly phasesUs?: readonly number[];
  /** What the server said of its parts, as the host read it: part, µs. */
  readonly serverTimings?: readonly (readonly [string, number])[];
  /** Time until the answer is there; undefined: none. Infinity: never. */
  readonly afterUs?: number;
}

const NO_PHASES = [0, 0, 0, 0, 0, 0];

/** Answers of made-up requests, kept until their iteration ends, as the worker keeps those of real ones. */
export class BoxAnswers {
  readonly #kept = new Map<number, { vu: number; body: string; meta: string }>();
  readonly #vus = new Set<number>();
  readonly #urls = new Map<number, string>();
  readonly #holdsAll: boolean;
  readonly #answerTo: (request: BoxRequest) => BoxAnswer;
  #lastHandle = 0;

  constructor(answerTo: ((request: BoxRequest) => BoxAnswer) | undefined, holdsAll = false) {
    this.#answerTo = answerTo ?? (() => ({}));
    this.#holdsAll = holdsAll;
  }

  /** Path of the request that an answer is of. */
  urlOf(handle: number): string {
    return this.#urls.get(handle) ?? '?';
  }

  meet(vu: number): void {
    this.#vus.add(vu);
  }

  knows(vu: number): boolean {
    return this.#vus.has(vu);
  }

  /** An iteration of the VU has ended. */
  forget(vu: number): void {
    for (const [handle, kept] of this.#kept) if (kept.vu === vu) this.#kept.delete(handle);
  }

  /** @returns the record for the guest, undefined when there never is one */
  answer(request: BoxRequest, operation: number): { afterUs: number; answer: string | undefined } {
    const given = this.#answerTo(request);
    const {
      status = 200,
      errorCode = 0,
      afterUs = 0,
      phasesUs = NO_PHASES,
      serverTimings = [],
      error = '',
      headers = [],
      body = '',
    } = given;
    if (afterUs === Number.POSITIVE_INFINITY) return { afterUs, answer: undefined };
    const handle = ++this.#lastHandle;
    const meta = { url: `http://target${request.url}`, protocol: 'HTTP/1.1', error, headers, phasesUs, serverTimings };
    this.#kept.set(handle, { vu: request.vu, body, meta: JSON.stringify(meta) });
    this.#urls.set(handle, request.url);
    const isHeld = status !== 0 && (this.#holdsAll || request.options?.expect === ASKS_SCRIPT);
    const bodyBytes = Buffer.byteLength(body);
    const isInline = bodyBytes <= INLINE_BODY_BYTES;
    const flags =
      (status >= 200 && status < 400 ? RESPONSE.isExpected : 0) | (isInline ? RESPONSE.isInline : 0) | (isHeld ? RESPONSE.isHeld : 0);
    const text = isInline ? body : '';
    const numbers = [TO_GUEST.response, operation, status, errorCode, handle, bodyBytes, flags];
    return { afterUs, answer: `${numbers.join(',')},${text.length}:${text}` };
  }

  /** What the guest asks of an answer that it has the handle of. */
  read(kind: number, handle: number, path: string): string {
    const kept = this.#kept.get(handle);
    if (kept === undefined) return kind === ASK.json ? '!' : '';
    if (kind === ASK.text) return kept.body;
    if (kind === ASK.meta) return kept.meta;
    try {
      return JSON.stringify(valueAt(JSON.parse(kept.body), path)) ?? '';
    } catch {
      return '!the answer is not JSON';
    }
  }
}
