// What a script may say of its own load: the types of `export const options`.

/** Short forms, as in config.yaml: durations such as '2s', shares such as '1%' or 0.01. */
export interface ShortThresholds {
  max_p95?: string;
  max_p99?: string;
  max_failure_rate?: string | number;
  min_rps?: number;
  max_failed_checks?: string | number;
  max_iteration_errors?: number;
}

/** k6's long form of an expression. */
export interface ThresholdExpression {
  threshold: string;
  /** Without effect in this version. */
  abortOnFail?: boolean;
  delayAbortEval?: string | number;
  [unknown: string]: unknown;
}

/** Short forms; short forms by task; and by metric expressions such as 'p(95)<2s'. */
export interface Thresholds extends ShortThresholds {
  [metricOrTask: string]: string | number | readonly (string | ThresholdExpression)[] | ShortThresholds | undefined;
}

export interface Stage {
  duration: string;
  target: number;
}

interface Load {
  vus?: number;
  duration?: string;
  iterations?: number;
  stages?: readonly Stage[];
}

/** One entry of `options.scenarios`, by k6's names. */
export interface ScenarioOptions extends Load {
  executor: 'constant-vus' | 'ramping-vus' | 'shared-iterations' | 'per-vu-iterations';
  /** Exported function that is the iteration; 'default' unless given. */
  exec?: string;
  startTime?: string;
  startVUs?: number;
  maxDuration?: string;
  gracefulStop?: string;
  gracefulRampDown?: string;
  env?: Readonly<Record<string, string>>;
  tags?: Readonly<Record<string, string>>;
}

/** k6's names, for `export const options`. */
export interface Options extends Load {
  scenarios?: Readonly<Record<string, ScenarioOptions>>;
  thresholds?: Readonly<Thresholds>;
  setupTimeout?: string;
  teardownTimeout?: string;
  tags?: Readonly<Record<string, string>>;
}
