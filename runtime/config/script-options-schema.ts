import { z } from 'zod';
import { durationUsOf } from '../core/units.ts';
import { executorField, thinkTime } from './profile-schema.ts';
import {
  DURATION_TEXT_MAX,
  durationText,
  iterationsField,
  oneOf,
  positiveNumber,
  RATE_PER_SECOND_MAX,
  USERS_MAX,
  usersField,
  wholeNumber,
} from './schema-fields.ts';
import { checkScenario } from './script-scenario-rules.ts';
import { thresholdsSchema } from './threshold-schema.ts';

/** `options` of a script: k6's names and types. Keys that are not known here are left in for script-options.ts to judge. */

/** k6's durations: a text with units, or a number of milliseconds. */
function optionDuration(minText = '0s', maxText = DURATION_TEXT_MAX) {
  const error = `${durationText(minText, maxText)}, or a number of milliseconds`;
  return z.union([z.string(), z.number()], { error }).refine(
    (value) => {
      const us = optionDurationUs(value);
      return us !== undefined && us >= (durationUsOf(minText) ?? 0) && us <= (durationUsOf(maxText) ?? 0);
    },
    { error },
  );
}

/** @returns µs of a duration in script options, where a number is milliseconds; undefined when it is none */
export function optionDurationUs(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) : undefined;
  return value.trim() === '0' ? 0 : durationUsOf(value);
}

const STAGES = 'a list of stages such as { duration: "30s", target: 10 }';
function stagesOf<Target extends z.ZodType>(target: Target) {
  const stage = z.object({ duration: optionDuration(), target }, { error: 'a stage such as { duration: "30s", target: 10 }' });
  return z.array(stage, { error: STAGES }).min(1, { error: 'at least one stage' });
}
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: 'a text' }).transform(String), {
  error: 'a map of texts',
});

const LEVEL = 'users or starts from 0';
const SAMPLES_MAX = 200_000;
/** What the sandbox makes of a function `shape: (t) => users`. */
const sampledShape = z.object(
  {
    samples: z
      .array(z.number({ error: `a shape that gives ${LEVEL}` }).min(0, { error: `a shape that gives ${LEVEL}` }))
      .min(2, { error: 'a shape that lasts: a number for t = 0 and at least one later moment' })
      .max(SAMPLES_MAX),
    everyMs: positiveNumber('milliseconds', 60_000),
  },
  { error: 'a function of the seconds since the start that gives users, such as (t) => 10 + t' },
);

/** Keys of the load itself: with any of them the script says how it is run. */
const load = {
  vus: usersField.optional(),
  duration: optionDuration('1ms').optional(),
  iterations: iterationsField.optional(),
  stages: stagesOf(wholeNumber('users', 0, USERS_MAX)).optional(),
  shape: sampledShape.optional(),
  spawnRate: positiveNumber('users a second', USERS_MAX).optional(),
  thinkTime: thinkTime.optional(),
};

const RATE = `a number from 0 to ${RATE_PER_SECOND_MAX} (starts in each timeUnit)`;
const rate = z.number({ error: RATE }).min(0).max(RATE_PER_SECOND_MAX);
const scenarioShape = {
  executor: executorField.optional(),
  exec: z.string({ error: 'the name of an exported function' }).optional(),
  startTime: optionDuration().optional(),
  gracefulStop: optionDuration('0s', '1h').optional(),
  gracefulRampDown: optionDuration('0s', '1h').optional(),
  env: texts.optional(),
  tags: texts.optional(),
  ...load,
  /** Users, or starts in each timeUnit. */
  stages: stagesOf(rate).optional(),
  startVUs: wholeNumber('users', 0, USERS_MAX).optional(),
  maxDuration: optionDuration('1ms').optional(),
  rate: positiveNumber('starts in each timeUnit', RATE_PER_SECOND_MAX).optional(),
  startRate: rate.optional(),
  timeUnit: optionDuration('1ms', '1d').optional(),
  preAllocatedVUs: wholeNumber('users', 0, USERS_MAX).optional(),
  maxVUs: usersField.optional(),
  arrivals: oneOf('even', 'poisson').optional(),
  onBusy: oneOf('queue', 'drop').optional(),
};
/** Keys that a scenario may have; most of them say nothing where no scenario is. */
export const SCENARIO_KEYS: readonly string[] = Object.keys(scenarioShape);
const scenario = z
  .looseObject(scenarioShape, { error: 'a scenario with an executor' })
  .superRefine((value, context) => checkScenario(value, SCENARIO_KEYS, context));

/** A scenario of script options. */
export type ScriptScenario = z.output<typeof scenario>;

const yesOrNo = z.boolean({ error: 'true or false' }).optional();
/** What all iterations and requests of the run have in common. */
const requests = {
  minIterationDuration: optionDuration('0s', '1h').optional(),
  batch: wholeNumber('requests of http.batch() at once', 1, 10_000).optional(),
  batchPerHost: wholeNumber('requests of http.batch() to one host at once', 1, 10_000).optional(),
  discardResponseBodies: yesOrNo,
  maxRedirects: wholeNumber('redirects', 0, 1_000).optional(),
  noConnectionReuse: yesOrNo,
  noCookiesReset: yesOrNo,
  noSetup: yesOrNo,
  noTeardown: yesOrNo,
  noVUConnectionReuse: yesOrNo,
  throw: yesOrNo,
  userAgent: z
    .string({ error: 'a text' })
    .regex(/^[\t\x20-\x7e]+$/, { error: 'a text of printable ASCII' })
    .optional(),
};

const optionsShape = {
  ...load,
  scenarios: z
    .record(z.string().regex(/^[\w-]+$/, { error: 'a name of letters, digits, "_" and "-"' }), scenario, {
      error: 'a map of scenarios by name',
    })
    .optional(),
  thresholds: thresholdsSchema.optional(),
  setupTimeout: optionDuration('1ms', '1d').optional(),
  teardownTimeout: optionDuration('1ms', '1d').optional(),
  handleSummaryTimeout: optionDuration('1ms', '1d').optional(),
  summaryTrendStats: z.array(z.string({ error: "a statistic such as 'p(95)'" }), { error: "a list such as ['avg', 'p(95)']" }).optional(),
  tags: texts.optional(),
  ...requests,
};

/** `options` as a script exports them. */
export const scriptOptionsSchema = z.looseObject(optionsShape, { error: 'a map of options' });
export type ScriptOptions = z.output<typeof scriptOptionsSchema>;

/** Options that have an effect here. */
export const SCRIPT_OPTION_NAMES: readonly string[] = Object.keys(optionsShape);
