import { z } from 'zod';
import type { LiveThreshold, RunJson } from '../../core/run-json.ts';
import { asked } from '../../core/threshold-asked-schema.ts';
import { latency, number, runState } from './parts.ts';
import { runEntry } from './runs.ts';
import { runSeries } from './series.ts';
import { planView } from './start.ts';

/** A run while it goes on, and a whole run as one answer. */

/** A row of the table, so far. */
export const liveRow = z.object({
  task: z.string(),
  method: z.string(),
  name: z.string(),
  count: number,
  failed: number,
  /** Over the last ten seconds. */
  perSecond: number,
  failedPerSecond: number,
  medianMs: latency,
  p95Ms: latency,
  p99Ms: latency,
  averageMs: latency,
  minMs: latency,
  maxMs: latency,
  averageBytes: number.nullable(),
});

const times = z.object({ min: number, avg: number, p50: number, p90: number, p95: number, p99: number, max: number }).nullable();

const groupRow = z.object({
  group: z.string(),
  times: number,
  durationMs: times,
  requests: number,
  failed: number,
  perSecond: number,
  responseTimeMs: times,
  checks: number,
  checksFailed: number,
});

/** Requests of setup and teardown: in no row of the load and in no verdict. */
export const uncountedLine = z.object({
  /** `setup` is setup() and vuSetup(), `teardown` both teardowns. */
  period: z.enum(['setup', 'teardown']),
  task: z.string(),
  method: z.string(),
  name: z.string(),
  count: number,
  failed: number,
  /** Of all answers, from the due time; null without any. */
  responseMs: times,
});

const liveThreshold = z.object({
  source: z.string(),
  expression: z.string(),
  asked,
  outcome: z.enum(['met', 'missed', 'undecided', 'no-data']),
  actual: number.exactOptional(),
  limit: number,
  unit: z.string(),
  secondUnit: z.string().exactOptional(),
  samples: number.exactOptional(),
  because: z.string().exactOptional(),
  marginRatio: number.exactOptional(),
}) satisfies z.ZodType<LiveThreshold>;

const liveError = z.object({
  name: z.string(),
  task: z.string().exactOptional(),
  method: z.string().exactOptional(),
  period: z.string().exactOptional(),
  kind: z.string(),
  code: number,
  count: number,
  firstSeenMs: number,
  lastSeenMs: number,
  sample: z.string(),
});

export const workerRow = z.object({
  worker: number,
  /** The machine it runs on, in a distributed run. */
  agent: z.string().exactOptional(),
  pid: number.exactOptional(),
  users: number,
  cpu: number.nullable(),
  rssBytes: number.nullable(),
  lagMs: number.nullable(),
  /** Of all users, 0 to 1. */
  share: number,
});

export const liveState = z.object({
  /** The last one is over all: name `Aggregated`. */
  rows: z.array(liveRow),
  /** Groups of the script, in the order of their names. */
  groups: z.array(groupRow),
  uncounted: z.array(uncountedLine),
  thresholds: z.array(liveThreshold),
  checks: z.array(z.object({ name: z.string(), task: z.string(), passes: number, fails: number })),
  errors: z.array(liveError),
  workers: z.array(workerRow),
  starts: z.object({ due: number, begun: number, late: number, queued: number, dropped: number, interrupted: number }),
  /** Users or rate of each scenario as of now. */
  load: z.array(
    z.object({ scenario: z.string(), model: z.enum(['closed', 'open']), users: number, usersMax: number, rate: number.nullable() }),
  ),
  remainingS: number.nullable(),
  inFlight: number,
  /** Second of the run that rows, checks and errors are counted from: over 0 after somebody reset them. */
  sinceSecond: number,
  /** So long the load has been measured in what is counted, in seconds. */
  countedS: number,
});

export const logLine = z.object({ atMs: number, level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() });
export const edit = z.object({ second: number, change: z.string() });
const runJson = z.custom<RunJson>().meta({ description: 'run.json, version 1: see run.schema.json' });

/** Events of a run, in order; each has a number, from 1. */
export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: runState, detail: z.string() }),
  /** `series` has one point: put its columns behind those of the run. */
  z.object({ type: z.literal('second'), series: runSeries, live: liveState }),
  z.object({ type: z.literal('log'), line: logLine }),
  z.object({ type: z.literal('edit'), edit }),
  z.object({ type: z.literal('ended'), result: runJson }),
]);

/** What a page that is opened late needs. */
export const runView = z.object({
  id: z.string(),
  state: runState,
  entry: runEntry,
  plan: planView.nullable(),
  /** Past 7,200 points neighbours are joined: then `foldedBy` is over 1. */
  series: runSeries,
  edits: z.array(edit),
  logs: z.array(logLine),
  live: liveState.nullable(),
  result: runJson.nullable(),
  /** Names of files that may be downloaded. */
  files: z.array(z.string()),
  /** Where its event stream goes on. */
  lastEvent: number,
});
