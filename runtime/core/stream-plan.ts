import type { HttpOutcome, OwnShare } from './records.ts';

/** How the body of an answer is read as a stream of events; `auto`: as its content-type says. */
export const STREAM_FORMATS = ['auto', 'sse', 'json-lines', 'chunks', 'multipart', 'openai-chat', 'openai-responses'] as const;
export type StreamFormat = (typeof STREAM_FORMATS)[number];

/** Limits that make a stream a good one, each in µs; a goal of which nothing is known is missed. */
export interface StreamGoals {
  readonly firstEvent?: number;
  readonly firstToken?: number;
  readonly perToken?: number;
  readonly total?: number;
}

/** What a request says of the stream that it asks for; times in µs, and absent: without that limit. */
export interface StreamPlan {
  readonly as: StreamFormat;
  /** A gap between two events that is longer is a stall. */
  readonly stallAfter?: number;
  /** From asking, the wait for a connection included, to the first event. */
  readonly firstEventTimeout?: number;
  /** From one event to the next, and to the end. */
  readonly idleTimeout?: number;
  /** Bytes of one event. */
  readonly maxEventBytes?: number;
  /** Bytes of the whole stream. */
  readonly maxBytes?: number;
  /** Events that wait for the script. */
  readonly maxWaiting?: number;
  readonly goals?: StreamGoals;
}

export const STREAM_LIMITS = {
  eventBytes: 16 << 20,
  waiting: 10_000,
  /** Text of events that wait for the script, all of a stream together. */
  waitingBytes: 32 << 20,
  /** Of events that cross into the sandbox at once. */
  crossingBytes: 1 << 20,
  crossingEvents: 1_000,
  /** Text of tokens that a summary has. */
  textLength: 1 << 20,
} as const;

/** Gaps of one event, µs; undefined: it is the first of its kind, or none of it. */
export interface EventGaps {
  readonly gapUs: number | undefined;
  /** Undefined: there is no gap, or nothing says how long a stall is. */
  readonly isStall: boolean | undefined;
  /** Whether it has text of a token. */
  readonly isToken: boolean;
  readonly tokenGapUs: number | undefined;
}

/** How a stream ended. */
export interface StreamEnd {
  /** Of its request. */
  readonly kind: HttpOutcome['kind'];
  /** It came to its end in order, or the script hung up. */
  readonly isExpected: boolean;
  readonly dueAtUs: number;
  readonly endedAtUs: number;
  /** What its worker was away for its request; undefined: next to nothing. */
  readonly own?: OwnShare | undefined;
}

/** Whether more would have come, had there been more time. */
export function isCutOff(kind: StreamEnd['kind']): boolean {
  return kind === 'timeout' || kind === 'interrupted';
}

/** What was measured of one stream. Moments are monotonic µs; 0: it did not come. */
export interface StreamFigures {
  /** When its request had a connection and sending began. */
  readonly sentAtUs: number;
  readonly firstAtUs: number;
  readonly lastAtUs: number;
  readonly events: number;
  readonly bytes: number;
  /** The one that it was cut off in among them. */
  readonly stalls: number;
  readonly longestGapUs: number;
  /** Events that came with the same read as the one before. */
  readonly coalesced: number;
  /** Whether the answer was whole before its first event went out; undefined: too few events to tell, or hung up. */
  readonly isReplayed: boolean | undefined;
  /** Its own end has come, such as `[DONE]`: no event is missing. */
  readonly isOver: boolean;
  /** Undefined: its format knows no tokens. */
  readonly tokens: TokenFigures | undefined;
  /** Undefined: it had no goals. */
  readonly isGood: boolean | undefined;
}

export interface TokenFigures {
  /** First and last event with text of a token, not of a role, of usage or of an end. */
  readonly firstAtUs: number;
  readonly lastAtUs: number;
  /** Events with such text. */
  readonly pieces: number;
  /** As the server's usage says; else one a piece. */
  readonly count: number;
  readonly isCounted: boolean;
}

/** Time per token after the first, µs; undefined where there is no second. */
export function perTokenUsOf({ firstAtUs, lastAtUs, pieces, count }: TokenFigures): number | undefined {
  return count > 1 && pieces > 1 ? (lastAtUs - firstAtUs) / (count - 1) : undefined;
}
