/** The core of `run.json`, version 1. More may stand beside it; these names stay. Everything in milliseconds unless the name says otherwise. */

import type { Latency } from './latency.ts';
import type { KeptRequest, StartCounts } from './records.ts';
import type { RequestDetail } from './request-detail.ts';
import type { StreamRow } from './stream-row.ts';
import type { Asked } from './threshold-asked.ts';
import type { TimelineData } from './timeline-data.ts';

export type Outcome = 'passed' | 'failed' | 'inconclusive' | 'interrupted' | 'aborted' | 'degraded' | 'error' | 'not-judged';

export type { Latency };

export interface ThresholdResult {
  source: string;
  /** The whole of it for people. */
  expression: string;
  /** What it asks. Files of older versions have it not; whoever reads one makes it of `expression`. */
  asked: Asked;
  outcome: 'met' | 'missed' | 'undecided' | 'no-data';
  /** In the unit for people: ms, ratio, per second, count. Absent without data. */
  actual?: number;
  limit: number;
  /** `ms`, `ratio`, `per-second`, `bytes`, `count`: what `actual` and `limit` are in. */
  unit: string;
  /** Of a share of seconds, where `unit` is `ratio`: the unit of what was asked of each second. */
  secondUnit?: string;
  /** One line for people, such as `p95 212ms, limit 100ms: missed by 112ms (+112 %)`. */
  detail: string;
  /** Why nothing was decided, where several may have the same reason; of what was left undecided `detail` ends in it. Absent in files of older versions. */
  because?: string;
  /** How many samples it was judged on; absent without data and for counts. */
  samples?: number;
  /** The percentile rests on fewer than 5 samples beyond it: inconclusive under `--strict`. */
  isThin?: true;
  /** Where it lies with 95 %, by chance alone. Absent for what is no estimate (a count, a maximum), for stretches of seconds, and in files of older versions. */
  interval?: ThresholdInterval;
  /** About how many samples tell a result like this from its limit; absent where no number would. */
  samplesNeeded?: number;
  /** The same in seconds of the run, of what is counted a second and of averages. */
  secondsNeeded?: number;
  /** The interval reaches over the limit: by chance it could have been the other way round. Undecided under `--strict`. */
  isWeak?: true;
  /** There is no data because the script has none to give (no check at all): says nothing against the run. */
  isExcused?: true;
}

/** In the unit of `actual`; null: nothing bounds it on that side. */
export interface ThresholdInterval {
  low: number | null;
  high: number | null;
  /** Independent samples that those of the run are worth, where they hang together from second to second. Absent: as many as there are, or not known. */
  effectiveSamples?: number;
}

/** Where a threshold stands while the run goes on, the same for the terminal and for the pages. Names mean what they do in {@link ThresholdResult}. */
export interface LiveThreshold
  extends Pick<ThresholdResult, 'source' | 'expression' | 'asked' | 'limit' | 'unit' | 'secondUnit' | 'samples' | 'because'> {
  /** So far. `undecided`: it may still become one or the other, such as a count that is not reached yet. */
  outcome: ThresholdResult['outcome'];
  /** Of a stretch of seconds: of the last one. Absent without data, and when it is over the limit by an unknown amount. */
  actual?: number;
  /** How far it is from the limit as a share of the limit; below 0 on the wrong side. Absent where that means nothing. */
  marginRatio?: number;
}

export interface RequestRow {
  task: string;
  method: string;
  name: string;
  /** Logical requests. */
  count: number;
  failed: number;
  interrupted: number;
  perSecond: number;
  /** Expected answers: sending + waiting + receiving of the last hop and those before it, each. */
  durationMs: Latency | null;
  /** Expected answers: from the due time to the end. */
  responseTimeMs: Latency | null;
  /** All answers: as `durationMs`. */
  allDurationMs: Latency | null;
  /** All answers: as `responseTimeMs`. Absent in files of older versions. */
  allResponseTimeMs?: Latency | null;
}

/** A row of requests outside of the load: in no verdict. */
export interface UncountedRow extends RequestRow {
  /** `setup` is setup() and vuSetup(), `teardown` both teardowns. */
  period: 'setup' | 'teardown';
}

/** A group of the script. */
export interface GroupRow {
  /** With those around it: `::shop::basket`. */
  group: string;
  /** How often it was gone through. */
  times: number;
  durationMs: Latency | null;
  /** Logical requests that were asked for directly in it. */
  requests: number;
  failed: number;
  perSecond: number;
  /** Of expected answers, from the due time to the end. */
  responseTimeMs: Latency | null;
  checks: number;
  checksFailed: number;
}

/** Requests that had the same value of a tag. */
export interface TagRow extends Omit<RequestRow, 'task' | 'method' | 'name'> {
  /** {@link OTHER_VALUES} and {@link WITHOUT_TAG} stand last. */
  value: string;
}

/** The requests of the load by a tag. */
export interface TagTable {
  tag: string;
  /** How many values it had; more than have a row of their own, maybe. */
  values: number;
  rows: TagRow[];
}

/** Row of the values that have none of their own: there were more than rows. */
export const OTHER_VALUES = '(other values)';
/** Row of the requests that did not have the tag. */
export const WITHOUT_TAG = '(without the tag)';

export interface CheckRow {
  name: string;
  group: string;
  task: string;
  passes: number;
  fails: number;
  /** Why a predicate threw, first seen; absent when none did. */
  reason?: string;
}

export interface ErrorRow {
  name: string;
  /** Of a failed request; absent in files of older versions. */
  task?: string;
  method?: string;
  /** `setup`, `warm-up` or `teardown`: in none of the counts of `requests`. Absent: it counts. */
  period?: string;
  kind: string;
  code: number;
  count: number;
  /** ISO. */
  firstSeen: string;
  lastSeen: string;
  sample: string;
}

export interface MetricRow {
  type: string;
  unit?: string;
  values: Record<string, number>;
}

export interface RunJson {
  version: 1;
  run: {
    id: string;
    script: string;
    environment: string;
    profile: string | null;
    seed: number;
    /** ISO. */
    started: string;
    /** Of the measured window. */
    durationS: number;
    exitCode: number;
    /** Base URL the load went to. */
    baseUrl: string;
    workers: number;
    /** `closed`: users that wait for their answers; `open`: starts by plan. Absent: closed. */
    model?: 'closed' | 'open' | 'mixed';
  };
  verdict: { outcome: Outcome; reasons: string[] };
  thresholds: ThresholdResult[];
  /** Last row: name `Aggregated`. */
  requests: RequestRow[];
  /** Requests of setup and teardown. Absent: there were none. */
  uncounted?: UncountedRow[];
  /** By group of the script. Absent: it has none. */
  groups?: GroupRow[];
  /** Answers that were read as streams. Absent: there were none. */
  streams?: StreamRow[];
  /** A table for each tag that was asked for (`--by`, `reports.by`). Absent: none was. */
  byTag?: TagTable[];
  checks: CheckRow[];
  starts: StartCounts;
  errors: ErrorRow[];
  metrics: Record<string, MetricRow>;
  /** Null: not measured. `cpu` is the busiest worker's share of one core, 0 to 1. */
  generator: { saturated: boolean | null; overheadMs: number | null; loopLagMs: Latency | null; cpu: number | null };
  /** Who sent the load, where agents did. Absent: workers of the one process that ran the test. */
  agents?: AgentRow[];
  /** Warnings and remarks for people, in order. */
  notes: string[];
  /** The slowest and the failed requests of each task, worst first. Absent in files of older versions. */
  kept?: KeptRequest[];
  /** Somebody changed the load while it ran: judged by stretch, and no baseline. Absent: nobody did. */
  exploratory?: { segments: RunSegment[] };
  /** Load of each scenario as planned. Absent in files of older versions. */
  scenarios?: ScenarioRow[];
  /** How often the tasks of the script's mix were to be drawn, and how many requests came of them. Absent without a mix. */
  tasks?: TaskRow[];
  /** The run second by second. Absent in files of older versions. */
  series?: TimelineData;
  /** What the numbers of each row of `requests` are made of, in the same order. Absent in files of older versions. */
  details?: RequestDetail[];
  /** Which script and configuration exactly, on which versions and machine. Absent in files of older versions. */
  environment?: RunEnvironment;
}

/** A process that lent its machine's processors to the run. */
export interface AgentRow {
  /** Such as `agent 2`. */
  name: string;
  host: string;
  /** How many it had, those that were lost and replaced included. */
  workers: number;
  /** By how much its clock may have been off when the run began: half of the quickest way there and back. */
  clockErrorMs: number;
  /** By how much it had moved by the end, as far as it could be read. */
  clockDriftMs: number;
  /** How long before the measured load was due its order was there, of the last worker; negative: too late. Null: it had none. */
  startLeadMs: number | null;
  /** Why it was lost; null: it was there to the end. */
  lost: string | null;
}

/** A task of the script's mix. */
export interface TaskRow {
  task: string;
  /** Of all iterations, by its weight, 0 to 1. */
  askedRatio: number;
  /** Logical requests of the task, as its rows count them. */
  requests: number;
  /** Of the requests of all tasks, 0 to 1; null without any. A task of several requests has more of them than of the iterations. */
  requestRatio: number | null;
}

export interface RunEnvironment {
  versions?: Record<string, string>;
  machine?: Record<string, string | number>;
  /** Of the script's repository; null outside of one. */
  git?: { commit: string; isDirty: boolean } | null;
  scriptSha256?: string;
  configSha256?: string | null;
  /** Given with `--tag`, or in `options.tags`. */
  tags?: Record<string, string>;
  /** Of the script, given with `-e KEY=VALUE`; secret ones are hidden. */
  variables?: Record<string, string>;
}

/** `commit=3f9a2c`, one after the other; empty without any. */
export function pairsText(pairs: Readonly<Record<string, string>> = {}): string {
  return Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

/** A stretch of a run between two changes of its load. */
export interface RunSegment {
  /** `base` before the first change, then `edit-1`, `edit-2` …; the tag `phase` of its samples. */
  phase: string;
  /** Seconds since the measured period began. */
  fromS: number;
  toS: number;
  /** `users 20 → 40 (default)`; empty for the first. */
  change: string;
  thresholds: ThresholdResult[];
}

export interface ScenarioRow {
  name: string;
  executor: string;
  exec: string;
  model: 'closed' | 'open';
  users: number;
  startS: number;
  /** Null: it ends with its iterations. */
  durationS: number | null;
  starts?: StartCounts;
}
