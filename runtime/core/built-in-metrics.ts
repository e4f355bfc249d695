import type { MetricDefinition, MetricType, MetricUnit } from './records.ts';
import { HTTP, STREAM } from './roles.ts';

const define = (name: string, type: MetricType, unit: MetricUnit = 'default'): MetricDefinition => Object.freeze({ name, type, unit });

/**
 * What every run measures without being asked: k6's metrics by k6's definitions, then stressrun's own.
 * @see https://grafana.com/docs/k6/latest/using-k6/metrics/reference/
 */
export const BUILT_IN_METRICS: readonly MetricDefinition[] = Object.freeze([
  define('vus', 'gauge'),
  define('vus_max', 'gauge'),
  define('iterations', 'counter'),
  define('iteration_duration', 'trend', 'time'),
  define('dropped_iterations', 'counter'),
  define('checks', 'rate'),
  define('group_duration', 'trend', 'time'),
  // One per hop: every redirect is a request of its own.
  define('http_reqs', 'counter'),
  define(HTTP.duration, 'trend', 'time'), // sending + waiting + receiving
  define(HTTP.blocked, 'trend', 'time'),
  define(HTTP.connecting, 'trend', 'time'),
  define(HTTP.tls, 'trend', 'time'),
  define(HTTP.sending, 'trend', 'time'),
  define(HTTP.waiting, 'trend', 'time'),
  define(HTTP.receiving, 'trend', 'time'),
  // One per logical request; true means failed. Interrupted requests are in neither number.
  define(HTTP.failed, 'rate'),
  define('data_sent', 'counter', 'data'),
  define('data_received', 'counter', 'data'),
  define('body_received', 'counter', 'data'), // bodies of answers, decoded, without headers; those of interrupted requests left out
  define(HTTP.responseTime, 'trend', 'time'), // per logical request: due → ended
  define('iteration_response_time', 'trend', 'time'), // due → ended
  define('iteration_errors', 'counter'), // iterations that threw
  define(HTTP.serverTime, 'trend', 'time'), // what the server says of its parts; tag `part`
  define(HTTP.repeats, 'counter'), // requests that went out once more because the server had ended the kept connection under them
  define(HTTP.cutOff, 'trend', 'time'), // how long a request that timed out or was interrupted had waited; tag `kind`
  define(STREAM.events, 'counter'),
  define(STREAM.gap, 'trend', 'time'), // between two events of a stream, every one
  define(STREAM.stalls, 'counter'), // gaps longer than `stallAfter` of the request
  define(STREAM.tokenGap, 'trend', 'time'), // between two events with text of tokens, every one
  define(STREAM.firstEvent, 'trend', 'time'), // sent → first event
  define(STREAM.firstEventDue, 'trend', 'time'), // due → first event
  define(STREAM.duration, 'trend', 'time'), // sent → last event
  define(STREAM.eventRate, 'trend'), // events a second of one stream, after its first
  define(STREAM.firstToken, 'trend', 'time'), // sent → first event with text of a token
  define(STREAM.firstTokenDue, 'trend', 'time'), // due → the same
  define(STREAM.perToken, 'trend', 'time'), // (last − first token) ÷ (tokens − 1), one a stream
  define(STREAM.tokens, 'counter'), // output tokens: the server's usage, else events with text
  define(STREAM.tokenRate, 'trend'), // tokens a second of one stream, after its first
  define(STREAM.good, 'rate'), // streams that met all goals of their request; failed and interrupted ones did not
  define(STREAM.cutOff, 'trend', 'time'), // how long a stream had waited for what is named in its tag `before` when it timed out or was interrupted
  define(STREAM.replayed, 'rate'), // answers that were whole before their first event was sent
  // samples of a time into which a stall of their own worker fell, tag `of`: their metric; as measured, and less the stall
  define('stalled_samples', 'trend', 'time'),
  define('stalled_samples_rest', 'trend', 'time'),
]);

const NAMES: ReadonlySet<string> = new Set(BUILT_IN_METRICS.map(({ name }) => name));

/** Whether the name is one of stressrun's own. */
export function isBuiltInMetric(name: string): boolean {
  return NAMES.has(name);
}
