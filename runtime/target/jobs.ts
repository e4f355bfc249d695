import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { monotonicUs } from '../core/clock.ts';
import { type Answer, answerPredict, failure, type PredictCall } from './predict.ts';

/** New jobs in a second; past them a client is to come back in the next. */
const JOBS_PER_SECOND = 5;
/** The oldest are forgotten past these. */
const JOBS_MAX = 1_000;
const TOKENS_MAX = 10_000;
const LOGIN_BYTES_MAX = 10_000;
const SECOND_US = 1_000_000;

/** Predictions that are asked for first and looked at later, as of a service with a queue; only with a token. */
export class Jobs {
  readonly #tokens = new Set<string>();
  readonly #answers = new Map<string, Answer | undefined>();
  #lastId = 0;
  #secondFromUs = 0;
  #begunInSecond = 0;

  /** A token for whoever logs in. */
  newToken(): string {
    const token = randomBytes(16).toString('hex');
    this.#tokens.add(token);
    forgetOldest(this.#tokens, TOKENS_MAX);
    return token;
  }

  /** Why a request for jobs is not heard; undefined: it is. */
  refusalOf({ headers }: IncomingMessage, path: string): Answer | undefined {
    const [, token = ''] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
    if (!this.#tokens.has(token))
      return { ...failure(401, 'expected a token of POST /login as "authorization: Bearer …"'), headers: { 'www-authenticate': 'Bearer' } };
    return path === '/jobs' ? this.#limit() : undefined;
  }

  #limit(): Answer | undefined {
    const nowUs = monotonicUs();
    if (nowUs - this.#secondFromUs >= SECOND_US) {
      this.#secondFromUs = nowUs;
      this.#begunInSecond = 0;
    }
    if (this.#begunInSecond++ < JOBS_PER_SECOND) return undefined;
    return { ...failure(429, `at most ${JOBS_PER_SECOND} new jobs a second`), headers: { 'retry-after': '1' } };
  }

  /** Answers once the upload is there; the work goes on. */
  async begin(call: PredictCall): Promise<Answer> {
    const id = String(++this.#lastId);
    this.#answers.set(id, undefined);
    forgetOldest(this.#answers, JOBS_MAX);
    // the answer to this request is not the end of the job
    const prediction = answerPredict({ ...call, signal: new AbortController().signal }).catch((error: unknown) =>
      failure(500, String(error)),
    );
    const refused = prediction.then((answer) => {
      if (this.#answers.has(id)) this.#answers.set(id, answer ?? failure(499, 'the client left'));
      return answer;
    });
    const early = await Promise.race([refused, once(call.request, 'end').then(() => undefined)]);
    if (early !== undefined && early.status !== 200) return early;
    return { status: 202, body: { id, state: 'queued' }, headers: { location: `/jobs/${id}` } };
  }

  look(id: string): Answer {
    if (!this.#answers.has(id)) return failure(404, `there is no job ${JSON.stringify(id.slice(0, 50))}`);
    const answer = this.#answers.get(id);
    if (answer === undefined) return { status: 200, body: { id, state: 'running' } };
    if (answer.status !== 200) return { status: 200, body: { id, state: 'failed', ...(answer.body as object) } };
    return { status: 200, body: { id, state: 'done', ...(answer.body as object) } };
  }
}

/** `POST /login`: any user with a password. */
export async function answerLogin(request: IncomingMessage, jobs: Jobs): Promise<Answer> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) if (text.length < LOGIN_BYTES_MAX) text += chunk;
  const { user, password } = parsed(text);
  if (typeof user !== 'string' || typeof password !== 'string' || password === '')
    return failure(401, 'expected JSON such as {"user":"ann","password":"secret"}');
  return { status: 200, body: { token: jobs.newToken(), user } };
}

function parsed(text: string): { user?: unknown; password?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as { user?: unknown; password?: unknown };
  } catch {
    return {};
  }
}

function forgetOldest(all: Set<string> | Map<string, unknown>, most: number): void {
  for (const key of all.keys()) {
    if (all.size <= most) return;
    all.delete(key);
  }
}
