import { valueAt } from '../core/json-path.ts';
import { type StreamEndNews, type StreamNews, TO_HOST } from '../core/mailbox.ts';
import { contextId } from './context.ts';
import { countSeen } from './judging.ts';
import { beginOperation, textField, write } from './outbox.ts';
import { optionsJson } from './request-options.ts';
import { GuestResponse } from './response.ts';
import { settings, type Vu } from './state.ts';
import { streamOptions } from './stream-options.ts';
import type { EventStream, NamedUrl, StreamEvent, StreamOptions, StreamSummary } from './stressrun.d.ts';

type Url = string | NamedUrl;
/** How `http` reads where a request goes, and with which method. */
interface Readers {
  targetOf(url: Url): { target: string; name: string | undefined };
  methodOf(given: unknown): string;
}

const BODIES = ['json', 'form', 'multipart', 'body'] as const;

/** `http.stream` of one virtual user. */
export function makeStream(vu: Vu, { targetOf, methodOf }: Readers) {
  return async (url: Url, options: StreamOptions = {}): Promise<EventStream> => {
    const { target, name } = targetOf(url);
    const { rest, plan, method } = streamOptions(options);
    const json = optionsJson(vu, rest, name);
    const verb = methodOf(method ?? (BODIES.some((key) => rest[key] !== undefined) ? 'POST' : 'GET'));
    const all = `${json === '' ? '{' : `${json.slice(0, -1)},`}"stream":${JSON.stringify(plan)}}`;
    const context = contextId(vu); // may throw, and then nothing has begun
    const operation = beginOperation(vu);
    countSeen(vu);
    if (operation.id !== 0) write(vu, TO_HOST.request, `${operation.id},${context},${textField(`${verb} ${target}`)}${textField(all)}`);
    const response = (await operation) as GuestResponse;
    if (response.status === 0 && settings.requests.throws === true) throw new Error(`${verb} ${target}: ${response.error}`);
    return new GuestStream(vu, operation.id, response);
  };
}

/** Reads on when the script does: its events wait at the host until they are asked for. */
export class GuestStream implements EventStream, AsyncIterator<StreamEvent> {
  readonly status: number;
  readonly #vu: Vu;
  readonly #id: number;
  readonly #response: GuestResponse;
  #rows: StreamNews['rows'] = [];
  #at = 0;
  #index = 0;
  #end: StreamEndNews | undefined;
  #isClosed: boolean;
  /** Whether the script has been told of the fault that its end has. */
  #hasThrown = false;
  /** While one question is under way the next waits: the host knows one at a time. */
  #asking: Promise<void> | undefined;

  constructor(vu: Vu, id: number, response: GuestResponse) {
    this.#vu = vu;
    this.#id = id;
    this.#response = response;
    this.status = response.status;
    this.#isClosed = !GuestResponse.isStream(response);
  }

  get ok(): boolean {
    return this.#end?.isExpected ?? this.#response.ok;
  }

  get error(): string {
    return this.#end?.error ?? this.#response.error;
  }

  get errorCode(): number {
    return this.#end?.errorCode ?? this.#response.errorCode;
  }

  get headers(): Record<string, string> {
    return this.#response.headers;
  }

  text(): string {
    if (GuestResponse.isStream(this.#response))
      throw new TypeError('stream.text: the answer is a stream; read its events, or await stream.done()');
    return this.#response.text();
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamEvent> {
    return this;
  }

  async next(): Promise<IteratorResult<StreamEvent>> {
    while (this.#at >= this.#rows.length) {
      if (this.#end !== undefined) this.#throwFault(this.#end);
      if (this.#end !== undefined || this.#isClosed) return { done: true, value: undefined };
      await this.#news(0);
    }
    return { done: false, value: eventOf(this.#rows[this.#at++] as StreamNews['rows'][number], this.#index++) };
  }

  /** The script has left its loop. */
  async return(): Promise<IteratorResult<StreamEvent>> {
    this.close();
    return { done: true, value: undefined };
  }

  close(): void {
    this.#rows = [];
    this.#at = 0;
    if (this.#isClosed || this.#end !== undefined) return;
    this.#isClosed = true;
    write(this.#vu, TO_HOST.streamClose, `${this.#id},`);
  }

  async done(): Promise<StreamSummary> {
    this.#rows = [];
    this.#at = 0;
    while (this.#end === undefined && GuestResponse.isStream(this.#response)) await this.#news(1);
    this.#rows = []; // what another reader of it was given meanwhile
    this.#at = 0;
    if (this.#end !== undefined) this.#throwFault(this.#end);
    return summaryOf(this.#end, this);
  }

  /** Resolves when there is more, whoever asked for it. */
  async #news(wantsEnd: 0 | 1): Promise<void> {
    if (this.#asking !== undefined) return this.#asking;
    this.#asking = this.#ask(wantsEnd);
    try {
      await this.#asking;
    } finally {
      this.#asking = undefined;
    }
  }

  async #ask(wantsEnd: 0 | 1): Promise<void> {
    const operation = beginOperation(this.#vu);
    if (operation.id !== 0) write(this.#vu, TO_HOST.streamNext, `${operation.id},${this.#id},${wantsEnd},`);
    const { rows, end } = (await operation) as StreamNews;
    this.#rows = rows;
    this.#at = 0;
    this.#end = end;
  }

  /** Once, and after the events before it. */
  #throwFault({ ownFault, isExpected, error }: StreamEndNews): void {
    if (this.#hasThrown) return;
    this.#hasThrown = true;
    if (ownFault !== '') throw new Error(`http.stream: ${ownFault}`);
    if (!isExpected && settings.requests.throws === true) throw new Error(`http.stream: ${error}`);
  }
}

function eventOf(row: StreamNews['rows'][number], index: number): StreamEvent {
  const [data, type, id, bytes, atUs, sinceDueUs, gapUs, token] = row;
  return {
    ...{ index, data, type, id, bytes, token },
    ...{ atMs: atUs / 1000, sinceDueMs: sinceDueUs / 1000, gapMs: gapUs / 1000 },
    json: (path) => (path === undefined ? JSON.parse(data) : valueAt(JSON.parse(data), String(path))),
  };
}

function summaryOf(end: StreamEndNews | undefined, { ok, error }: { ok: boolean; error: string }): StreamSummary {
  const ms = (us: number | undefined): number | undefined => (us === undefined ? undefined : us / 1000);
  return {
    ...{ ok, error, isHungUp: end?.isHungUp ?? false, events: end?.events ?? 0, bytes: end?.bytes ?? 0 },
    ...{ firstEventMs: ms(end?.firstEvent), firstEventSinceDueMs: ms(end?.firstEventDue), durationMs: ms(end?.duration) },
    ...{ longestGapMs: (end?.longestGap ?? 0) / 1000, stalls: end?.stalls ?? 0, coalesced: end?.coalesced ?? 0 },
    ...{ isReplayed: end?.isReplayed, isGood: end?.isGood, tokens: end?.tokens },
    ...{
      firstTokenMs: ms(end?.firstToken),
      firstTokenSinceDueMs: ms(end?.firstTokenDue),
      perTokenMs: ms(end?.perToken),
      text: end?.text ?? '',
    },
  };
}
