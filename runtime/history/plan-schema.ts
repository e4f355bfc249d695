import { z } from 'zod';

const texts = z.record(z.string(), z.string());
const count = z.number().int().nonnegative();
const us = z.number().nonnegative();

const forTime = z.looseObject({ kind: z.literal('duration'), durationUs: us });
const byIterations = z.looseObject({ kind: z.literal('iterations'), iterations: count, durationUsMax: us, isShared: z.boolean() });

const frame = {
  name: z.string(),
  exec: z.string(),
  executor: z.string(),
  users: count,
  vuOffset: count,
  phases: z.array(z.looseObject({ name: z.string(), fromUs: us, toUs: us })),
  startTimeUs: us,
  gracefulStopUs: us,
  tags: texts,
  env: texts,
};

const scenario = z.discriminatedUnion('kind', [
  z.looseObject({
    ...frame,
    kind: z.literal('closed'),
    length: z.discriminatedUnion('kind', [forTime, byIterations]),
    curve: z.array(z.looseObject({ atUs: us, users: z.number().nonnegative() })),
  }),
  z.looseObject({
    ...frame,
    kind: z.literal('open'),
    length: forTime,
    timeUnitUs: z.number().positive(),
    curve: z.array(z.looseObject({ atUs: us, rate: z.number().nonnegative() })),
  }),
]);

const threshold = z.looseObject({
  source: z.string(),
  expression: z.string(),
  words: z.looseObject({ subject: z.string(), condition: z.string() }).exactOptional(),
  metric: z.string(),
  tags: texts,
  parsed: z.looseObject({
    aggregate: z.discriminatedUnion('kind', [
      z.looseObject({ kind: z.literal('percentile'), ratio: z.number() }),
      z.looseObject({ kind: z.enum(['avg', 'min', 'max', 'count', 'rate', 'value', 'passes', 'fails']) }),
    ]),
    comparison: z.enum(['<', '<=', '>', '>=', '==', '!=']),
    limit: z.number(),
    limitText: z.string(),
    window: z
      .discriminatedUnion('kind', [
        z.looseObject({ kind: z.literal('for'), durationUs: us }),
        z.looseObject({ kind: z.literal('share'), ratio: z.number() }),
      ])
      .exactOptional(),
  }),
  special: z.enum(['latency', 'failure-rate', 'rps', 'failed-checks', 'iteration-errors']).exactOptional(),
  abort: z.looseObject({ delayUs: us }).exactOptional(),
});

/** A plan.json of version 1, as far as anybody reads it; whatever else it says is kept. What later versions added may be absent. */
export const planSchema = z.looseObject({
  version: z.literal(1),
  runId: z.string(),
  seed: z.number(),
  workers: count,
  scriptPath: z.string(),
  allowPaths: z.array(z.string()),
  profile: z.string().exactOptional(),
  environment: z.looseObject({
    name: z.string(),
    baseUrl: z.string(),
    target: z.enum(['remote', 'embedded']),
    isProduction: z.boolean(),
    rpsMax: z.number().exactOptional(),
  }),
  scenarios: z.array(scenario),
  thresholds: z.array(threshold),
  warmUp: z.looseObject({ kind: z.enum(['none', 'requests', 'duration', 'stable']) }),
  scriptConfig: z.record(z.string(), z.unknown()),
  taskWeights: z.record(z.string(), z.number()).exactOptional(),
  variables: texts,
  tags: texts,
  isStrict: z.boolean(),
  onInconclusive: z.enum(['fail', 'warn']),
  reportsBy: z.array(z.string()).exactOptional(),
  notes: z.array(z.string()),
});
