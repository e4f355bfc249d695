/** The plain values that travel from a request to the report. All times are integer µs. */

import type { Stage } from './stage.ts';

/**
 * Which part of the run a sample belongs to. Only `measured` and `drain` count in the verdict, only `measured` in rates:
 * `setup` is setup(), vuSetup() and the health check; `warm-up` as configured; `drain` ended after the planned end.
 */
export type Period = 'setup' | 'warm-up' | 'measured' | 'drain' | 'teardown';

/** Tags of a series; values are short strings. System tags: scenario task phase group name method status error_code expected_response. */
export type Tags = Readonly<Record<string, string>>;

export type MetricType = 'counter' | 'gauge' | 'rate' | 'trend';
/** `time`: values recorded in µs, shown in ms. `data`: bytes. `default`: plain numbers, kept to 3 decimals. */
export type MetricUnit = 'time' | 'data' | 'default';

export interface MetricDefinition {
  readonly name: string;
  readonly type: MetricType;
  readonly unit: MetricUnit;
}

/** One HTTP exchange on the wire: a redirect hop or the whole of a request that was not redirected. */
export interface HttpHop {
  method: string;
  url: string;
  /** 0 when no response came. */
  status: number;
  /** k6's error code; 0 when there is none. */
  errorCode: number;
  /** From the wish to send to a usable connection: waiting for a slot, DNS, TCP and TLS. */
  blockedUs: number;
  connectingUs: number;
  tlsUs: number;
  /** Until the kernel accepted the last byte of the request. */
  sendingUs: number;
  /** From there to the first byte of the response. */
  waitingUs: number;
  receivingUs: number;
  bytesSent: number;
  bytesReceived: number;
  /** Whether it went out once more on a fresh connection, because the server had ended the kept one when it was written to: the target may have seen it twice. */
  isSentTwice?: boolean;
}

/** Why a logical request has no usable response. */
export type HttpFailureKind =
  | 'timeout'
  | 'connect-failed'
  | 'dns-failed'
  | 'tls-failed'
  | 'reset'
  | 'bad-response'
  | 'body-too-large'
  | 'blocked-address'
  | 'bad-url'
  | 'interrupted'
  | 'other';

/** How a logical request (all its hops) ended. A failed request is a value, never an exception. */
export interface HttpOutcome {
  /** `response`: status and body are there, whatever the status says. */
  kind: 'response' | HttpFailureKind;
  /** 0 when no response came. */
  status: number;
  /** k6's error code; 1000 + status for 4xx and 5xx; 0 when there is none. */
  errorCode: number;
  /** One line for people; empty when there is none. */
  error: string;
  /** Final URL, after redirects. */
  url: string;
  protocol: string;
  /** Name, value, name, value …; names in lower case. */
  headers: readonly string[];
  /** What the first hop carried, name, value …; absent where none was made. */
  sentHeaders?: readonly string[];
  /** Of the body, as `content-type` names it and the platform's TextDecoder calls it; empty or absent: UTF-8. */
  readonly charset?: string;
  /** Decoded body; undefined when none came. */
  body: Buffer | undefined;
  /** Nobody looks at the body any more: its memory may hold another one from here on. Absent: it is not used again. */
  release?(): void;
  /** Of the body: decoded where it was kept, as it came where not. Absent: none came. */
  bodyBytes?: number;
  /** At least one; the last is the final exchange. */
  hops: readonly HttpHop[];
  /** Monotonic µs (see clock.ts) when the last byte came or the failure was known. */
  endedAtUs: number;
  /** What the server says of its own parts; absent when it says nothing. */
  serverTimings?: readonly ServerTiming[];
  /** Of the `traceparent` that was sent with it, unless the script gave one; absent when none was. */
  traceId?: string;
}

/** Characters of the name of a server's part; longer ones are cut. */
export const SERVER_PART_LENGTH = 64;

/** One part of a server's work, from `Server-Timing` or a configured header. */
export interface ServerTiming {
  /** `queue`, `inference` …; at most 64 characters. */
  readonly part: string;
  readonly us: number;
}

/** A request worth keeping whole: one of the slowest, or one that failed. */
export interface KeptRequest {
  why: 'slow' | 'failed';
  scenario: string;
  task: string;
  phase: string;
  name: string;
  method: string;
  /** Path and query, at most 500 characters. */
  url: string;
  status: number;
  errorCode: number;
  /** An {@link HttpFailureKind}, `status`, or empty for an expected answer. */
  kind: string;
  /** One line; empty when there is none. */
  error: string;
  /** Unix ms when it ended. */
  atMs: number;
  /** From the due time to the end. */
  responseTimeUs: number;
  /** Of the last hop. */
  phasesUs: { blocked: number; connecting: number; tls: number; sending: number; waiting: number; receiving: number };
  serverTimings: ServerTiming[];
  /** `x-request-id` of the answer, or the trace id that was sent; empty when there is none. */
  requestId: string;
  /** `pool/index` of the picture sent; empty when there was none. */
  picture: string;
  /** Requests of this worker that were in flight when it ended, itself included. */
  inFlight: number;
  /** 0-based. */
  vu: number;
  iteration: number;
}

/** Of a request's time, what its worker was away at most: running other code, waiting for a processor, stopped. µs. */
export interface OwnShare {
  /** From the due time on, all hops. */
  readonly totalUs: number;
  /** The load was not as planned: the target may have been slow for that alone. */
  readonly isInBurst: boolean;
  /** Of the hops, in their order, by phase. */
  readonly hops: readonly {
    readonly blockedUs: number;
    readonly sendingUs: number;
    readonly waitingUs: number;
    readonly receivingUs: number;
  }[];
}

/** A finished logical request with everything that metrics need. */
export interface HttpSample {
  readonly scenario: string;
  readonly task: string;
  readonly phase: string;
  readonly group: string;
  readonly name: string;
  readonly method: string;
  /** Extra tags the script gave; undefined when none. */
  readonly tags: Tags | undefined;
  readonly period: Period;
  /** Whether the answer is one the script expects (default: status 200 to 399). Decided once, here. */
  readonly expected: boolean;
  readonly outcome: HttpOutcome;
  /** When the request was due, monotonic µs. */
  readonly dueAtUs: number;
  /** Undefined: its worker was there all the time. */
  readonly own?: OwnShare | undefined;
}

/** One iteration of one VU as it begins. */
export interface Start {
  /** 0-based number of the VU in the whole test. */
  readonly vu: number;
  /** 0-based number of the iteration of this VU in this scenario. */
  readonly iteration: number;
  /** 0-based number of the start in its scenario, over all workers, where starts are counted so (open models, shared iterations); −1: by VU and iteration. */
  readonly index: number;
  /** Index of the scenario in the plan. */
  readonly scenario: number;
  /** Name of the shape's part; empty when the shape has none. */
  readonly phase: string;
  /** When it was due, µs since the run began. */
  readonly dueAtUs: number;
  /** It came from another worker: so long it had waited there for the users' sake alone, µs. */
  readonly busyUs?: number;
}

/** How an iteration ended. */
export interface IterationEnd {
  readonly kind: 'done' | 'threw' | 'interrupted';
}

/** Starts since a period began. Every start that was due is in the end begun or dropped. */
export interface StartCounts {
  /** Begun or dropped: those that still wait for their turn are not yet in. */
  due: number;
  begun: number;
  /** Begun more than 10 ms after they were due though a VU was free: the generator was behind. */
  late: number;
  /** Begun after they were due because no VU was free: the VU's own iteration took longer than its pace, or in an open model all were busy. */
  queued: number;
  /**
   * Never begun: in an open model because no VU was free (`drop`), or none until the end of graceful stop (`queue`); in a closed one due more
   * than 10 ms before the end of the VU's time and not begun by then; or iterations that the time did not suffice for. And starts that went with
   * a worker that was lost: those that it had not reported, up to the moment that another took its place.
   */
  dropped: number;
  /** Begun, and cut short. */
  interrupted: number;
}

export const NO_STARTS: Readonly<StartCounts> = { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 };

/** What one worker was like in one second of a period. */
export interface GeneratorSecond {
  /** 0-based second of the period that it describes. */
  second: number;
  /** How many seconds it describes, of which `second` is the first: a worker that was away or had no turn tells of them as one. Absent: one. */
  spanS?: number;
  loopLagP99Us: number;
  loopLagMaxUs: number;
  /** Share of one core, 0 to 1; more with the process's other threads. */
  cpu: number;
  /** Starts that began more than 10 ms after they were due though their VU was free. */
  lateStarts: number;
  /** Starts that began, late ones included. */
  begunStarts: number;
  rssBytes: number;
  /** Garbage collection: pauses of the second in all, and the longest. Absent: not measured. */
  gcUs?: number;
  gcUsMax?: number;
  /** Longest wait for a connection of this generator's own making: sockets being set up one after the other. Absent: not measured. */
  connectQueueUsMax?: number;
  /** Sockets that the generator itself could not open (EMFILE, ENFILE, EADDRNOTAVAIL, ENOBUFS, ENOMEM). Absent: not measured. */
  ownSocketErrors?: number;
  /** In which it had something to do and no processor: queued, stopped, throttled, paged out. Absent: not measured. */
  starvedUs?: number;
  /** Longest that it ran on a processor without a look at its timers: what code did in one piece. Absent: not measured. */
  ranUsMax?: number;
  /** Requests that failed, and perhaps only because their worker was away. Absent: not measured. */
  stalledFailures?: number;
  /** How long after it was due a request went to the network though nothing stood in its way: p99 of the second. Absent: nothing was sent. */
  sendLagUsP99?: number;
}

/** What a calibration against an echo server on this machine found of one worker. */
export interface Calibration {
  requests: number;
  /** What the generator itself adds to a latency, loopback included. */
  overheadUsP50: number;
  overheadUsP95: number;
  overheadUsP99: number;
}

/** Errors of one kind, told apart by name and code, task, method and part of the run. */
export interface ErrorTally {
  /** Request name, check, or the first line of what a script threw: with `#` where several differ in a number. */
  name: string;
  /** Of a failed request. */
  task?: string;
  method?: string;
  /** Where it does not count in the verdict; absent: it does. */
  period?: 'setup' | 'warm-up' | 'teardown';
  /** `script`, `check` or an {@link HttpFailureKind} or `status`. */
  kind: string;
  code: number;
  count: number;
  /** Unix ms. */
  firstSeenMs: number;
  lastSeenMs: number;
  /** First message, at most 2,000 characters. */
  sample: string;
}

/** What happened in a second: the run entered a stage, somebody changed its load, or there is something to know. */
export type SecondEvent = { readonly kind: 'stage'; readonly text: Stage } | { readonly kind: 'change' | 'note'; readonly text: string };
