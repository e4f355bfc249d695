import { type StreamEndNews, type StreamNews, TO_GUEST } from '../core/mailbox.ts';
import type { HttpHop, HttpOutcome, OwnShare, Tags } from '../core/records.ts';
import { type EventGaps, perTokenUsOf, type StreamFigures, type StreamPlan } from '../core/stream-plan.ts';
import type { SampleRecorder } from '../measure/sample-recorder.ts';
import type { StreamMeter } from '../measure/stream-meter.ts';
import type { BegunAnswer } from '../net/body-reader.ts';
import type { HttpRequest, RequestHandle } from '../net/http-request.ts';
import { record } from '../sandbox/mailbox.ts';
import { type StreamListener, StreamReading } from '../stream/stream-reading.ts';
import { answerRecord } from './answer-record.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { BuiltRequest } from './request-builder.ts';
import type { HostVu } from './vu-table.ts';

interface StreamDeskOptions {
  readonly recorder: SampleRecorder;
  readonly answers: KeptAnswers;
  post(vu: number, record: string): void;
}

interface StreamOptions extends StreamDeskOptions {
  /** The script knows that it is over, and asks no more of it. */
  onTold(): void;
}

/** What a stream was asked for with. */
interface AskedStream {
  readonly operation: number;
  readonly built: BuiltRequest;
  readonly dueAtUs: number;
  readonly group: string;
  readonly tags: Tags | undefined;
}

/** The streams of a worker's users, by user and by their number: that of the operation that asked for it. */
export class StreamDesk {
  readonly #options: StreamDeskOptions;
  readonly #open = new Map<number, Map<number, OpenStream>>();

  constructor(options: StreamDeskOptions) {
    this.#options = options;
  }

  open(vu: HostVu, asked: AskedStream): OpenStream {
    const own = this.#open.get(vu.index) ?? new Map<number, OpenStream>();
    this.#open.set(vu.index, own);
    const stream = new OpenStream(vu, asked, { ...this.#options, onTold: () => own.delete(asked.operation) });
    own.set(asked.operation, stream);
    return stream;
  }

  /** The script waits for what is next, or for the end alone. */
  next(asked: { vu: number; operation: number; stream: number }, wantsEnd: boolean): void {
    this.#open.get(asked.vu)?.get(asked.stream)?.next(asked.operation, wantsEnd);
  }

  /** Those whose end their script has not been told yet. */
  get openCount(): number {
    return [...this.#open.values()].reduce((sum, own) => sum + own.size, 0);
  }

  close(vu: number, stream: number): void {
    this.#open.get(vu)?.get(stream)?.reading.hangUp();
  }

  /** The iteration of a user is over: nobody reads its streams any more. */
  hangUpAll(vu: HostVu): void {
    const own = this.#open.get(vu.index);
    if (own === undefined) return;
    this.#open.delete(vu.index);
    for (const stream of own.values()) stream.reading.hangUp();
  }
}

/** One request whose answer is read as a stream. */
export class OpenStream implements StreamListener {
  readonly vu: HostVu;
  readonly reading: StreamReading;
  /** As it is sent. */
  readonly request: HttpRequest;
  readonly #asked: AskedStream;
  readonly #options: StreamOptions;
  #meter: StreamMeter | undefined;
  #handle: number | undefined;
  #figures: StreamFigures | undefined;
  #end: StreamEndNews | undefined;
  #endedAtUs = 0;
  /** The operation of the script that waits for news. */
  #waiting: number | undefined;
  #isTelling = false;

  constructor(vu: HostVu, asked: AskedStream, options: StreamOptions) {
    this.vu = vu;
    this.#asked = asked;
    this.#options = options;
    this.reading = new StreamReading(asked.built.stream as StreamPlan, vu.http.deadlines, this);
    this.request = { ...asked.built.request, reader: this.reading };
  }

  begin(handle: RequestHandle): void {
    this.reading.begin(handle, this.request.url);
  }

  onBegin(answer: BegunAnswer): void {
    const { built, operation, group, tags } = this.#asked;
    const { recorder, answers, post } = this.#options;
    const outcome = begunOutcome(answer, this.request.url);
    this.#meter = recorder.stream(this.vu, { built, group, method: this.request.method, tags }, answer.status);
    this.#handle = answers.keep(this.vu, outcome);
    if (answer.firstByteAtUs > this.vu.dueAtUs) this.vu.dueAtUs = answer.firstByteAtUs;
    const isExpected = built.isExpected(answer.status);
    post(this.vu.index, answerRecord(operation, this.#handle, { outcome, isExpected, isHeld: false, isStream: true }));
  }

  onEvent(atUs: number, gaps: EventGaps): void {
    this.#meter?.event(atUs, gaps);
  }

  /** All that one read brings goes in one text. */
  onWaiting(): void {
    if (this.#waiting === undefined || this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      this.#tell();
    });
  }

  next(operation: number, wantsEnd: boolean): void {
    this.#waiting = operation;
    if (wantsEnd) {
      this.reading.keeps = false;
      this.reading.waiting.clear();
    }
    this.#tell();
  }

  /** Its request has ended: what came whole may be no stream all the same, and is a failure then. */
  conclude(outcome: HttpOutcome): void {
    const failure = this.reading.finish(outcome.kind === 'response');
    if (failure === undefined) return;
    Object.assign(outcome, failure);
    const last = outcome.hops[outcome.hops.length - 1] as HttpHop;
    last.errorCode = failure.errorCode;
  }

  /** @param own - what its worker was away for it */
  measure(outcome: HttpOutcome, isExpected: boolean, own: OwnShare | undefined): void {
    const { built, group, tags, dueAtUs } = this.#asked;
    const { kind, endedAtUs } = outcome;
    const end = { kind, isExpected, dueAtUs, endedAtUs, own };
    this.#endedAtUs = endedAtUs;
    this.#figures = this.reading.figures(end);
    this.#meter ??= this.#options.recorder.stream(this.vu, { built, group, method: this.request.method, tags }, outcome.status);
    this.#meter.end(this.#figures, end);
  }

  /** @returns false: the script has not even been told that it began */
  tellEnd(outcome: HttpOutcome, isExpected: boolean): boolean {
    if (this.#handle === undefined || this.#figures === undefined) {
      this.#options.onTold();
      return false;
    }
    this.#options.answers.replace(this.#handle, outcome);
    this.#end = this.#endNews(this.#figures, outcome, isExpected);
    this.onWaiting();
    return true;
  }

  #tell(): void {
    const operation = this.#waiting;
    if (operation === undefined) return;
    const { waiting, answer } = this.reading;
    const { rows, lastAtUs } = waiting.take({ sentAtUs: answer?.readyAtUs ?? 0, dueAtUs: this.#asked.dueAtUs });
    const isEnd = this.#end !== undefined && waiting.count === 0;
    if (rows.length === 0 && !isEnd) return;
    this.#waiting = undefined;
    const atUs = isEnd ? this.#endedAtUs : lastAtUs;
    if (atUs > this.vu.dueAtUs) this.vu.dueAtUs = atUs;
    const news: StreamNews = { rows: rows as StreamNews['rows'], ...(isEnd && this.#end !== undefined ? { end: this.#end } : {}) };
    this.#options.post(this.vu.index, record(TO_GUEST.answer, [operation], JSON.stringify(news)));
    if (isEnd) this.#options.onTold();
  }

  #endNews(figures: StreamFigures, outcome: HttpOutcome, isExpected: boolean): StreamEndNews {
    const { ownFault, isHungUp, text } = this.reading;
    const {
      events,
      bytes,
      longestGapUs: longestGap,
      stalls,
      coalesced,
      tokens,
      isGood,
      isReplayed,
      sentAtUs,
      firstAtUs,
      lastAtUs,
    } = figures;
    const { dueAtUs } = this.#asked;
    return {
      ...{ isExpected, errorCode: outcome.errorCode, error: outcome.error, ownFault, isHungUp },
      ...{ events, bytes, longestGap, stalls, coalesced },
      ...(events === 0 ? {} : { firstEvent: firstAtUs - sentAtUs, firstEventDue: firstAtUs - dueAtUs, duration: lastAtUs - sentAtUs }),
      ...(isReplayed === undefined ? {} : { isReplayed }),
      ...(isGood === undefined ? {} : { isGood }),
      ...(tokens === undefined ? {} : { tokens: tokens.count, text }),
      ...(tokens === undefined || tokens.pieces === 0
        ? {}
        : { firstToken: tokens.firstAtUs - sentAtUs, firstTokenDue: tokens.firstAtUs - dueAtUs, ...perTokenOf(tokens) }),
    };
  }
}

function perTokenOf(tokens: NonNullable<StreamFigures['tokens']>): { perToken?: number } {
  const perToken = perTokenUsOf(tokens);
  return perToken === undefined ? {} : { perToken };
}

/** What is known of an answer whose body has only begun. */
function begunOutcome({ status, headers, askedAtUs, readyAtUs, firstByteAtUs }: BegunAnswer, url: string): HttpOutcome {
  const phases = {
    blockedUs: readyAtUs - askedAtUs,
    connectingUs: 0,
    tlsUs: 0,
    sendingUs: 0,
    waitingUs: firstByteAtUs - readyAtUs,
    receivingUs: 0,
  };
  const hop: HttpHop = { method: '', url, status, errorCode: 0, ...phases, bytesSent: 0, bytesReceived: 0 };
  return {
    ...{ kind: 'response', status, errorCode: 0, error: '', url, protocol: '', body: undefined },
    headers: headers.pairs(),
    hops: [hop],
    endedAtUs: firstByteAtUs,
  };
}
