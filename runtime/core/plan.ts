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

/** When a scenario has done its work. `iterations` are over all VUs: VU v of N does those i with i mod N = v. */
export type ScenarioLength =
  | { readonly kind: 'duration'; readonly durationUs: number }
  | { readonly kind: 'iterations'; readonly iterations: number; readonly durationUsMax: number };

/** Time spent after an iteration, outside its duration; drawn evenly from the range. */
export interface ThinkTime {
  readonly minUs: number;
  readonly maxUs: number;
}

/** Users that each wait for an answer before they ask again. */
export interface ScenarioPlan {
  readonly kind: 'closed';
  readonly name: string;
  /** Exported function that is the iteration; `default` usually. */
  readonly exec: string;
  /** Most users at once. VU numbers run from `vuOffset` to `vuOffset + users − 1`. */
  readonly users: number;
  readonly vuOffset: number;
  readonly curve: readonly CurvePoint[];
  /** Users that are there from the start begin spread and jittered over this time. */
  readonly spawnWindowUs: number;
  readonly phases: readonly PhasePlan[];
  readonly length: ScenarioLength;
  readonly startTimeUs: number;
  readonly gracefulStopUs: number;
  readonly thinkTime: ThinkTime | undefined;
  /** Iterations of a VU are due this far apart; undefined: one begins when the last has ended. */
  readonly paceUs: number | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
}

export type Secret = { readonly name: string; readonly value: string };

export type AuthPlan =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** TLS material as PEM text (read by the coordinator: a worker reads no files). */
export interface TlsPlan {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly isVerified: boolean;
  readonly serverName?: string;
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
  readonly usersMax: number | undefined;
  readonly rpsMax: number | undefined;
  /** Variables of the script whose values are never printed or written; they are in `variables` of the plan too. */
  readonly secrets?: readonly Secret[];
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
  | { readonly kind: 'duration'; readonly durationUs: number };

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
}

/** A threshold resolved and validated before the run. */
export interface ThresholdPlan {
  /** Where it was written, such as `thresholds.max_p95` or `script options`. */
  readonly source: string;
  /** The whole of it for people: `http_req_response_time{task:health}: p(99)<200ms`. */
  readonly expression: string;
  /** What is judged: a metric over expected answers with late ones counted (see `special`), or a plain metric. */
  readonly metric: string;
  /** Exact tag values that a series must have. */
  readonly tags: Readonly<Record<string, string>>;
  readonly parsed: ThresholdExpression;
  /** The short forms of config.yaml, which mean more than their metric: see script-and-config in the README. */
  readonly special: 'latency' | 'failure-rate' | 'rps' | 'failed-checks' | 'iteration-errors' | undefined;
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
  /** The whole of config.yaml as the script sees it in `config`, JSON. */
  readonly scriptConfig: Readonly<Record<string, unknown>>;
  /** Variables of the script: `-e KEY=VALUE` and declared ones. */
  readonly variables: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly isStrict: boolean;
  readonly onInconclusive: 'fail' | 'warn';
  readonly httpDebug: 'off' | 'failed' | 'all';
  /** Decisions worth telling, such as `profile smoke replaces the script's scenarios`. */
  readonly notes: readonly string[];
  /** Folder that files of the script must lie in, and the others that are allowed. */
  readonly allowPaths: readonly string[];
}

/** Periods that count in the verdict. */
export const JUDGED_PERIODS: readonly Period[] = ['measured', 'drain'];
