/** Answers that are read as streams of events, for scripts. */
import type { Duration, RequestOptions } from './requests.d.ts';

export interface StreamOptions extends Omit<RequestOptions, 'expect' | 'discard'> {
  /** Default: POST with a body, else GET. */
  method?: string;
  /** What counts as success: statuses or ranges of them; default '200-399'. Only a 2xx has a stream. */
  expect?: number | string | readonly (number | string)[];
  /** How the body is read; default 'auto', as its content-type says. Parts of multipart are frames (MJPEG); chunks are pieces as they came. */
  as?: 'auto' | 'sse' | 'json-lines' | 'chunks' | 'multipart' | 'openai-chat' | 'openai-responses';
  /** A longer gap between two events counts in `stream_stalls`. */
  stallAfter?: Duration;
  /** From when it was asked for, the wait for a connection included, to the first event; a stream that has none by then has failed. Default: only `timeout`, of the whole stream. */
  firstEventTimeout?: Duration;
  /** From one event to the next, or to the end. */
  idleTimeout?: Duration;
  /** Bytes of one event; default 1 MiB, of a part 16 MiB. */
  maxEventBytes?: number;
  /** Bytes of the stream; default: no limit, since only what the script has not read is kept. */
  maxBytes?: number;
  /** Events that may wait for the script; default 10,000. One more, and the stream is hung up and the script gets an error. */
  maxWaiting?: number;
  /** Limits that make a stream a good one, from when it was due: the share is in `stream_good`. A goal of which nothing is known is missed. */
  goals?: { firstEvent?: Duration; firstToken?: Duration; perToken?: Duration; total?: Duration };
}

export interface StreamEvent {
  /** 0-based place in the stream. */
  readonly index: number;
  /** Of a part that is no text, such as a picture: empty. */
  readonly data: string;
  /** Of SSE its name, else 'message'; of a part its content-type. */
  readonly type: string;
  readonly id: string;
  readonly bytes: number;
  /** When it came at the socket: milliseconds since the request was sent, and since it was due. */
  readonly atMs: number;
  readonly sinceDueMs: number;
  /** Since the event before; 0 of the first. */
  readonly gapMs: number;
  /** Text of tokens in it, of the formats of OpenAI. */
  readonly token: string;
  /** The data, or the part of it at `path`, from JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: as of Response.json()
  json<T = any>(path?: string): T;
}

/** A stream in numbers. Times in milliseconds, from sending unless they say due; undefined: there was none. */
export interface StreamSummary {
  /** Came to its end in order, or was hung up by the script. */
  readonly ok: boolean;
  readonly error: string;
  readonly isHungUp: boolean;
  readonly events: number;
  readonly bytes: number;
  readonly firstEventMs: number | undefined;
  readonly firstEventSinceDueMs: number | undefined;
  /** To the last event. */
  readonly durationMs: number | undefined;
  readonly longestGapMs: number;
  readonly stalls: number;
  /** Events that came in the same read as the one before: nobody knows the gap between them. */
  readonly coalesced: number;
  /** Whether the answer was whole before its first event was sent; undefined: nobody can tell. */
  readonly isReplayed: boolean | undefined;
  /** Whether it met its goals; undefined: it had none. */
  readonly isGood: boolean | undefined;
  readonly tokens: number | undefined;
  readonly firstTokenMs: number | undefined;
  readonly firstTokenSinceDueMs: number | undefined;
  /** (last − first token) ÷ (tokens − 1) */
  readonly perTokenMs: number | undefined;
  /** Text of its tokens, the first million characters. */
  readonly text: string;
}

/** An answer whose events come one after the other: `for await (const event of stream)`. Leaving the loop hangs up, which is a success. */
export interface EventStream extends AsyncIterable<StreamEvent> {
  /** 0 when no answer came; then `error` says why. */
  readonly status: number;
  /** Whether all is well so far; after the end, whether it came to it in order. */
  readonly ok: boolean;
  readonly error: string;
  readonly errorCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body of an answer that is no stream, such as that of a 503. */
  text(): string;
  /** Hangs up. */
  close(): void;
  /** Reads on to the end; events that the script has not read by then are counted and dated alone. */
  done(): Promise<StreamSummary>;
}
