import { monotonicUs } from '../core/clock.ts';
import type { HttpOutcome, OwnShare, Tags } from '../core/records.ts';
import type { SendingSecond } from '../measure/generator-monitor.ts';
import { isOwnFailure, ownShareOf } from '../measure/own-share.ts';
import type { OwnTime } from '../measure/own-time.ts';
import type { SampleRecorder } from '../measure/sample-recorder.ts';
import { SendLag } from '../measure/send-lag.ts';
import { isConnectionFailure } from '../net/back-off.ts';
import type { DialWatch } from '../net/dial-watch.ts';
import { bytesOf } from '../net/http1/request-writer.ts';
import { answerRecord } from './answer-record.ts';
import { BodyEncoder } from './body-encoder.ts';
import { KeptAnswers } from './kept-answers.ts';
import { reached } from './post-after.ts';
import type { RateLimit } from './rate-limit.ts';
import { refusedRequest } from './refused-request.ts';
import type { BuiltRequest, RequestBuilder } from './request-builder.ts';
import type { ScriptBytes } from './script-bytes.ts';
import { type OpenStream, StreamDesk } from './stream-desk.ts';
import type { DeskRequest, HeldRequest, HostVu } from './vu-table.ts';

export interface RequestDeskOptions {
  builder: RequestBuilder;
  recorder: SampleRecorder;
  post(vu: number, record: string): void;
  find(vu: number): HostVu | undefined;
  groupOf(context: number): string;
  tagsOf(context: number): Tags | undefined;
  /** Draws a picture for one use; the coordinator does. */
  draw(reference: string, done: (bytes: Buffer) => void): void;
  httpDebug(vu: number, built: BuiltRequest, what: { outcome: HttpOutcome; isExpected: boolean }): void;
  /** When this worker was away. */
  own: OwnTime;
  isOpen(scenario: number): boolean;
  /** How dialling went, for the monitor. */
  watch: DialWatch;
  /** The environment's bound on requests per second. */
  limit?: RateLimit;
  /** Whether the script may call `res.fail()`: then all answers are held until it has had its say. */
  judgesAnswers: boolean;
  /** What iterations made goes with them. */
  bytes: ScriptBytes;
}

/** A request as the script wrote it: method and URL, options as JSON; and as built, when it can be sent again as it is. */
export interface RequestKind {
  readonly target: string;
  readonly options: string;
  built: BuiltRequest | undefined;
}

interface Asked {
  operation: number;
  context: number;
  kind: RequestKind;
}

/** Bodies that are kept ready to be sent again, all together. */
const READY_BYTES_MAX = 256_000_000;

/** The worker's side of http: sends what VUs ask for, records how it went, keeps the answers until they are read. */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  inFlight = 0;
  readonly #sendLag = new SendLag();
  readonly #encoder = new BodyEncoder();
  /** What scripts may still read. */
  readonly answers: KeptAnswers;
  readonly streams: StreamDesk;
  #readyBytes = 0;
  /** Since they were last asked for. */
  #stalledFailures = 0;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
    this.answers = new KeptAnswers(options.find);
    this.streams = new StreamDesk({ recorder: options.recorder, answers: this.answers, post: options.post });
  }

  request(vu: HostVu, asked: Asked): void {
    const dueAtUs = vu.dueAtUs;
    let built: BuiltRequest;
    try {
      built = asked.kind.built ?? this.#build(asked.kind);
    } catch (error) {
      return this.#refuse(vu, { asked, dueAtUs, message: (error as Error).message });
    }
    if (built.toDraw === undefined) return this.#sendEncoded(vu, asked, { built, dueAtUs });
    vu.waits.set(asked.operation, undefined);
    this.#drawAll(built.toDraw, (drawn) => {
      // an iteration that was cut short meanwhile sends nothing more
      if (!vu.waits.delete(asked.operation)) return;
      if ([...drawn.values()].some(({ length }) => length === 0))
        return this.#refuse(vu, { asked, dueAtUs: monotonicUs(), message: 'its picture could not be drawn' });
      // the picture is made by the generator, not by the target: the request is due when there is something to send
      this.#sendEncoded(vu, asked, {
        built: this.#options.builder.build(asked.kind.target, asked.kind.options, drawn).built,
        dueAtUs: monotonicUs(),
      });
    });
  }

  /** Compressed first, where it is to be: that is the generator's work, and the request is due when there is something to send. */
  #sendEncoded(vu: HostVu, asked: Asked, what: { built: BuiltRequest; dueAtUs: number }): void {
    const { built } = what;
    const { body } = built.request;
    if (built.encoding === undefined || body === undefined) return this.#send(vu, asked, what);
    const { encoding } = built;
    let dueAtUs: number | undefined = what.dueAtUs;
    vu.waits.set(asked.operation, undefined);
    const done = (bytes: Buffer): void => {
      // an iteration that was cut short meanwhile sends nothing more
      if (!vu.waits.delete(asked.operation)) return;
      const headers = [...built.request.headers, 'content-encoding', encoding];
      const encoded = { ...built, request: { ...built.request, headers, body: bytes } };
      this.#send(vu, asked, { built: encoded, dueAtUs: dueAtUs ?? monotonicUs() });
    };
    this.#encoder.encode(body, encoding, { holder: typeof body === 'string' ? built : body, done });
    dueAtUs = undefined;
  }

  #drawAll(references: readonly string[], done: (drawn: ReadonlyMap<string, Buffer>) => void): void {
    const drawn = new Map<string, Buffer>();
    for (const reference of references)
      this.#options.draw(reference, (bytes) => {
        drawn.set(reference, bytes);
        if (drawn.size === references.length) done(drawn);
      });
  }

  /** What sending was like since the last call. */
  takeSending(): SendingSecond {
    const stalledFailures = this.#stalledFailures;
    this.#stalledFailures = 0;
    return { sendLagUsP99: this.#sendLag.takeP99Us(), stalledFailures, ...this.#options.watch.take() };
  }

  #build(kind: RequestKind): BuiltRequest {
    const { built, isReusable } = this.#options.builder.build(kind.target, kind.options);
    const bytes = bytesOf(built.request.body) ?? 0;
    if (isReusable && this.#readyBytes + bytes <= READY_BYTES_MAX) {
      this.#readyBytes += bytes;
      kind.built = built;
    }
    return built;
  }

  /** Ends everything that a VU has under way. */
  abort(vu: HostVu): void {
    this.recordHeld(vu);
    for (const { handle } of [...vu.requests]) handle.abort();
  }

  /** The iteration has ended: its answers are gone. */
  forget(vu: HostVu): void {
    this.streams.hangUpAll(vu); // what its script left open it wanted no more of
    this.recordHeld(vu);
    this.answers.forget(vu);
    this.#options.bytes.forget(vu.index);
  }

  #send(vu: HostVu, asked: Asked, what: { built: BuiltRequest; dueAtUs: number }): void {
    const delayUs = this.#options.limit?.delayUs(monotonicUs()) ?? 0;
    // what its VU had waited for its turn is no lag of the sending, and counts as late or queued starts
    const freeAtUs = Math.max(what.dueAtUs, vu.begunAtUs);
    if (delayUs < 1000) {
      this.#sendLag.record(this.#sendNow(vu, asked, what) - freeAtUs);
      return;
    }
    const allowedAtUs = monotonicUs() + delayUs;
    const timer = setTimeout(() => {
      vu.waits.delete(asked.operation);
      // our own brake is no latency of the target's: due when it may be sent
      const held = { built: what.built, dueAtUs: Math.max(what.dueAtUs, allowedAtUs) };
      this.#sendLag.record(this.#sendNow(vu, asked, held) - allowedAtUs);
    }, delayUs / 1000);
    vu.waits.set(asked.operation, timer);
  }

  /** @returns when it went to the network, monotonic µs */
  #sendNow(vu: HostVu, asked: Asked, what: { built: BuiltRequest; dueAtUs: number }): number {
    this.inFlight++;
    let hasEnded = false;
    const { built, dueAtUs } = what;
    const stream =
      built.stream === undefined
        ? undefined
        : this.streams.open(vu, { ...this.#placeOf(asked), operation: asked.operation, built, dueAtUs });
    const handle = vu.http.request(stream?.request ?? built.request, (outcome) => {
      hasEnded = true;
      this.inFlight--;
      removeRequest(vu, asked.operation);
      // named one by one: V8 makes a new hidden class for every spread with one property more, and whoever reads it misses its caches
      this.#ended(vu, asked, { built, dueAtUs, outcome, stream });
    });
    stream?.begin(handle);
    if (!hasEnded) vu.requests.push({ operation: asked.operation, handle });
    return handle.askedAtUs;
  }

  #placeOf({ context }: Asked): { group: string; tags: Tags | undefined } {
    return context === 0 ? { group: '', tags: undefined } : { group: this.#options.groupOf(context), tags: this.#options.tagsOf(context) };
  }

  #ended(
    vu: HostVu,
    asked: Asked,
    what: { built: BuiltRequest; dueAtUs: number; outcome: HttpOutcome; stream?: OpenStream | undefined },
  ): void {
    const { built, dueAtUs, outcome, stream } = what;
    stream?.conclude(outcome);
    const isExpected = outcome.kind === 'response' && built.isExpected(outcome.status);
    const { group, tags } = this.#placeOf(asked);
    const own = this.#ownShare(vu, dueAtUs, outcome);
    if (!isExpected && isOwnFailure(outcome, own, dueAtUs)) this.#stalledFailures++;
    // it has left the count already, and was one of those in flight
    const inFlight = this.inFlight + 1;
    const ended = { built, group, tags, method: built.request.method, outcome, dueAtUs, isExpected, inFlight, own };
    const isHeld = outcome.kind === 'response' && stream === undefined && (built.asksScript || this.#options.judgesAnswers);
    if (!isHeld) this.#record(vu, ended);
    stream?.measure(outcome, isExpected, own);
    if (outcome.kind === 'interrupted') return; // no answer to be checked: the interrupt of its iteration follows
    if (stream?.tellEnd(outcome, isExpected) === true) return;
    const handle = this.answers.keep(vu, outcome);
    if (isHeld) vu.held.push({ handle, ended: { ...ended, period: this.#options.recorder.periodOf(vu, outcome.endedAtUs) } });
    const answer = answerRecord(asked.operation, handle, { outcome, isExpected, isHeld });
    if (outcome.kind !== 'response' && isConnectionFailure(outcome)) {
      const delayUs = vu.backOff.failed();
      const timer = setTimeout(() => {
        vu.waits.delete(asked.operation);
        vu.dueAtUs = reached(vu, outcome.endedAtUs + delayUs);
        this.#options.post(vu.index, answer);
      }, delayUs / 1000);
      vu.waits.set(asked.operation, timer);
      return;
    }
    if (outcome.kind === 'response') vu.backOff.succeeded();
    if (outcome.endedAtUs > vu.dueAtUs) vu.dueAtUs = outcome.endedAtUs;
    this.#options.post(vu.index, answer);
  }

  #record(vu: HostVu, ended: DeskRequest): void {
    this.#options.recorder.request(vu, ended);
    this.#options.httpDebug(vu.index, ended.built, ended);
  }

  /** What the script says of an answer that was held for it. One that was counted meanwhile, since its iteration is over, stays as it is. */
  judge(vu: HostVu, { handle, verdict, reason }: { handle: number; verdict: number; reason: string }): void {
    const at = vu.held.findIndex((held) => held.handle === handle);
    if (at < 0) return;
    const [{ ended }] = vu.held.splice(at, 1) as [HeldRequest];
    if (verdict === 2) this.#record(vu, ended);
    else this.#record(vu, verdict === 1 ? { ...ended, isExpected: true } : { ...ended, isExpected: false, refusal: reason });
  }

  /** Counts what was held by its status: nobody will say more of it. */
  recordHeld(vu: HostVu): void {
    if (vu.held.length > 0) for (const { ended } of vu.held.splice(0)) this.#record(vu, ended);
  }

  #ownShare(vu: HostVu, dueAtUs: number, outcome: HttpOutcome): OwnShare | undefined {
    const isOpenModel = vu.phase === 'iteration' && this.#options.isOpen(vu.scenario);
    const { begunAtUs: freeAtUs, inTimeAtUs, busyUs } = vu;
    return ownShareOf(this.#options.own, { dueAtUs, freeAtUs, inTimeAtUs, busyUs, isOpenModel, outcome });
  }

  /** A request that cannot even be built is a failed request like any other. */
  #refuse(vu: HostVu, what: { asked: Asked; dueAtUs: number; message: string }): void {
    const { asked, dueAtUs, message } = what;
    this.#ended(vu, asked, { ...refusedRequest(asked.kind.target, message), dueAtUs });
  }
}

function removeRequest(vu: HostVu, operation: number): void {
  const at = vu.requests.findIndex((request) => request.operation === operation);
  if (at >= 0 && at === vu.requests.length - 1) vu.requests.pop();
  else if (at >= 0) vu.requests.splice(at, 1);
}
