import type { DnsPlan, HostPlan, Http2Plan, HttpClientName, KeepAlivePlan, ProxyPlan, TlsPlan } from './reach-plan.ts';
import type { Period } from './records.ts';

/** A point of the curve of users over time; between two points the number is interpolated. */
export interface CurvePoint {
  /** µs since the scenario began. Two points at the same moment are a jump. */
  readonly atUs: number;
  readonly users: number;
}

/** A named part of a shape; its samples carry the tag `phase`. */
export interface PhasePlan {
  readonly name: string;
  readonly fromUs: number;
  readonly toUs: number;
}

/**
 * When a scenario has done its work. `iterations` are over all VUs: shared ones go to whichever VU is free, those that are not shared are VU v's when
 * i mod users = v.
 */
export type ScenarioLength =
  | { readonly kind: 'duration'; readonly durationUs: number }
  | { readonly kind: 'iterations'; readonly iterations: number; readonly durationUsMax: number; readonly isShared: boolean };

/** Time spent after an iteration, outside its duration; drawn evenly from the range. */
export interface ThinkTime {
  readonly minUs: number;
  readonly maxUs: number;
}

/** What every scenario has, whatever decides its starts. */
export interface ScenarioFrame {
  readonly name: string;
  /** Exported function that is the iteration; `default` usually. */
  readonly exec: string;
  /** k6's name of what runs it, for people and for `scenario.executor` in scripts. */
  readonly executor: string;
  /** Most users at once. VU numbers run from `vuOffset` to `vuOffset + users − 1`. */
  readonly users: number;
  readonly vuOffset: number;
  /**
   * Numbers of the VUs that a live change may add beyond `users` run from here on, apart from all others. A whole number, at least 1,000,000.
   */
  readonly extraVuOffset: number;
  readonly phases: readonly PhasePlan[];
  readonly length: ScenarioLength;
  readonly startTimeUs: number;
  readonly gracefulStopUs: number;
  /** k6's minIterationDuration: the user of a shorter iteration is free only when so long has passed. */
  readonly iterationUsMin?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

/** Users that each wait for an answer before they ask again. */
export interface ClosedScenarioPlan extends ScenarioFrame {
  readonly kind: 'closed';
  readonly curve: readonly CurvePoint[];
  /** Users that are there from the start begin spread and jittered over this time. */
  readonly spawnWindowUs: number;
  /** How long an iteration may go on when its user is sent away by the curve; at the end it is `gracefulStopUs`, which bounds this one. */
  readonly gracefulRampDownUs: number;
  readonly thinkTime: ThinkTime | undefined;
  /** Iterations of a VU are due this far apart; undefined: one begins when the last has ended. */
  readonly paceUs: number | undefined;
}

/** A point of the curve of starts over time; between two points the rate is interpolated. Two points at the same moment are a jump. */
export interface RatePoint {
  /** µs since the scenario began. */
  readonly atUs: number;
  /** Starts in each `timeUnitUs` of the scenario. */
  readonly rate: number;
}

/** Starts that are due when the plan says, whether or not the target keeps up. */
export interface OpenScenarioPlan extends ScenarioFrame {
  readonly kind: 'open';
  /** k6's preAllocatedVUs: users that are taken first; up to `users` (k6's maxVUs) are there when these do not suffice. */
  readonly preAllocatedUsers: number;
  /** What a rate is per, µs; k6's timeUnit. */
  readonly timeUnitUs: number;
  readonly curve: readonly RatePoint[];
  /**
   * `from-zero`: start i is due at i × timeUnit / rate, the first at 0 (constant-arrival-rate). `integral`: start i (from 0) is due when the integral
   * of the rate reaches i + 1 (ramping-arrival-rate). `poisson`: exponential gaps, seeded, at the same integral.
   */
  readonly arrivals: 'from-zero' | 'integral' | 'poisson';
  /** What happens to a start that finds no user free: it waits for one, or it is dropped. */
  readonly onBusy: 'queue' | 'drop';
  readonly length: Extract<ScenarioLength, { kind: 'duration' }>;
}

export type ScenarioPlan = ClosedScenarioPlan | OpenScenarioPlan;

/** A change of a scenario while it runs: users of a closed model, starts per `timeUnitUs` of an open one. */
export interface LoadChange {
  /** Index of the scenario in the plan. */
  readonly scenario: number;
  readonly users?: number;
  readonly rate?: number;
  /** When it takes effect, µs since the period began. */
  readonly atUs: number;
  /** Name that samples of starts due from then on carry in the tag `phase`: `edit-1`, `edit-2` …. */
  readonly phase: string;
}

/** How a worker comes into a period that goes on, in the place of one that was lost. */
export interface JoinPlan {
  /** It begins what is due from here on, µs since the period began. */
  readonly atUs: number;
  /** By scenario: what those that had its place before had reported. */
  readonly starts: readonly { readonly due: number; readonly begun: number }[];
  /** Of the load so far, in order. */
  readonly changes: readonly LoadChange[];
}

export type Secret = { readonly name: string; readonly value: string };

export type AuthPlan =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** How the body of a request may be compressed; zstd where Node has it. */
export type BodyEncoding = 'gzip' | 'deflate' | 'br' | 'zstd';

/** What the script's options, and before them the environment, say of all its requests; absent: as it is by default. */
export interface RequestRules {
  /** Redirects that are followed unless a request says otherwise. */
  readonly redirectsMax?: number;
  /** Bodies of answers are counted and not kept, unless a request says otherwise. */
  readonly discardsBodies?: boolean;
  /** Bodies of requests wait for a 100 so long, µs, unless a request says otherwise. */
  readonly continueUs?: number;
  /** Bodies of requests are compressed so, unless a request says otherwise. */
  readonly encoding?: BodyEncoding;
  /** Each iteration begins without cookies. */
  readonly resetsCookies?: boolean;
  /** Each iteration begins without connections. */
  readonly closesConnections?: boolean;
  /** A request without an answer throws in the script. */
  readonly throws?: boolean;
  /** Requests of one `http.batch()` at once: in all, and to one host. */
  readonly batchMax?: number;
  readonly batchPerHostMax?: number;
}

/** Where the load goes. */
export interface EnvironmentPlan {
  readonly name: string;
  /** Absolute http or https URL, without a trailing slash. For `embedded` it is set when the target has started. */
  readonly baseUrl: string;
  readonly target: 'remote' | 'embedded';
  readonly isProduction: boolean;
  /** `shapes`: pictures of the `scene` kind have known objects, and answers can be checked against them. */
  readonly truth: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth: AuthPlan | undefined;
  readonly tls: TlsPlan;
  readonly timeoutUs: number;
  /** Hosts besides that of the base URL: `name`, `name:port`, `*.name`, an address or CIDR. */
  readonly allowHosts: readonly string[];
  /** Names that stand for addresses given here. */
  readonly hosts?: readonly HostPlan[];
  readonly dns?: DnsPlan;
  /** Unix socket that stands for the origin of the base URL; absolute, without symbolic links. */
  readonly socketPath?: string;
  /** Absent: requests go straight to their servers. */
  readonly proxy?: ProxyPlan;
  readonly usersMax: number | undefined;
  readonly rpsMax: number | undefined;
  /** Variables of the script whose values are never printed or written; they are in `variables` of the plan too. */
  readonly secrets?: readonly Secret[];
  readonly requests?: RequestRules;
  /** `traceparent` is sent with every request. */
  readonly sendsTrace?: boolean;
  /** Absent: connections are kept, up to 90 s of idleness. */
  readonly keepAlive?: KeepAlivePlan;
  /** Absent: our own. */
  readonly httpClient?: HttpClientName;
  /** HTTP/2 is spoken. Absent: HTTP/1.1. */
  readonly http2?: Http2Plan;
  /** Bytes that the head of an answer may have; absent: the default of net. */
  readonly headerBytesMax?: number;
  /** Bytes that a body may have that is kept, decoded; absent: the default of net. */
  readonly bodyBytesMax?: number;
  /** Response headers that say how long a part took: part (`queue`, `inference` …) to the header's name in lower case. Numbers are ms. `Server-Timing` is always read. */
  readonly serverTimingHeaders?: Readonly<Record<string, string>>;
}

export interface HealthCheckPlan {
  readonly path: string;
  /** Fields that the JSON answer must have with these values; empty: any 2xx will do. */
  readonly expect: Readonly<Record<string, unknown>>;
  /** How long to wait for a healthy answer. */
  readonly waitUs: number;
  readonly onFailure: 'warn' | 'fail';
}

export type WarmUpPlan =
  | { readonly kind: 'none' }
  | { readonly kind: 'requests'; readonly requests: number }
  | { readonly kind: 'duration'; readonly durationUs: number }
  /** Until the latency of a few seconds no longer falls; at most `durationUsMax`. */
  | { readonly kind: 'stable'; readonly durationUsMax: number };

/** Over what a threshold is taken when it is not the whole of the run. */
export type ThresholdWindow =
  /** `p(95)<2s for 10s`: missed when it does not hold over any stretch of this length. */
  | { readonly kind: 'for'; readonly durationUs: number }
  /** `p(95)<2s in 99% of seconds`: missed when it holds in fewer of the measured seconds. */
  | { readonly kind: 'share' /** 0 to 1 */; readonly ratio: number };

/** What an aggregate is taken over. */
export type Aggregate =
  | { readonly kind: 'percentile' /** 0 to 1 */; readonly ratio: number }
  | { readonly kind: 'avg' | 'min' | 'max' | 'count' | 'rate' | 'value' | 'passes' | 'fails' };
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** A parsed threshold expression, such as `p(95)<2s`. */
export interface ThresholdExpression {
  readonly aggregate: Aggregate;
  readonly comparison: Comparison;
  /** In the metric's recording unit: µs for time, bytes for data, a ratio 0 to 1 for rates. */
  readonly limit: number;
  /** The limit as written, such as `2s`. */
  readonly limitText: string;
  /** Absent: over the whole of the run. */
  readonly window?: ThresholdWindow;
}

/** A threshold resolved and validated before the run. */
/** A threshold as it was written, for people: of whom, and what. Its `expression` is the two with a colon between. */
export interface ThresholdWords {
  /** Metric and tags: `checks{task:a}`, or what a short form is about: `failed checks`. */
  readonly subject: string;
  /** `rate<=1%`, `p(95)<2s for 10s`. */
  readonly condition: string;
}

export interface ThresholdPlan {
  /** Where it was written, such as `thresholds.max_p95` or `script options`. */
  readonly source: string;
  /** The whole of it for people: metric, tags and comparison, `metric{task:health}: p(99)<200ms`. */
  readonly expression: string;
  /** The two halves of {@link expression}. Absent: the plan is of an older version. */
  readonly words?: ThresholdWords;
  /** What is judged: a metric over expected answers with late ones counted (see `special`), or a plain metric. */
  readonly metric: string;
  /** Exact tag values that a series must have. */
  readonly tags: Readonly<Record<string, string>>;
  readonly parsed: ThresholdExpression;
  /** The short forms of config.yaml, which mean more than their metric: see Thresholds in the README. */
  readonly special: 'latency' | 'failure-rate' | 'rps' | 'failed-checks' | 'iteration-errors' | undefined;
  /** Whether the run is ended when it is missed, and the earliest moment of that, µs since the measured period began. Absent: it is not. */
  readonly abort?: { readonly delayUs: number };
}

/** Everything a run does, resolved once and then frozen; `plan.json` is this. */
export interface RunPlan {
  readonly version: 1;
  readonly runId: string;
  /** 32-bit unsigned; all random choices follow from it. */
  readonly seed: number;
  readonly workers: number;
  /** Absolute path of the script. */
  readonly scriptPath: string;
  readonly configPath: string | undefined;
  readonly profile: string | undefined;
  readonly environment: EnvironmentPlan;
  readonly scenarios: readonly ScenarioPlan[];
  readonly thresholds: readonly ThresholdPlan[];
  readonly healthCheck: HealthCheckPlan;
  readonly warmUp: WarmUpPlan;
  readonly setupTimeoutUs: number;
  readonly teardownTimeoutUs: number;
  /** k6's handleSummaryTimeout. */
  readonly handleSummaryTimeoutUs: number;
  /** The whole of config.yaml as the script sees it in `config`, JSON. */
  readonly scriptConfig: Readonly<Record<string, unknown>>;
  /** Weights of the script's mix by task. Absent: it has none, or the plan is of an older version. */
  readonly taskWeights?: Readonly<Record<string, number>>;
  /** Variables of the script: `-e KEY=VALUE` and declared ones. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly isStrict: boolean;
  readonly onInconclusive: 'fail' | 'warn';
  /** Tags that the reports have a table for. Absent: the plan is of an older version, or none was asked for. */
  readonly reportsBy?: readonly string[];
  readonly httpDebug: 'off' | 'failed' | 'all';
  /** Decisions worth telling, such as `profile smoke replaces the script's scenarios`. */
  readonly notes: readonly string[];
  /** Folder that files of the script must lie in, and the others that are allowed. */
  readonly allowPaths: readonly string[];
}

/** Periods that count in the verdict. */
export const JUDGED_PERIODS: readonly Period[] = ['measured', 'drain'];
