/**
 * What the web UI's server and its pages say to each other, as JSON under `/api/v1`. Times are Unix ms or seconds since the run began as the
 * name says; latencies are ms. The pages import these types and nothing else of the server.
 *
 *     GET  /options                → Options          what a run can be started with
 *     GET  /status                 → Status           small, for polling: which run there is
 *     POST /plan        StartForm  → PlanView         the plan drawn, nothing started; 422 ApiError
 *     POST /runs        StartForm  → { id }           201; 409 while one runs; 422 ApiError; 403 production without the name typed
 *     GET  /runs                   → RunEntry[]       past ones, newest first, the live one among them
 *     GET  /runs/ID                → RunView          ID may be `current`; the whole run so far
 *     GET  /runs/ID/events         → event stream of LiveEvent; `id:` is the number of the event, `Last-Event-ID` resumes without a gap
 *                                    `?after=N` says the same for the first connection: events above N; the header wins
 *     POST /runs/current/edit      EditForm → Edit    202; 422 ApiError
 *     POST /runs/current/stop      { how } → {}       202
 *     POST /runs/current/reset     {} → {}            202: rows, checks and errors on display begin anew, the verdict does not
 *     GET  /runs/ID/files/NAME     → a file of the run folder (report.html, run.json, stats.csv …)
 *     POST /runs/ID/baseline       { name } → {}      409 when the run is exploratory or did not pass
 *     GET  /compare?runs=A,B,…     → Comparison       the first is the base
 *     GET  /trend?script=&profile= → TrendPoint[]
 */
import type { GroupRow, Latency, LiveThreshold, Outcome, RunJson } from '../core/run-json.ts';

export interface ApiError {
  /** `where`: the field, key or flag that is not as it should be, such as `users`, `--tag` or `thresholds.max_p95`. */
  error: { message: string; hint?: string; where?: string };
}

/** `id` is null before the first run; afterwards the live run, or the last one. */
export interface Status {
  id: string | null;
  state: RunState | null;
  /** A run was started and has no id yet: what `id` names is the one before it. */
  isPlanning: boolean;
}

export interface Options {
  version: string;
  /** `tasks` and `scenarios` (of its options) as far as they are known: a script has to be planned once. */
  scripts: { path: string; hasDefault: boolean; tasks: string[]; scenarios: string[] }[];
  environments: { name: string; baseUrl: string; isProduction: boolean; usersMax?: number; rpsMax?: number; isDefault: boolean }[];
  /** `summary` such as `20 users for 5m`. */
  profiles: {
    name: string;
    description: string;
    summary: string;
    users: number | null;
    ratePerSecond: number | null;
    durationS: number | null;
    /** Its own short thresholds, which win over those of config.yaml. */
    thresholds: Record<string, string>;
  }[];
  /** `test_mix` of config.yaml. */
  mix: Record<string, number>;
  /** Short thresholds of config.yaml, as written. */
  thresholds: Record<string, string>;
  /** What the form begins with (flags of `stressrun ui`). */
  defaults: StartForm;
  /** Names of the variables that `-e` of `stressrun ui` gave; every run has them. Their values may be secrets. */
  variables: string[];
  /** Workers of this machine by default. */
  workers: number;
}

/** Everything a run can be started with; what is absent is as config.yaml says. */
export interface StartForm {
  script?: string;
  environment?: string;
  profile?: string;
  users?: number;
  /** Starts a second; makes it an open model. */
  rate?: number;
  /** `30s`, `5m`. */
  duration?: string;
  /** `30s:10`, in order: users, linearly, in place of any other load. */
  stages?: string[];
  /** Scenarios of the script that are run; absent: all of them. */
  scenarios?: string[];
  /** As `-e KEY=VALUE`, over those of the command line. */
  variables?: Record<string, string>;
  /** As `--tag k=v`. */
  tags?: Record<string, string>;
  mix?: Record<string, number>;
  thresholds?: Record<string, string>;
  /** The environment's name typed, for production. */
  allowProduction?: string;
}

/** What a scenario will do: points of users (closed) or starts a second (open) over seconds since the run begins. */
export interface PlanScenario {
  name: string;
  executor: string;
  model: 'closed' | 'open';
  users: number;
  curve: { atS: number; value: number }[];
  phases: { name: string; fromS: number; toS: number }[];
  /** Null: it ends with its iterations. */
  durationS: number | null;
}

export interface PlanView {
  scenarios: PlanScenario[];
  thresholds: { source: string; expression: string; subject: string; condition: string }[];
  /** Tasks of the mix and what share of the iterations each is to have, 0 to 1; empty without one. */
  tasks: { task: string; askedRatio: number }[];
  environment: string;
  baseUrl: string;
  notes: string[];
}

/** `unknown`: a run folder whose run was killed and not reported. */
export type RunState = 'starting' | 'warm-up' | 'running' | 'stopping' | 'ended' | 'unknown';

export interface RunEntry {
  id: string;
  state: RunState;
  script: string;
  environment: string;
  profile: string | null;
  /** `default 20 users, 300 s`; empty where its plan is not known. */
  load: string;
  startedMs: number;
  durationS: number;
  outcome: Outcome | null;
  requests: number;
  /** 0 to 1. */
  failedRatio: number;
  perSecond: number;
  /** From the due time, expected answers. */
  p95Ms: number | null;
  isExploratory: boolean;
  /** Of the run, `--tag`. */
  tags?: Record<string, string>;
  /** Of the script's repository; absent: outside of one, or not known. */
  commit?: string;
  /** Names of baselines that this run is. */
  baselines: string[];
}

export interface Percentiles {
  p50: number;
  p95: number;
  p99: number;
}

/** One second of the run, all workers together. */
export interface SecondPoint {
  /** 0-based, since the run's first second (warm-up included). */
  second: number;
  atMs: number;
  phase: string;
  users: number;
  /** Logical requests that ended, failures included. */
  requests: number;
  failures: number;
  /** From the due time (corrected), expected answers; null without any. */
  responseMs: Percentiles | null;
  /** Sending + waiting + receiving (plain), expected answers. */
  durationMs: Percentiles | null;
  /** Starts dropped in this second. */
  dropped: number;
  generator: { lagMs: number; cpu: number } | null;
  /** What monitors of the target say, by their names, unit last: `gpu_percent`. Absent: there are none. */
  monitors?: Record<string, number>;
}

/** A row of the table, so far. */
export interface LiveRow {
  task: string;
  method: string;
  name: string;
  count: number;
  failed: number;
  /** Over the last ten seconds. */
  perSecond: number;
  failedPerSecond: number;
  medianMs: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  averageMs: number | null;
  minMs: number | null;
  maxMs: number | null;
  averageBytes: number | null;
}

export interface WorkerRow {
  worker: number;
  /** The machine it runs on, in a distributed run. */
  agent?: string;
  pid?: number;
  users: number;
  cpu: number | null;
  rssBytes: number | null;
  lagMs: number | null;
  /** Of all users, 0 to 1. */
  share: number;
}

/** Requests of setup and teardown: in no row of the load and in no verdict. */
export interface UncountedLine {
  /** `setup` is setup() and vuSetup(), `teardown` both teardowns. */
  period: 'setup' | 'teardown';
  task: string;
  method: string;
  name: string;
  count: number;
  failed: number;
  /** Of all answers, from the due time; null without any. */
  responseMs: Latency | null;
}

export interface LiveState {
  /** The last one is over all: name `Aggregated`. */
  rows: LiveRow[];
  /** Groups of the script, in the order of their names. */
  groups: GroupRow[];
  uncounted: UncountedLine[];
  thresholds: LiveThreshold[];
  checks: { name: string; task: string; passes: number; fails: number }[];
  errors: {
    name: string;
    task?: string;
    method?: string;
    period?: string;
    kind: string;
    code: number;
    count: number;
    firstSeenMs: number;
    lastSeenMs: number;
    sample: string;
  }[];
  workers: WorkerRow[];
  starts: { due: number; begun: number; late: number; queued: number; dropped: number; interrupted: number };
  /** Users or rate of each scenario as of now. */
  load: { scenario: string; model: 'closed' | 'open'; users: number; usersMax: number; rate: number | null }[];
  remainingS: number | null;
  inFlight: number;
  /** Second of the run that rows, checks and errors are counted from: over 0 after somebody reset them. */
  sinceSecond: number;
}

export interface LogLine {
  atMs: number;
  level: 'debug' | 'info' | 'warn' | 'error';
  text: string;
}

export interface EditForm {
  /** Absent: all scenarios. */
  scenario?: string;
  users?: number;
  rate?: number;
}

export interface Edit {
  second: number;
  change: string;
}

/** Events of a run, in order; each has a number, from 1. */
export type LiveEvent =
  | { type: 'state'; state: RunState; detail: string }
  | { type: 'second'; point: SecondPoint; live: LiveState }
  | { type: 'log'; line: LogLine }
  | { type: 'edit'; edit: Edit }
  | { type: 'ended'; result: RunJson };

/** A whole run as one answer: what a page that is opened late needs. `lastEvent` is where its event stream goes on. */
export interface RunView {
  id: string;
  state: RunState;
  entry: RunEntry;
  plan: PlanView | null;
  /** Past 7,200 points neighbours are joined: then `stepS` is over 1. */
  points: SecondPoint[];
  stepS: number;
  edits: Edit[];
  logs: LogLine[];
  live: LiveState | null;
  result: RunJson | null;
  /** Names of files that may be downloaded. */
  files: string[];
  lastEvent: number;
}

export interface Comparison {
  runs: {
    id: string;
    entry: RunEntry;
    /** `default 20 users, 300 s`; empty where it is not known. */
    load: string;
    /** `the built-in server` where it went to that: its port is another one each time. */
    baseUrl: string;
    notes: string[];
    /** Names and values, such as `git` and `1f2e3d`; what is not known is left out. */
    setting: Record<string, string>;
  }[];
  rows: {
    task: string;
    method: string;
    name: string;
    /** One per run, in the order of `runs`; null where the run has no such request. */
    values: ({
      count: number;
      failedRatio: number;
      perSecond: number;
      p50Ms: number | null;
      p95Ms: number | null;
      p99Ms: number | null;
      /** Where they may lie by chance alone, 95 % of the time, were the requests independent; null: too few to say. */
      ranges: Record<'p50Ms' | 'p95Ms' | 'p99Ms' | 'failedRatio' | 'perSecond', [low: number, high: number] | null>;
    } | null)[];
  }[];
  /** What differs between the runs' plans, in words: then the numbers may not be comparable. */
  differences: string[];
}

export interface TrendPoint {
  id: string;
  profile: string | null;
  load: string;
  startedMs: number;
  outcome: Outcome | null;
  p95Ms: number | null;
  perSecond: number;
  failedRatio: number;
}
