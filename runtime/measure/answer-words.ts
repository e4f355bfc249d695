import { credentialsOfRequest } from '../core/credentials.ts';
import { type HttpOutcome, SERVER_PART_LENGTH, type ServerTiming } from '../core/records.ts';
import type { Redactor } from '../core/redactor.ts';
import type { EndedRequest } from './kept-request.ts';

/** Names of servers' parts that are told apart; as tags they are bounded more narrowly. */
const PARTS_MAX = 64;
const OTHER_PART = 'other';
const BODY_START = 200;
/** Of one character. */
const UTF8_BYTES_MAX = 4;

/** What is kept of a target's own words: without credentials, those that the request brought itself among them. */
export class AnswerWords {
  readonly #redactor: Redactor;
  readonly #parts = new Set<string>();

  constructor(redactor: Redactor) {
    this.#redactor = redactor;
  }

  /** Knows what this request carried, and the cookies that its answer set, as well. */
  redactorOf({ built: { request }, outcome }: EndedRequest): Redactor {
    return this.#redactor.with(credentialsOfRequest({ ...request, headers: outcome.sentHeaders ?? request.headers }, outcome.headers));
  }

  /** Of a request that failed. */
  of(ended: EndedRequest): string {
    const { method, outcome } = ended;
    const redactor = this.redactorOf(ended);
    const said = ended.refusal || outcome.error;
    if (said !== '') return redactor.text(said);
    return `${method} ${redactor.text(outcome.url)} answered ${outcome.status}${bodyStart(outcome, redactor)}`;
  }

  /** Names of a server's parts become tags: what it echoes in them must be gone before. Known ones are looked at no more. */
  cleanParts(ended: EndedRequest, timings: readonly ServerTiming[]): void {
    if (timings.every(({ part }) => this.#parts.has(part))) return;
    const redactor = this.redactorOf(ended);
    ended.outcome.serverTimings = timings.map(({ part, us }) => {
      if (!this.#parts.has(part) && this.#parts.size >= PARTS_MAX) return { part: OTHER_PART, us };
      const shown = redactor.cut(part, SERVER_PART_LENGTH);
      this.#parts.add(shown);
      return { part: shown, us };
    });
  }
}

/** What the script says of an answer goes before its status, unless it gave no reason for one that is an error by itself. */
export function failureKindOf({ outcome, refusal }: EndedRequest): string {
  if (outcome.kind !== 'response') return outcome.kind;
  return refusal !== undefined && (refusal !== '' || outcome.errorCode === 0) ? 'unexpected' : 'status';
}

function bodyStart(outcome: HttpOutcome, redactor: Redactor): string {
  if (outcome.body === undefined || outcome.body.length === 0) return '';
  const text = redactor.cut(outcome.body.subarray(0, UTF8_BYTES_MAX * BODY_START).toString('utf8'), BODY_START);
  return `: ${text.replace(/\s+/g, ' ')}${outcome.body.length > BODY_START ? '…' : ''}`;
}
