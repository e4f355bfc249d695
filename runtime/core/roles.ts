import type { Tags } from './records.ts';

/**
 * Which metric plays which part for a request: the one place that names them. Response times are from when a request was due, durations from when it was sent.
 * A request that failed is `true` in `failed`; one that timed out or was interrupted is in `cutOff` with its tag `kind`, and has no response time.
 */
export const HTTP = {
  failed: 'http_req_failed',
  responseTime: 'http_req_response_time',
  duration: 'http_req_duration',
  blocked: 'http_req_blocked',
  connecting: 'http_req_connecting',
  tls: 'http_req_tls_handshaking',
  sending: 'http_req_sending',
  waiting: 'http_req_waiting',
  receiving: 'http_req_receiving',
  serverTime: 'http_req_server_time',
  repeats: 'http_req_repeats',
  cutOff: 'http_req_cut_off',
} as const;

/**
 * Metrics of answers that are read as streams. Live, with the status alone: events, gaps, stalls, tokens' gaps. At a stream's end, with `expected_response` as well:
 * the rest. Times are from when its request was sent, unless they are called `due`. What a stream still waited for when its request timed out or was interrupted is
 * in `cutOff`, with the metric that it would have been in as the tag `before`, and the tag `kind`.
 */
export const STREAM = {
  events: 'stream_events',
  gap: 'stream_gap',
  stalls: 'stream_stalls',
  tokenGap: 'stream_token_gap',
  firstEvent: 'stream_first_event',
  firstEventDue: 'stream_first_event_due',
  duration: 'stream_duration',
  eventRate: 'stream_event_rate',
  firstToken: 'stream_first_token',
  firstTokenDue: 'stream_first_token_due',
  perToken: 'stream_time_per_token',
  tokens: 'stream_tokens',
  tokenRate: 'stream_token_rate',
  good: 'stream_good',
  replayed: 'stream_replayed',
  cutOff: 'stream_cut_off',
} as const;

/** Those that are recorded while nobody knows how the stream ends. */
export const LIVE_STREAM_METRICS: ReadonlySet<string> = new Set([STREAM.events, STREAM.gap, STREAM.stalls, STREAM.tokenGap]);

const STREAM_NAMES: ReadonlySet<string> = new Set(Object.values(STREAM));

/** Whether only requests for streams have it: one that nothing touched is unknown, whatever else ran. */
export function isStreamMetric(name: string): boolean {
  return STREAM_NAMES.has(name);
}

/** Tags that every iteration has, every metric of a script, every request: a run sets them itself. */
export const ITERATION_TAGS: readonly string[] = ['scenario', 'task', 'phase'];
export const SCRIPT_TAGS: readonly string[] = [...ITERATION_TAGS, 'group'];
export const SYSTEM_TAGS: readonly string[] = [...SCRIPT_TAGS, 'name', 'method', 'status', 'error_code', 'expected_response'];

/** Narrows tags to answers that were expected: what "how fast are answers" is asked of. A failure may be quick or take its whole time limit. */
export function ofExpected(tags: Tags = {}): Tags {
  return { ...tags, expected_response: 'true' };
}

/** The tags without that: what was cut off had no answer to expect. */
export function ofAnyAnswer({ expected_response: _, ...tags }: Tags): Tags {
  return tags;
}

export function isExpectedAnswer(tags: Tags): boolean {
  return tags['expected_response'] === 'true';
}

/** A worker that was away for less adds no more than any client does. */
export const STALLED_US_MIN = 1_000;

/** As measured, the samples into which a stall of their own worker fell; tag `of`: the metric that they are in as well. */
export const STALLED_METRIC = 'stalled_samples';
/** The same samples less the time that their worker was away. */
export const STALLED_REST_METRIC = 'stalled_samples_rest';

/** What the phase `sending` is, for pages that show it. */
export const SENDING_ENDS =
  'Sending ends when the operating system has taken the last byte: what fits into its buffers is sent at once, and what the server has not read yet is in waiting.';
