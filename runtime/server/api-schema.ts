import { z } from 'zod';
import type { RunJson } from '../core/run-json.ts';
import { asked } from '../history/run-json-schema.ts';
import type * as Api from '../views/api.ts';

/** The types of `api.ts` as schemas: what is asked for is checked by them, and the OpenAPI document is made from them. A test holds both together. */

const TEXT_MAX = 200;
const ENTRIES_MAX = 200;
/** A token may be long. */
const VARIABLE_LENGTH_MAX = 4_000;
const text = z.string().max(TEXT_MAX);
const number = z.number();
const count = z.number().int().min(0);
const entriesOf = (value: z.ZodString) =>
  z.record(text, value).refine((map) => Object.keys(map).length <= ENTRIES_MAX, { error: `at most ${ENTRIES_MAX} entries` });

export const startForm = z.strictObject({
  script: z.string().max(1_000).exactOptional(),
  environment: text.exactOptional(),
  profile: text.exactOptional(),
  users: count.exactOptional(),
  rate: number.positive().exactOptional(),
  duration: text.exactOptional(),
  stages: z.array(text).max(ENTRIES_MAX).exactOptional(),
  scenarios: z.array(text).max(ENTRIES_MAX).exactOptional(),
  variables: entriesOf(z.string().max(VARIABLE_LENGTH_MAX)).exactOptional(),
  tags: entriesOf(z.string().max(VARIABLE_LENGTH_MAX)).exactOptional(),
  mix: z.record(text, number.min(0)).exactOptional(),
  thresholds: entriesOf(text).exactOptional(),
  allowProduction: text.exactOptional(),
}) satisfies z.ZodType<Api.StartForm>;

export const editForm = z.strictObject({
  scenario: text.exactOptional(),
  users: count.exactOptional(),
  rate: number.min(0).exactOptional(),
}) satisfies z.ZodType<Api.EditForm>;

export const stopForm = z.strictObject({ how: z.enum(['graceful', 'now']) });
export const baselineForm = z.strictObject({ name: text });

export const apiError = z.object({
  error: z.object({ message: z.string(), hint: z.string().exactOptional(), where: z.string().exactOptional() }),
}) satisfies z.ZodType<Api.ApiError>;

const runState = z.enum(['starting', 'warm-up', 'running', 'stopping', 'ended', 'unknown']) satisfies z.ZodType<Api.RunState>;
const outcome = z.enum(['passed', 'failed', 'inconclusive', 'interrupted', 'aborted', 'degraded', 'error', 'not-judged']);
const latency = number.nullable();

export const status = z.object({
  id: z.string().nullable(),
  state: runState.nullable(),
  isPlanning: z.boolean(),
}) satisfies z.ZodType<Api.Status>;

export const options = z.object({
  version: z.string(),
  scripts: z.array(z.object({ path: z.string(), hasDefault: z.boolean(), tasks: z.array(z.string()), scenarios: z.array(z.string()) })),
  environments: z.array(
    z.object({
      name: z.string(),
      baseUrl: z.string(),
      isProduction: z.boolean(),
      usersMax: number.exactOptional(),
      rpsMax: number.exactOptional(),
      isDefault: z.boolean(),
    }),
  ),
  profiles: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      summary: z.string(),
      users: number.nullable(),
      ratePerSecond: number.nullable(),
      durationS: number.nullable(),
      thresholds: z.record(z.string(), z.string()),
    }),
  ),
  mix: z.record(z.string(), number),
  thresholds: z.record(z.string(), z.string()),
  defaults: startForm,
  variables: z.array(z.string()),
  workers: number,
}) satisfies z.ZodType<Api.Options>;

export const planView = z.object({
  scenarios: z.array(
    z.object({
      name: z.string(),
      executor: z.string(),
      model: z.enum(['closed', 'open']),
      users: number,
      curve: z.array(z.object({ atS: number, value: number })),
      phases: z.array(z.object({ name: z.string(), fromS: number, toS: number })),
      durationS: number.nullable(),
    }),
  ),
  thresholds: z.array(z.object({ source: z.string(), expression: z.string(), subject: z.string(), condition: z.string() })),
  tasks: z.array(z.object({ task: z.string(), askedRatio: number })),
  environment: z.string(),
  baseUrl: z.string(),
  notes: z.array(z.string()),
}) satisfies z.ZodType<Api.PlanView>;

export const runEntry = z.object({
  id: z.string(),
  state: runState,
  script: z.string(),
  environment: z.string(),
  profile: z.string().nullable(),
  load: z.string(),
  startedMs: number,
  durationS: number,
  outcome: outcome.nullable(),
  requests: number,
  failedRatio: number,
  perSecond: number,
  p95Ms: latency,
  isExploratory: z.boolean(),
  tags: z.record(z.string(), z.string()).exactOptional(),
  commit: z.string().exactOptional(),
  baselines: z.array(z.string()),
}) satisfies z.ZodType<Api.RunEntry>;

const percentiles = z.object({ p50: number, p95: number, p99: number });

const secondPoint = z.object({
  second: number,
  atMs: number,
  phase: z.string(),
  users: number,
  requests: number,
  failures: number,
  responseMs: percentiles.nullable(),
  durationMs: percentiles.nullable(),
  dropped: number,
  generator: z.object({ lagMs: number, cpu: number }).nullable(),
  monitors: z.record(z.string(), number).exactOptional(),
}) satisfies z.ZodType<Api.SecondPoint>;

const liveRow = z.object({
  task: z.string(),
  method: z.string(),
  name: z.string(),
  count: number,
  failed: number,
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

const uncountedLine = z.object({
  period: z.enum(['setup', 'teardown']),
  task: z.string(),
  method: z.string(),
  name: z.string(),
  count: number,
  failed: number,
  responseMs: times,
}) satisfies z.ZodType<Api.UncountedLine>;

const liveState = z.object({
  rows: z.array(liveRow),
  groups: z.array(groupRow),
  uncounted: z.array(uncountedLine),
  thresholds: z.array(
    z.object({
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
    }),
  ),
  checks: z.array(z.object({ name: z.string(), task: z.string(), passes: number, fails: number })),
  errors: z.array(
    z.object({
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
    }),
  ),
  workers: z.array(
    z.object({
      worker: number,
      agent: z.string().exactOptional(),
      pid: number.exactOptional(),
      users: number,
      cpu: number.nullable(),
      rssBytes: number.nullable(),
      lagMs: number.nullable(),
      share: number,
    }),
  ),
  starts: z.object({ due: number, begun: number, late: number, queued: number, dropped: number, interrupted: number }),
  load: z.array(
    z.object({ scenario: z.string(), model: z.enum(['closed', 'open']), users: number, usersMax: number, rate: number.nullable() }),
  ),
  remainingS: number.nullable(),
  inFlight: number,
  sinceSecond: number,
}) satisfies z.ZodType<Api.LiveState>;

const logLine = z.object({ atMs: number, level: z.enum(['debug', 'info', 'warn', 'error']), text: z.string() });
export const edit = z.object({ second: number, change: z.string() }) satisfies z.ZodType<Api.Edit>;
const runJson = z.custom<RunJson>().meta({ description: 'run.json, version 1: see run.schema.json' });

export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('state'), state: runState, detail: z.string() }),
  z.object({ type: z.literal('second'), point: secondPoint, live: liveState }),
  z.object({ type: z.literal('log'), line: logLine }),
  z.object({ type: z.literal('edit'), edit }),
  z.object({ type: z.literal('ended'), result: runJson }),
]) satisfies z.ZodType<Api.LiveEvent>;

export const runView = z.object({
  id: z.string(),
  state: runState,
  entry: runEntry,
  plan: planView.nullable(),
  points: z.array(secondPoint),
  stepS: number,
  edits: z.array(edit),
  logs: z.array(logLine),
  live: liveState.nullable(),
  result: runJson.nullable(),
  files: z.array(z.string()),
  lastEvent: number,
}) satisfies z.ZodType<Api.RunView>;

const range = z.tuple([number, number]).nullable();

export const comparison = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      entry: runEntry,
      load: z.string(),
      baseUrl: z.string(),
      notes: z.array(z.string()),
      setting: z.record(z.string(), z.string()),
    }),
  ),
  rows: z.array(
    z.object({
      task: z.string(),
      method: z.string(),
      name: z.string(),
      values: z.array(
        z
          .object({
            count: number,
            failedRatio: number,
            perSecond: number,
            p50Ms: latency,
            p95Ms: latency,
            p99Ms: latency,
            ranges: z.object({ p50Ms: range, p95Ms: range, p99Ms: range, failedRatio: range, perSecond: range }),
          })
          .nullable(),
      ),
    }),
  ),
  differences: z.array(z.string()),
}) satisfies z.ZodType<Api.Comparison>;

export const trendPoint = z.object({
  id: z.string(),
  profile: z.string().nullable(),
  load: z.string(),
  startedMs: number,
  outcome: outcome.nullable(),
  p95Ms: latency,
  perSecond: number,
  failedRatio: number,
}) satisfies z.ZodType<Api.TrendPoint>;
