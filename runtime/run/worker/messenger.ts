import type { FromWorker } from '../../cluster/messages.ts';
import type { HttpOutcome } from '../../core/records.ts';
import { withoutUserinfo } from '../../core/url-text.ts';
import type { BuiltRequest } from './request-builder.ts';

const LOGS_PER_SECOND_MAX = 200;
const TEXT_MAX = 16_384;

/** What a worker says to the coordinator, with floods held back. */
export class Messenger {
  readonly send: (message: FromWorker) => void;
  readonly #httpDebug: 'off' | 'failed' | 'all';
  readonly #waiting = new Map<number, (answer: never) => void>();
  readonly #sent = new Set<string>();
  #logsLeft = LOGS_PER_SECOND_MAX;
  #logsDropped = 0;
  #lastId = 0;

  constructor(send: (message: FromWorker) => void, httpDebug: 'off' | 'failed' | 'all') {
    this.send = send;
    this.#httpDebug = httpDebug;
  }

  /** Sends the first message of its kind: of these the coordinator hears one, and a script may say them a million times. */
  sendFirst(message: FromWorker): void {
    if (this.#sent.has(message.type)) return;
    this.#sent.add(message.type);
    this.send(message);
  }

  log(vu: number, level: number, text: string): void {
    if (this.#logsLeft <= 0) {
      this.#logsDropped++;
      return;
    }
    this.#logsLeft--;
    this.send({ type: 'log', vu, level, text: text.slice(0, TEXT_MAX) });
  }

  /** Once a second: logs may come again; says what was dropped. */
  refill(): void {
    this.#logsLeft = LOGS_PER_SECOND_MAX;
    if (this.#logsDropped === 0) return;
    this.send({
      type: 'log',
      vu: -1,
      level: 2,
      text: `${this.#logsDropped} messages of scripts dropped: more than ${LOGS_PER_SECOND_MAX} a second`,
    });
    this.#logsDropped = 0;
  }

  /** Asks the coordinator something. */
  ask<Answer>(make: (id: number) => FromWorker, done: (answer: Answer) => void): void {
    const id = ++this.#lastId;
    this.#waiting.set(id, done as (answer: never) => void);
    this.send(make(id));
  }

  /** The coordinator's answer. */
  answered(id: number, answer: unknown): void {
    const done = this.#waiting.get(id);
    this.#waiting.delete(id);
    done?.(answer as never);
  }

  /** `--http-debug`: requests and answers as text. */
  debug(vu: number, built: BuiltRequest, what: { outcome: HttpOutcome; isExpected: boolean }): void {
    const { outcome, isExpected } = what;
    if (this.#httpDebug === 'off' || (this.#httpDebug === 'failed' && isExpected)) return;
    const { request } = built;
    const lines = [`> ${request.method} ${withoutUserinfo(request.url)}`, ...headerLines('> ', request.headers, true)];
    if (outcome.kind === 'response')
      lines.push(`< ${outcome.status} ${outcome.protocol}`, ...headerLines('< ', outcome.headers, false), bodyText(outcome.body));
    else lines.push(`! ${outcome.kind} (${outcome.errorCode}): ${outcome.error}`);
    this.log(vu, 1, lines.filter((line) => line !== '').join('\n'));
  }
}

const SECRET_HEADER = /^(authorization|cookie|set-cookie|proxy-authorization|x-api-key)$/i;
const BODY_SHOWN = 1_000;

function headerLines(prefix: string, flat: readonly string[], isRequest: boolean): string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2)
    lines.push(`${prefix}${flat[i]}: ${SECRET_HEADER.test(flat[i] as string) ? '[redacted]' : flat[i + 1]}`);
  return isRequest ? lines : lines.slice(0, 50);
}

function bodyText(body: Buffer | undefined): string {
  if (body === undefined || body.length === 0) return '';
  const text = body.subarray(0, BODY_SHOWN).toString('utf8');
  return `< ${text.includes('\uFFFD') ? `(${body.length} bytes that are no text)` : text}${body.length > BODY_SHOWN ? '…' : ''}`;
}
