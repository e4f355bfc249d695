import { z } from 'zod';
import { asked } from '../core/threshold-asked-schema.ts';
import { series } from './run-series-schema.ts';

const latency = z
  .object({ min: z.number(), avg: z.number(), p50: z.number(), p90: z.number(), p95: z.number(), p99: z.number(), max: z.number() })
  .nullable();

const threshold = z.looseObject({
  source: z.string(),
  expression: z.string(),
  asked: asked.exactOptional().meta({ description: 'Absent in files of older versions.' }),
  outcome: z.enum(['met', 'missed', 'undecided', 'no-data']),
  actual: z.number().exactOptional(),
  limit: z.number(),
  unit: z.string(),
  secondUnit: z.string().exactOptional(),
  detail: z.string(),
  because: z.string().exactOptional(),
  samples: z.number().exactOptional(),
  isThin: z.literal(true).exactOptional(),
  interval: z
    .looseObject({ low: z.number().nullable(), high: z.number().nullable(), effectiveSamples: z.number().exactOptional() })
    .exactOptional()
    .meta({ description: 'Where it lies with 95 %, in the unit of actual; null: nothing bounds it there.' }),
  samplesNeeded: z.number().exactOptional().meta({ description: 'About how many samples tell a result like this from its limit.' }),
  secondsNeeded: z.number().exactOptional().meta({ description: 'About how many seconds tell a result like this from its limit.' }),
  isWeak: z.literal(true).exactOptional().meta({ description: 'By chance it could have been the other way round.' }),
  isExcused: z.literal(true).exactOptional(),
});

const starts = z.looseObject({
  due: z.number(),
  begun: z.number(),
  late: z.number(),
  queued: z.number(),
  dropped: z.number(),
  interrupted: z.number(),
});

const row = { task: z.string(), method: z.string(), name: z.string() };
const phaseTime = { avg: z.number(), p95: z.number(), max: z.number() };

const numbersOfRow = {
  count: z.number(),
  failed: z.number(),
  interrupted: z.number(),
  perSecond: z.number(),
  durationMs: latency,
  responseTimeMs: latency,
  allDurationMs: latency,
  allResponseTimeMs: latency.exactOptional(),
};
const requestRow = { ...row, ...numbersOfRow };

const phases = z.looseObject({
  blocked: z.looseObject(phaseTime),
  connecting: z.looseObject(phaseTime),
  tls: z.looseObject(phaseTime),
  sending: z.looseObject(phaseTime),
  waiting: z.looseObject(phaseTime),
  receiving: z.looseObject(phaseTime),
});

const detail = z.looseObject({
  ...row,
  percentilesMs: z.record(z.string(), z.number()).meta({ description: 'Response time of expected answers by percentile, such as 99.9%.' }),
  responseTimeHdr: z.string().nullable().meta({ description: 'HdrHistogram of µs, format V2, compressed, base64.' }),
  durationHdr: z.string().nullable(),
  responseTimeUs: z.array(z.number()).exactOptional().meta({ description: 'Of a baseline: value, count, value, count …' }),
  bytesReceived: z.number(),
  bytesSent: z.number(),
  bodyBytes: z.number().exactOptional(),
  phasesMs: phases.nullable(),
  serverMs: z.array(z.looseObject({ part: z.string(), count: z.number(), ...phaseTime })),
});

const kept = z.looseObject({
  why: z.enum(['slow', 'failed']),
  scenario: z.string(),
  task: z.string(),
  phase: z.string(),
  name: z.string(),
  method: z.string(),
  url: z.string(),
  status: z.number(),
  errorCode: z.number(),
  kind: z.string(),
  error: z.string(),
  atMs: z.number(),
  responseTimeUs: z.number(),
  phasesUs: z.looseObject({
    blocked: z.number(),
    connecting: z.number(),
    tls: z.number(),
    sending: z.number(),
    waiting: z.number(),
    receiving: z.number(),
  }),
  serverTimings: z.array(z.looseObject({ part: z.string(), us: z.number() })),
  requestId: z.string(),
  picture: z.string(),
  inFlight: z.number(),
  vu: z.number(),
  iteration: z.number(),
});

const segment = z.looseObject({
  phase: z.string(),
  fromS: z.number(),
  toS: z.number(),
  change: z.string(),
  thresholds: z.array(threshold),
});

const scenario = z.looseObject({
  name: z.string(),
  executor: z.string(),
  exec: z.string(),
  model: z.enum(['closed', 'open']),
  users: z.number(),
  startS: z.number(),
  durationS: z.number().nullable(),
  starts: starts.exactOptional(),
});

/** What stands beside the figures: versions, machine, git state, tags and variables. */
export const environmentSchema = z.looseObject({
  versions: z.record(z.string(), z.string()).exactOptional(),
  machine: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
  git: z.looseObject({ commit: z.string(), isDirty: z.boolean() }).nullable().exactOptional(),
  scriptSha256: z.string().exactOptional(),
  configSha256: z.string().nullable().exactOptional(),
  tags: z.record(z.string(), z.string()).exactOptional(),
  variables: z.record(z.string(), z.string()).exactOptional(),
});

/** Version 1 of run.json: its core, and what may stand beside it. Fields that are not here are kept. */
export const runJsonSchema = z.looseObject({
  version: z.literal(1),
  run: z.looseObject({
    id: z.string(),
    script: z.string().meta({ description: 'Its path in the project.' }),
    environment: z.string(),
    profile: z.string().nullable(),
    seed: z.number(),
    started: z.string().meta({ description: 'ISO 8601.' }),
    durationS: z.number().meta({ description: 'Of the measured window.' }),
    exitCode: z.number(),
    baseUrl: z.string(),
    workers: z.number(),
    model: z.enum(['closed', 'open', 'mixed']).exactOptional(),
  }),
  verdict: z.looseObject({
    outcome: z.enum(['passed', 'failed', 'inconclusive', 'interrupted', 'aborted', 'degraded', 'error', 'not-judged']),
    reasons: z.array(z.string()),
  }),
  thresholds: z.array(threshold),
  requests: z.array(z.looseObject(requestRow)).meta({ description: 'The last row has the name Aggregated.' }),
  checks: z.array(
    z.looseObject({
      name: z.string(),
      group: z.string(),
      task: z.string(),
      passes: z.number(),
      fails: z.number(),
      reason: z.string().exactOptional(),
    }),
  ),
  uncounted: z
    .array(z.looseObject({ period: z.enum(['setup', 'teardown']), ...requestRow }))
    .exactOptional()
    .meta({ description: 'Requests of setup, vuSetup and the teardowns: in no verdict and in no other row.' }),
  groups: z
    .array(
      z.looseObject({
        group: z.string(),
        times: z.number(),
        durationMs: latency,
        requests: z.number(),
        failed: z.number(),
        perSecond: z.number(),
        responseTimeMs: latency,
        checks: z.number(),
        checksFailed: z.number(),
      }),
    )
    .exactOptional()
    .meta({ description: 'By group of the script.' }),
  streams: z
    .array(
      z.looseObject({
        task: z.string(),
        method: z.string(),
        name: z.string(),
        streams: z.number().meta({ description: 'That had an event.' }),
        brokenOff: z.number().meta({ description: 'Of these, those that failed later or were cut off.' }),
        withoutEvent: z.number().meta({ description: 'That were cut off before their first event.' }),
        firstEventMs: latency,
        firstTokenMs: latency,
        gapMs: latency,
        tokenGapMs: latency,
        events: z.number(),
        tokens: z.number().nullable(),
        stalls: z.number().nullable().meta({ description: 'Null: no request had a stallAfter.' }),
        eventsPerSecond: z.number().nullable(),
        tokensPerSecond: z.number().nullable(),
        goodRatio: z.number().nullable(),
        replayedRatio: z.number().nullable(),
      }),
    )
    .exactOptional()
    .meta({ description: 'Answers that were read as streams; first event and token from due.' }),
  byTag: z
    .array(
      z.looseObject({
        tag: z.string(),
        values: z.number(),
        rows: z.array(z.looseObject({ value: z.string(), ...numbersOfRow })),
      }),
    )
    .exactOptional()
    .meta({ description: 'The requests of the load by the values of each tag that was asked for (--by).' }),
  starts,
  errors: z.array(
    z.looseObject({
      name: z.string(),
      task: z.string().exactOptional(),
      method: z.string().exactOptional(),
      period: z.string().exactOptional().meta({ description: 'setup, warm-up or teardown: in none of the counts of requests.' }),
      kind: z.string(),
      code: z.number(),
      count: z.number(),
      firstSeen: z.string(),
      lastSeen: z.string(),
      sample: z.string(),
    }),
  ),
  metrics: z.record(
    z.string(),
    z.looseObject({ type: z.string(), unit: z.string().exactOptional(), values: z.record(z.string(), z.number()) }),
  ),
  generator: z.looseObject({
    saturated: z.boolean().nullable(),
    overheadMs: z.number().nullable(),
    loopLagMs: latency,
    cpu: z.number().nullable(),
  }),
  agents: z
    .array(
      z.looseObject({
        name: z.string(),
        host: z.string(),
        workers: z.number(),
        clockErrorMs: z.number(),
        clockDriftMs: z.number(),
        startLeadMs: z.number().nullable(),
        lost: z.string().nullable(),
      }),
    )
    .exactOptional()
    .meta({
      description:
        'Who sent the load, where agents did: how well each clock was known, how early its start was there, and why it was lost.',
    }),
  notes: z.array(z.string()),
  kept: z.array(kept).exactOptional().meta({ description: 'The slowest and the failed requests of each task, worst first.' }),
  exploratory: z
    .looseObject({ segments: z.array(segment) })
    .exactOptional()
    .meta({ description: 'Somebody changed the load while it ran.' }),
  scenarios: z.array(scenario).exactOptional(),
  tasks: z
    .array(z.looseObject({ task: z.string(), askedRatio: z.number(), requests: z.number(), requestRatio: z.number().nullable() }))
    .exactOptional()
    .meta({ description: "Tasks of the script's mix: share of the iterations by weight, and of the requests that came of them." }),
  series: series.exactOptional().meta({ description: 'The run second by second, in columns of equal length; times in ms.' }),
  details: z.array(detail).exactOptional().meta({ description: 'What the rows of requests are made of, in their order.' }),
  environment: environmentSchema.exactOptional(),
});

/** The JSON Schema (2020-12) of run.json; `run.schema.json` is this. */
export function runJsonJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(runJsonSchema, { io: 'input' });
  return { $schema, title: 'run.json of stressrun, version 1; everything in milliseconds unless a name says otherwise', ...schema };
}
