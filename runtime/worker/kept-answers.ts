import { ASK } from '../core/mailbox.ts';
import type { HttpOutcome } from '../core/records.ts';
import { textOfAnswer, utf8OfAnswer } from '../net/answer-text.ts';
import { metaOf } from './answer-record.ts';
import { JsonBody } from './json-body.ts';
import type { HostVu, KeptAnswer } from './vu-table.ts';

/** Answers of one iteration that can be read; older ones are gone. */
const ANSWERS_MAX = 1_000;
/** Room for an answer's number in its handle. */
const HANDLE_STEP = 1_048_576;
const NOTHING = Buffer.alloc(0);

/** Answers that scripts may still read, until their iteration ends. */
export class KeptAnswers {
  readonly #find: (vu: number) => HostVu | undefined;

  constructor(find: (vu: number) => HostVu | undefined) {
    this.#find = find;
  }

  /** @returns its handle: the VU's number and the answer's, which wraps */
  keep(vu: HostVu, outcome: HttpOutcome): number {
    if (vu.answers.push({ outcome, json: undefined, isLent: false }) > ANSWERS_MAX) {
      vu.answers.shift();
      vu.answersFrom++;
    }
    return (vu.index + 1) * HANDLE_STEP + ((vu.answersFrom + vu.answers.length - 1) % HANDLE_STEP);
  }

  /** The answer that was kept before it had come whole. */
  replace(handle: number, outcome: HttpOutcome): void {
    const kept = this.#answerOf(handle);
    if (kept !== undefined) kept.outcome = outcome;
  }

  forget(vu: HostVu): void {
    vu.answersFrom += vu.answers.length;
    for (let kept = vu.answers.pop(); kept !== undefined; kept = vu.answers.pop()) if (!kept.isLent) kept.outcome.release?.();
  }

  /** Answers what the guest asks of a kept answer. */
  read(kind: number, handle: number, path: string): string {
    const kept = this.#answerOf(handle);
    if (kept === undefined) return kind === ASK.json ? '!' : ''; // gone with its iteration
    const { outcome } = kept;
    if (kind === ASK.text) return textOfAnswer(outcome);
    if (kind === ASK.meta) return metaOf(outcome);
    try {
      kept.json ??= new JsonBody(utf8OfAnswer(outcome));
      return kept.json.jsonAt(path);
    } catch (error) {
      return `!the answer (status ${outcome.status}) is not JSON: ${(error as Error).message}`;
    }
  }

  /** The body of a kept answer, or the text at a path in its JSON: what an inspection decodes. */
  inspectable(handle: number, path: string): Buffer | string | undefined {
    const kept = this.#answerOf(handle);
    const body = kept?.outcome.body;
    if (body === undefined || path === '') {
      if (kept !== undefined) kept.isLent = true;
      return body;
    }
    const json = this.read(ASK.json, handle, path);
    const value: unknown = json === '' || json.startsWith('!') ? undefined : JSON.parse(json);
    return typeof value === 'string' ? value : undefined;
  }

  /** The body of a kept answer, which is whoever's from here on, and its content type; undefined: it is gone with its iteration. */
  lend(handle: number): { vu: number; body: Buffer; contentType: string } | undefined {
    const kept = this.#answerOf(handle);
    if (kept === undefined) return undefined;
    kept.isLent = true;
    const { headers, body = NOTHING } = kept.outcome;
    const at = headers.findIndex((name, i) => i % 2 === 0 && name.toLowerCase() === 'content-type');
    return { vu: Math.floor(handle / HANDLE_STEP) - 1, body, contentType: at < 0 ? '' : (headers[at + 1] as string) };
  }

  #answerOf(handle: number): KeptAnswer | undefined {
    const vu = this.#find(Math.floor(handle / HANDLE_STEP) - 1);
    return vu?.answers[(((handle - vu.answersFrom) % HANDLE_STEP) + HANDLE_STEP) % HANDLE_STEP];
  }
}
