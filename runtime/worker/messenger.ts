import { credentialsOfRequest, isCredentialHeader } from '../core/credentials.ts';
import type { HttpOutcome } from '../core/records.ts';
import { REDACTED, Redactor } from '../core/redactor.ts';
import { withoutCommands } from '../core/runner-commands.ts';
import { withoutUserinfo } from '../core/url-text.ts';
import type { FromWorker } from '../messages/messages.ts';
import type { BuiltRequest } from './request-builder.ts';

const LOGS_PER_SECOND_MAX = 200;
const TEXT_MAX = 16_384;

/** What a worker says to the coordinator, with floods held back. */
export class Messenger {
  readonly send: (message: FromWorker) => void;
  /** For texts that are cut in this worker: what is cut in two nobody finds any more. It learns when the environment is known. */
  readonly redactor = new Redactor();
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
    this.send({ type: 'log', vu, level, text: this.redactor.cut(text, TEXT_MAX) });
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

  /** Whether the coordinator owes an answer. */
  get isAsking(): boolean {
    return this.#waiting.size > 0;
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
    const sent = outcome.sentHeaders ?? request.headers;
    const redactor = this.redactor.with(credentialsOfRequest({ ...request, headers: sent }, outcome.headers));
    const lines = [`> ${request.method} ${withoutUserinfo(request.url)}`, ...headerLines('> ', sent)];
    if (outcome.kind === 'response')
      lines.push(
        `< ${outcome.status} ${outcome.protocol}`,
        ...headerLines('< ', outcome.headers).slice(0, HEADERS_SHOWN),
        outcome.body === undefined && (outcome.bodyBytes ?? 0) > 0
          ? `< (${outcome.bodyBytes} bytes that were discarded)`
          : bodyText(outcome.body, redactor),
      );
    else lines.push(`! ${outcome.kind} (${outcome.errorCode}): ${outcome.error}`);
    const text = redactor.text(lines.filter((line) => line !== '').join('\n'));
    this.log(vu, 1, withoutCommands(text)); // where it is read nobody knows
  }
}

const HEADERS_SHOWN = 50;
const BODY_SHOWN = 1_000;
/** Of one character. */
const UTF8_BYTES_MAX = 4;

function headerLines(prefix: string, flat: readonly string[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [name, value] = [flat[i] as string, flat[i + 1] as string];
    lines.push(`${prefix}${name}: ${isCredentialHeader(name, value) ? REDACTED : value}`);
  }
  return lines;
}

function bodyText(body: Buffer | undefined, redactor: Redactor): string {
  if (body === undefined || body.length === 0) return '';
  const text = redactor.cut(body.subarray(0, UTF8_BYTES_MAX * BODY_SHOWN).toString('utf8'), BODY_SHOWN);
  return `< ${text.includes('\uFFFD') ? `(${body.length} bytes that are no text)` : text}${body.length > BODY_SHOWN ? '…' : ''}`;
}
