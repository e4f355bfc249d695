// What `export function handleSummary(data)` is given. It gives back texts by where they go: 'stdout', 'stderr', or a path inside the project: of a new file, or of one that an earlier summary wrote.

export interface SummaryMetric {
  type: string;
  /** 'time' (values are milliseconds), 'data' (bytes) or 'default'. */
  contains: string;
  /** `avg min med max p(90) p(95)` of a trend, `rate passes fails` of a rate, `count rate` of a counter, `value min max` of a gauge. */
  values: Record<string, number>;
  /** By expression as written. */
  thresholds?: Record<string, { ok: boolean }>;
}

export interface SummaryCheck {
  name: string;
  path: string;
  id: string;
  passes: number;
  fails: number;
}

export interface SummaryGroup {
  name: string;
  path: string;
  id: string;
  groups: SummaryGroup[];
  checks: SummaryCheck[];
}

/** Milliseconds. */
export interface SummaryLatency {
  min: number;
  avg: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

/** The part of run.json that is the same in every version. */
export interface SummaryRun {
  version: number;
  run: { id: string; script: string; environment: string; profile: string | null; seed: number; started: string; durationS: number };
  verdict: {
    outcome: 'passed' | 'failed' | 'inconclusive' | 'interrupted' | 'aborted' | 'degraded' | 'error' | 'not-judged';
    reasons: string[];
  };
  thresholds: {
    source: string;
    expression: string;
    outcome: 'met' | 'missed' | 'undecided' | 'no-data';
    actual?: number;
    limit: number;
    unit: string;
    detail: string;
  }[];
  /** The last row is all of them: its name is 'Aggregated'. */
  requests: {
    task: string;
    method: string;
    name: string;
    count: number;
    failed: number;
    interrupted: number;
    perSecond: number;
    durationMs: SummaryLatency | null;
    responseTimeMs: SummaryLatency | null;
    allDurationMs: SummaryLatency | null;
  }[];
  checks: { name: string; group: string; task: string; passes: number; fails: number; reason?: string }[];
  starts: { due: number; begun: number; late: number; queued: number; dropped: number; interrupted: number };
  errors: { name: string; kind: string; code: number; count: number; firstSeen: string; lastSeen: string; sample: string }[];
  metrics: Record<string, { type: string; unit?: string; values: Record<string, number> }>;
  /** Null: not measured. */
  generator: { saturated: boolean | null; overheadMs: number | null; loopLagMs: SummaryLatency | null; cpu: number | null };
  notes: string[];
}

/** k6's shape, with run.json beside it. */
export interface SummaryData {
  root_group: SummaryGroup;
  options: { summaryTrendStats: string[]; summaryTimeUnit: string; noColor: boolean };
  state: { isStdOutTTY: boolean; isStdErrTTY: boolean; testRunDurationMs: number };
  /** By name; those of a threshold on tags by name and tags, such as `http_reqs{name:/health}`. */
  metrics: Record<string, SummaryMetric>;
  /** What setup() returned. */
  // biome-ignore lint/suspicious/noExplicitAny: it has the type that the script gives it
  setup_data?: any;
  stressrun: SummaryRun;
}
