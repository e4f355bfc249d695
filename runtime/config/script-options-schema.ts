import { z } from 'zod';
import { durationUsOf } from '../core/units.ts';
import { executorField } from './profile-schema.ts';
import { DURATION_TEXT_MAX, durationText, iterationsField, USERS_MAX, usersField, wholeNumber } from './schema-fields.ts';
import { thresholdsSchema } from './threshold-schema.ts';

/** `options` of a script: k6's names and types. Keys that are not known here are left in, and told in a note. */

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

const stages = z.array(
  z.object(
    { duration: optionDuration(), target: wholeNumber('users', 0, USERS_MAX) },
    { error: 'a stage such as { duration: "30s", target: 10 }' },
  ),
  {
    error: 'a list of stages such as { duration: "30s", target: 10 }',
  },
);
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()], { error: 'a text' }).transform(String), {
  error: 'a map of texts',
});

/** Keys of the load itself: with any of them the script says how it is run. */
const load = {
  vus: usersField.optional(),
  duration: optionDuration('1ms').optional(),
  iterations: iterationsField.optional(),
  stages: stages.min(1, { error: 'at least one stage' }).optional(),
};

const scenarioShape = {
  executor: executorField,
  exec: z.string({ error: 'the name of an exported function' }).optional(),
  startTime: optionDuration().optional(),
  gracefulStop: optionDuration('0s', '1h').optional(),
  gracefulRampDown: optionDuration('0s', '1h').optional(),
  env: texts.optional(),
  tags: texts.optional(),
  ...load,
  startVUs: wholeNumber('users', 0, USERS_MAX).optional(),
  maxDuration: optionDuration('1ms').optional(),
};
const scenario = z.looseObject(scenarioShape, { error: 'a scenario with an executor' });

/** A scenario of script options. */
export type ScriptScenario = z.output<typeof scenario>;

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
  tags: texts.optional(),
};

/** `options` as a script exports them. */
export const scriptOptionsSchema = z.looseObject(optionsShape, { error: 'a map of options' });
export type ScriptOptions = z.output<typeof scriptOptionsSchema>;

/** Options that have an effect here. */
export const SCRIPT_OPTION_NAMES: readonly string[] = Object.keys(optionsShape);
/** Keys of a scenario that are known; the rest belongs to the open model, or to nobody. */
export const SCRIPT_SCENARIO_NAMES: readonly string[] = Object.keys(scenarioShape);
