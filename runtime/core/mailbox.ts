/**
 * What the two halves of the mailbox say to each other, as numbers. The guest half (`guest/`) runs inside the sandbox, the
 * host half (`sandbox/`) outside; nothing but strings and numbers crosses, in frames as of frame.ts.
 */

/** Records from the host to the VU selected last. After the kind: what is listed, whole numbers first. */
export const TO_GUEST = {
  /** vu: the records behind are for it */
  select: 13,
  /** token, scenarioIndex: run module level for the VU of this frame; ends with a record `end` */
  instantiate: 1,
  /** token (0 or more), iteration, scenarioIndex, phaseId, index of the start or −1: begin an iteration */
  begin: 2,
  /** token (below 0), kind of hook, text: function name, or of handleSummary its data as JSON: call a hook, or one task once */
  call: 3,
  /** op, status, errorCode, handle, bodyLength, flags, text: inline body */
  response: 4,
  /** op: a sleep is over */
  settled: 5,
  /** op, text: JSON: an inspection or another answer in JSON */
  answer: 6,
  /** id: a timer of the script fires */
  timer: 7,
  /** everything pending is rejected, the iteration ends */
  interrupt: 8,
  /** text: JSON of {@link GuestSettings} */
  configure: 9,
  /** vu: forget that instance */
  /** id, text: the name that the id stands for (phases) */
  name: 11,
  /** text: JSON that setup returned; every VU gets its own copy */
  data: 12,
  /** reject a promise with the function that takes reasons of others; before there is a script */
  handOver: 14,
} as const;

/** Flags of a response record. */
export const RESPONSE = {
  isExpected: 1,
  isInline: 2,
  /** It is not counted before the guest says `judge`, or its iteration ends. */ isHeld: 4,
  /** It had a body, of which nothing was kept. */
  isDiscarded: 8,
  /** Its body is a stream that goes on: its number is that of the operation. */
  isStream: 16,
} as const;

/** Records from the guest to the host; each begins with the kind and the VU. */
export const TO_HOST = {
  /** op, context, text: method and URL with a space between, text: options JSON or empty */
  request: 1,
  /** id, text: method and URL, text: options: a request that may come again */
  requestKind: 19,
  /** op, context, id of its kind: the same request once more */
  repeat: 20,
  /** op, delayUs */
  sleep: 2,
  /** id, text: name: an id for a check, a task, a group or a metric */
  name: 3,
  /** name id, passed 0 or 1, context, text: why the predicate threw */
  check: 4,
  /** name id, context, text: value, text: tags JSON or empty */
  sample: 5,
  /** level 0 debug … 3 error, text */
  log: 6,
  /** name id: the task of this iteration */
  task: 7,
  /** token, one of {@link END}, text: stack of the error or the result as JSON */
  end: 8,
  /** intervalUs */
  pace: 9,
  /** text: reason */
  abort: 10,
  /** text: reason */
  fail: 11,
  /** op, response handle, text: path */
  inspect: 12,
  /** id, delayUs, 1 when it repeats */
  timer: 13,
  /** id */
  clearTimer: 14,
  /** metric name id, text: JSON of type and unit */
  defineMetric: 15,
  /** text: where it was called: an operation that nobody awaited */
  unawaited: 16,
  /** op: its answer is not wanted any more */
  cancel: 17,
  /** name id of the parent context, name id: context id is the third; a group was entered for the first time */
  group: 18,
  /** context, context id, text: JSON of tags: the second context is the first with these `vu.tags`; it was not there before */
  tagged: 21,
  /** context id: the VU's own samples (iterations) have the tags of this context from here on */
  vuTags: 22,
  /** handle of an answer that is held, 0 failed · 1 expected · 2 as its status says, text: why it failed */
  judge: 23,
  /** op, number of a stream, 1 for its end alone: answered with {@link StreamNews} as JSON once there is something */
  streamNext: 24,
  /** number of a stream that is not wanted any more */
  streamClose: 25,
  /** text: an error of the script that nobody awaited; of VU −2 when it is not known whose */
  lost: 30,
} as const;

/** What a script is told of a stream: events as rows (data, type, id, bytes, µs since sent, since due and since the one before, token), and its end. */
export interface StreamNews {
  readonly rows: readonly (readonly [string, string, string, number, number, number, number, string])[];
  /** Undefined: it goes on, or more events wait. */
  readonly end?: StreamEndNews;
}

/** The numbers of a stream; times in µs, undefined: there was none. */
export interface StreamEndNews {
  readonly isExpected: boolean;
  readonly errorCode: number;
  readonly error: string;
  /** Why the script can read no more though the server did nothing wrong; empty: it came to its end. */
  readonly ownFault: string;
  readonly isHungUp: boolean;
  readonly events: number;
  readonly bytes: number;
  readonly firstEvent?: number;
  readonly firstEventDue?: number;
  readonly duration?: number;
  readonly longestGap: number;
  readonly stalls: number;
  readonly coalesced: number;
  readonly isReplayed?: boolean;
  readonly isGood?: boolean;
  readonly tokens?: number;
  readonly firstToken?: number;
  readonly firstTokenDue?: number;
  readonly perToken?: number;
  readonly text?: string;
}

/** Instead of statuses in `expect` of a request: a function of the script decides, and says so with `judge`. */
export const ASKS_SCRIPT = 'script';

/** Things the guest asks and gets at once: one crossing of a number, a number and a text, and a number or a text back. */
export const ASK = {
  /** handle → body as text; empty when the answer is gone */
  text: 1,
  /** handle, path → JSON of the part, empty where nothing is, `!` when the answer is gone, `!` and why when it is not JSON */
  json: 2,
  /** handle → JSON { url, protocol, error, headers, phasesUs }; empty when the answer is gone */
  meta: 3,
  /** → ms since the run began, with fractions */
  now: 4,
  /** key → answer with a leading `=`, empty when it must be loaded first */
  loaded: 5,
  /** → current context id */
  context: 6,
  /** context id: what is asked for from here on belongs to it */
  enterContext: 7,
  /** reference of bytes → base64; see {@link PASSING} */
  base64: 8,
  /** count → that many random bytes as latin1 */
  randomBytes: 9,
  /** algorithm, a colon, data as latin1 → digest as latin1 */
  digest: 10,
  /** algorithm, a colon, length of the key, a colon, key and data as latin1 → signature as latin1 */
  hmac: 11,
  /** JSON [href, base | null] → JSON of the parts, empty when invalid */
  url: 12,
  /** JSON [href, part, value] → JSON of the parts */
  urlSet: 13,
  /** text → JSON pairs */
  queryParse: 14,
  /** JSON pairs → text */
  queryFormat: 15,
  atob: 16,
  btoa: 17,
  uuid: 18,
  /** bytes as latin1 → text decoded from UTF-8 */
  utf8Decode: 19,
  /** text → UTF-8 bytes as latin1 */
  utf8Encode: 20,
  /** VU, JSON of {@link JarRequest} → JSON of names and values for `read`, else empty; `!` and why when it cannot be */
  jar: 21,
  /** a piece of bytes that are being made, as latin1 → nothing */
  bytesPart: 22,
  /** VU: all its pieces have come → reference, `!` and why when there are too many */
  bytesMade: 23,
  /** handle: the body of an answer → reference, a space, length, a space, content type; `!` and why, empty when the answer is gone */
  answerBytes: 24,
  /** 1 for text in UTF-8, reference → bytes as latin1, or the text */
  bytesRead: 25,
  /** reference → SHA-256 in hex; empty when they are gone */
  bytesDigest: 26,
  /** reference → `1`; empty when they are gone */
  bytesAlive: 27,
  /** reference → the bytes as a data URL, a use like any other */
  dataUrl: 28,
} as const;

/**
 * Bytes that stay at the host have references: `pool/index` for pictures and files of the run, and these two names in the place of the pool for what a script made:
 * gone with its iteration, or never. A part of them ends in `:from-to`.
 */
export const PASSING = 'passing';
export const LASTING = 'lasting';

/** How bytes stand in JSON. */
export type JsonForm = 'base64' | 'dataUrl';
/** JSON of a request: its text, or the texts around bytes that the host puts in, each in quotes already. */
export type JsonText = string | readonly (string | readonly [reference: string, form: JsonForm])[];

/** A cookie that no answer set. */
export interface OwnCookie {
  /** Of `delete`: empty for all that go to the URL. */
  readonly name: string;
  readonly value: string;
  readonly domain?: string;
  readonly path?: string;
  readonly secure?: boolean;
  readonly httpOnly?: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}

/** What a script does with the cookies of its user. */
export interface JarRequest extends OwnCookie {
  readonly kind: 'read' | 'set' | 'delete';
  /** Absolute. */
  readonly url: string;
}

/** How an iteration, a hook or module level ended; `badInput`: what the script gave us cannot be, which is no fault of its logic. */
export const END = { done: 0, threw: 1, interrupted: 2, badInput: 3 } as const;
export type HookEnd = keyof typeof END;
export const HOOK_ENDS = Object.keys(END) as [HookEnd, ...HookEnd[]];

/** Why module level came to no end. */
export interface ModuleError {
  readonly kind: 'threw' | 'badInput';
  readonly text: string;
}

/** Kinds of `call` records. */
export const CALL = { setup: 1, teardown: 2, vuSetup: 3, vuTeardown: 4, task: 5, init: 6, handleSummary: 7 } as const;

/** Longest texts that may come out of the sandbox, in UTF-16 units. */
export const LIMITS = {
  bodyLength: 32 << 20,
  logLength: 16_384,
  tagLength: 1_024,
  tagNameLength: 128,
  tagsMax: 50,
  /** What a hook returns, as JSON. */
  resultLength: 32 << 20,
  /** What module level asks for, such as the spec of a pool. */
  keyLength: 16_384,
  errorLength: 16_384,
  namesMax: 20_000,
  requestKindsMax: 2_000,
  /** Longer ones are rarely asked for again, and two thousand of them would fill the memory. */
  requestKindLength: 4_096,
  timersMax: 1_000,
  pendingMax: 10_000,
  /** Different `vu.tags` of a worker. */
  tagSetsMax: 2_000,
} as const;

/** Bodies up to this many bytes travel inside their response record. */
export const INLINE_BODY_BYTES = 2_048;
