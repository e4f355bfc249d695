import {
  type EventGaps,
  isCutOff,
  perTokenUsOf,
  STREAM_LIMITS,
  type StreamEnd,
  type StreamFigures,
  type StreamPlan,
  type TokenFigures,
} from '../core/stream-plan.ts';
import { formatDurationUs } from '../core/units.ts';
import type { BegunAnswer, BodyReader } from '../net/body-reader.ts';
import type { Deadlines, Expiring } from '../net/deadlines.ts';
import type { Failure } from '../net/error-codes.ts';
import type { RequestHandle } from '../net/http-request.ts';
import type { EventParser, ParsedEvent } from './event-parser.ts';
import { EventTimes, TokenTimes } from './event-times.ts';
import { parserFor, tokensOf } from './format.ts';
import { StreamFault } from './stream-fault.ts';
import type { TokenReader } from './token-reader.ts';
import { WaitingEvents } from './waiting-events.ts';

const EVENT_BYTES_DEFAULT = 1 << 20;
const PART_BYTES_DEFAULT = 16 << 20;
const TIMEOUT = 1050;
const OTHER = 1000;

/** Who is told of a stream as it comes. */
export interface StreamListener {
  /** The answer has begun. */
  onBegin(answer: BegunAnswer): void;
  onEvent(atUs: number, gaps: EventGaps): void;
  /** There is something for the script. */
  onWaiting(): void;
}

/** One answer read as a stream: its bytes become events, each with its moment at the socket, whatever the script does meanwhile. */
export class StreamReading implements BodyReader, Expiring {
  deadlineUs = Number.POSITIVE_INFINITY;
  readonly waiting: WaitingEvents;
  /** Whether texts are kept for the script. */
  keeps = true;
  /** Why the script cannot read on though the server did nothing wrong; empty: it can. */
  ownFault = '';
  isHungUp = false;
  readonly #plan: StreamPlan;
  readonly #deadlines: Pick<Deadlines, 'add' | 'remove'>;
  readonly #listener: StreamListener;
  readonly #times: EventTimes;
  readonly #tokens: TokenReader | undefined;
  readonly #tokenTimes = new TokenTimes();
  #handle: RequestHandle | undefined;
  #answer: BegunAnswer | undefined;
  #origin = '';
  #parser: EventParser | undefined;
  #isOver = false;
  #bytes = 0;
  #text = '';

  constructor(plan: StreamPlan, deadlines: Pick<Deadlines, 'add' | 'remove'>, listener: StreamListener) {
    this.#plan = plan;
    this.#deadlines = deadlines;
    this.#listener = listener;
    this.#times = new EventTimes(plan.stallAfter);
    this.#tokens = tokensOf(plan.as);
    this.waiting = new WaitingEvents(plan.maxWaiting);
  }

  /** Its request is under way. @param origin - of its server, for messages */
  begin(handle: RequestHandle, origin: string): void {
    if (this.#isOver) return; // refused at once
    this.#handle = handle;
    this.#origin = origin;
    this.deadlineUs = handle.askedAtUs + (this.#plan.firstEventTimeout ?? Number.POSITIVE_INFINITY);
    this.#deadlines.add(this);
  }

  /** Text of its tokens, at most so much as a summary has. */
  get text(): string {
    return this.#text;
  }

  /** Undefined: no answer that is a stream has begun. */
  get answer(): BegunAnswer | undefined {
    return this.#answer;
  }

  onHead(answer: BegunAnswer): void {
    this.#answer = answer;
    const header = (name: string): string => answer.headers.first(name)?.toString() ?? '';
    const isMultipart = this.#plan.as === 'multipart' || /^multipart\//i.test(header('content-type'));
    const eventBytesMax = this.#plan.maxEventBytes ?? (isMultipart ? PART_BYTES_DEFAULT : EVENT_BYTES_DEFAULT);
    try {
      this.#parser = parserFor(this.#plan.as, header('content-type'), { onEvent: this.#onEvent, eventBytesMax });
      const encoding = header('content-encoding');
      if (encoding !== '' && encoding !== 'identity')
        throw new StreamFault(
          'bad-response',
          `the stream came compressed (${encoding}) though it was asked for as it is: its events cannot be dated`,
        );
    } catch (error) {
      this.#failBy(error);
      return;
    }
    this.#listener.onBegin(answer);
  }

  onBytes(bytes: Buffer, from: number, to: number, atUs: number): void {
    if (this.#isOver) return;
    this.#bytes += to - from;
    const bytesMax = this.#plan.maxBytes ?? Number.POSITIVE_INFINITY;
    try {
      if (this.#bytes > bytesMax)
        throw new StreamFault('body-too-large', `the stream is larger than ${bytesMax} bytes (maxBytes of the request)`);
      this.#parser?.push(bytes, from, to, atUs);
    } catch (error) {
      this.#failBy(error);
    }
  }

  readonly #onEvent = (event: ParsedEvent): void => {
    const { atUs } = event;
    const token = this.#tokens?.read(event.data).text ?? '';
    const gapUs = this.#times.add(atUs);
    const tokenGapUs = token === '' ? undefined : this.#tokenTimes.add(atUs);
    if (token !== '' && this.#text.length < STREAM_LIMITS.textLength) this.#text += token;
    this.#expectNext(atUs);
    this.#listener.onEvent(atUs, { gapUs, isStall: this.#times.isStall(gapUs), isToken: token !== '', tokenGapUs });
    if (!this.keeps || this.ownFault !== '') return;
    if (this.waiting.add(event, gapUs, token)) this.#listener.onWaiting();
    else this.#giveUp();
  };

  #expectNext(atUs: number): void {
    this.deadlineUs = atUs + (this.#plan.idleTimeout ?? Number.POSITIVE_INFINITY);
    if (this.#times.events > 1) return;
    this.#deadlines.remove(this); // it may be earlier than the one before: a timer is set for it
    this.#deadlines.add(this);
  }

  /** The script does not read what it asked for: that is no fault of the server's, whose events are dated all the same. */
  #giveUp(): void {
    this.ownFault = `the script reads too slowly: ${this.waiting.count} events of the stream wait for it (maxWaiting of the request is the most; break out of the loop, or await stream.done() for numbers alone)`;
    setImmediate(() => this.hangUp()); // not from within the reading of these bytes
  }

  onDeadline(): void {
    const { events } = this.#times;
    const { firstEventTimeout = 0, idleTimeout = 0 } = this.#plan;
    const error =
      events === 0
        ? `no event within ${formatDurationUs(firstEventTimeout)} (firstEventTimeout of the request): the server has sent ${this.#bytes} bytes`
        : `no event within ${formatDurationUs(idleTimeout)} after event ${events} (idleTimeout of the request): the server has stopped sending`;
    this.#fail({ kind: 'timeout', errorCode: TIMEOUT, error: `${this.#origin}: ${error}` });
  }

  /** Of its VU: its request is ended by itself. */
  abort(): void {
    this.#close();
  }

  /** The script wants no more of it: without effect when it is over. */
  hangUp(): void {
    if (this.#isOver || this.#answer === undefined) return;
    this.isHungUp = true;
    this.#close();
    this.#handle?.hangUp();
  }

  /** Its request has ended. @returns why a response that came whole is none all the same; undefined: there is nothing more to say */
  finish(isResponse: boolean): Failure | undefined {
    const wasOver = this.#isOver;
    this.#close();
    if (wasOver || !isResponse || this.#answer === undefined) return undefined;
    try {
      this.#parser?.end();
      const { isDone = true, endedBy = '' } = this.#tokens ?? {};
      if (!isDone) throw new StreamFault('bad-response', `the stream ended without ${endedBy}: the server broke it off`);
      return undefined;
    } catch (error) {
      return this.#failureOf(error);
    }
  }

  figures({ kind, isExpected: isWhole, dueAtUs, endedAtUs }: StreamEnd): StreamFigures {
    const { events, firstAtUs, lastAtUs, longestGapUs, coalesced } = this.#times;
    const stalls = this.#times.stallsUntil(isCutOff(kind) ? endedAtUs : undefined);
    const isOver = this.#tokens?.isDone === true;
    const sentAtUs = this.#answer?.readyAtUs ?? 0;
    const hasLength = this.#answer?.headers.first('content-length') !== undefined;
    const tokens = this.#tokens === undefined ? undefined : this.#tokenTimes.figures(this.#tokens.counted);
    const figures = { sentAtUs, firstAtUs, lastAtUs, events, bytes: this.#bytes, stalls, longestGapUs, coalesced, isOver, tokens };
    const isReplayed = isWhole && !this.isHungUp ? this.#times.isReplayed(sentAtUs, hasLength) : undefined;
    return { ...figures, isReplayed, isGood: isWhole ? meetsGoals(this.#plan, figures, dueAtUs) : this.#plan.goals && false };
  }

  #close(): void {
    this.#isOver = true;
    this.#deadlines.remove(this);
  }

  #failBy(error: unknown): void {
    this.#fail(this.#failureOf(error));
  }

  #fail(failure: Failure): void {
    if (this.#isOver) return;
    this.#close();
    this.#handle?.fail(failure);
  }

  #failureOf(error: unknown): Failure {
    if (!(error instanceof StreamFault)) throw error;
    return { kind: error.kind, errorCode: OTHER, error: `${this.#origin}: ${error.message}` };
  }
}

/** Whether all goals are met, from when it was due; undefined: it has none. */
function meetsGoals(
  { goals }: StreamPlan,
  of: { firstAtUs: number; lastAtUs: number; tokens: TokenFigures | undefined },
  dueAtUs: number,
): boolean | undefined {
  if (goals === undefined) return undefined;
  const { firstEvent, firstToken, perToken, total } = goals;
  const { tokens } = of;
  const isWithin = (goal: number | undefined, us: number | undefined): boolean => goal === undefined || (us !== undefined && us <= goal);
  const since = (atUs: number | undefined): number | undefined => (atUs === undefined || atUs === 0 ? undefined : atUs - dueAtUs);
  return (
    isWithin(firstEvent, since(of.firstAtUs)) &&
    isWithin(firstToken, since(tokens?.firstAtUs)) &&
    isWithin(perToken, tokens === undefined ? undefined : perTokenUsOf(tokens)) &&
    isWithin(total, since(of.lastAtUs))
  );
}
