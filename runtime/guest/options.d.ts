// What a script may say of its own load: the types of `export const options`.

/** A short form with more than its limit. */
export interface LongThreshold<Limit> {
  limit: Limit;
  /** Must hold over any stretch of this length, such as '10s'. */
  for?: string;
  /** Must hold in this share of the seconds, such as '99%'. */
  in?: string;
  /** Ends the run as soon as it is surely missed. */
  abort_on_fail?: boolean;
  /** How long the run goes on in any case, such as '30s'. */
  delay_abort_eval?: string;
}

/** Short forms, as in config.yaml: durations such as '2s', shares such as '1%' or 0.01. */
export interface ShortThresholds {
  max_p95?: string | LongThreshold<string>;
  max_p99?: string | LongThreshold<string>;
  max_failure_rate?: string | number | LongThreshold<string | number>;
  min_rps?: number | LongThreshold<number>;
  max_failed_checks?: string | number | LongThreshold<string | number>;
  max_iteration_errors?: number | LongThreshold<number>;
  /** Streams: from due to the first event; one that timed out without any is over it. */
  max_first_event_p95?: string | LongThreshold<string>;
  max_first_event_p99?: string | LongThreshold<string>;
  /** From due to the first piece with text. */
  max_first_token_p95?: string | LongThreshold<string>;
  max_first_token_p99?: string | LongThreshold<string>;
  /** Between two events, and between two pieces with text (inter-token latency). */
  max_event_gap_p95?: string | LongThreshold<string>;
  max_event_gap_p99?: string | LongThreshold<string>;
  max_token_gap_p95?: string | LongThreshold<string>;
  max_token_gap_p99?: string | LongThreshold<string>;
  /** Gaps longer than `stallAfter` of their request. */
  max_stalls?: number | LongThreshold<number>;
  /** The share of streams that meet their `goals`. */
  min_goodput?: string | number | LongThreshold<string | number>;
}

/** The long form of an expression, by k6's names or by those of config.yaml; one of `threshold` and `expression` is there. */
export interface ThresholdExpression {
  /** k6's grammar with units: 'p(95)<2s'; also 'p(95)<2s for 10s' and 'p(95)<2s in 99% of seconds'. */
  threshold?: string;
  expression?: string;
  /** Ends the run as soon as it is surely missed. */
  abortOnFail?: boolean;
  abort_on_fail?: boolean;
  /** How long the run goes on in any case: '30s', or milliseconds. */
  delayAbortEval?: string | number;
  delay_abort_eval?: string;
}

/** Short forms; short forms by task; and by metric expressions such as 'p(95)<2s'. */
export interface Thresholds extends ShortThresholds {
  [metricOrTask: string]:
    | string
    | number
    | LongThreshold<string | number>
    | ThresholdExpression
    | readonly (string | ThresholdExpression)[]
    | ShortThresholds
    | undefined;
}

export interface Stage {
  duration: string;
  /** Users at its end; of an arrival rate, starts in each `timeUnit`. */
  target: number;
}

/** Users (or starts) at so many seconds since the scenario began; what is no number ends it. Asked before the run, so it may depend on nothing else. */
export type ShapeFunction = (seconds: number) => number | null | undefined;

interface Load {
  vus?: number;
  duration?: string;
  iterations?: number;
  stages?: readonly Stage[];
  /** Instead of stages. A `duration` beside it cuts it. */
  shape?: ShapeFunction;
  /** Beyond k6: users that begin in a second, of those that are there from the start. All at once unless given. */
  spawnRate?: number;
  /** Beyond k6: what a user waits after each iteration, outside of its duration: '1s', or { min: '500ms', max: '2s' }, drawn evenly. */
  thinkTime?: string | { min: string; max: string };
}

/** One entry of `options.scenarios`, by k6's names. */
export interface ScenarioOptions extends Load {
  /** May be left out beside a `shape`, which ramps users. */
  executor?: 'constant-vus' | 'ramping-vus' | 'shared-iterations' | 'per-vu-iterations' | 'constant-arrival-rate' | 'ramping-arrival-rate';
  /** Exported function that is the iteration; 'default' unless given. */
  exec?: string;
  startTime?: string;
  startVUs?: number;
  maxDuration?: string;
  gracefulStop?: string;
  gracefulRampDown?: string;
  /** Starts in each `timeUnit`. */
  rate?: number;
  startRate?: number;
  /** '1s' unless given. */
  timeUnit?: string;
  /** Users of an arrival rate that are taken first. */
  preAllocatedVUs?: number;
  /** Most users of an arrival rate; `preAllocatedVUs` unless given. */
  maxVUs?: number;
  /** Beyond k6: evenly spaced, or at random with the same mean. */
  arrivals?: 'even' | 'poisson';
  /** Beyond k6: whether a start that finds every user busy waits for one ('queue', the default) or is lost ('drop', as in k6). */
  onBusy?: 'queue' | 'drop';
  env?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
}

/** k6's names, for `export const options`. */
export interface Options extends Load {
  scenarios?: Readonly<Record<string, ScenarioOptions>>;
  thresholds?: Readonly<Thresholds>;
  setupTimeout?: string;
  teardownTimeout?: string;
  handleSummaryTimeout?: string;
  /** Statistics of trends that handleSummary is given: 'avg', 'min', 'med', 'max', 'count', 'p(99.9)'. */
  summaryTrendStats?: readonly string[];
  /** A user whose iteration took less is free only when so long has passed; '400ms'. No part of `iteration_duration`. */
  minIterationDuration?: string;
  /** Requests of one `http.batch()` at once, in all; all unless given. */
  batch?: number;
  /** The same to one host. */
  batchPerHost?: number;
  /** `discard` for all requests that do not say otherwise: bodies of answers are counted and not kept. Over `discard` of the environment. */
  discardResponseBodies?: boolean;
  /** Redirects that are followed unless a request says otherwise; 10. */
  maxRedirects?: number;
  /** `false`: each iteration begins without cookies, as in k6. They last unless given. */
  noCookiesReset?: boolean;
  /** Each request has a connection of its own. */
  noConnectionReuse?: boolean;
  /** Each iteration begins without connections, and keeps them to its end. */
  noVUConnectionReuse?: boolean;
  /** setup() or teardown() is not called. */
  noSetup?: boolean;
  noTeardown?: boolean;
  /** A request without an answer throws. */
  throw?: boolean;
  /** Header `user-agent` of all requests, over that of config.yaml. */
  userAgent?: string;
  tags?: Readonly<Record<string, string>>;
}
