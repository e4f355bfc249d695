import { z } from 'zod';
import { durationUsOf } from '../core/units.ts';
import {
  duration,
  iterationsField,
  loadDuration,
  oneOf,
  positiveNumber,
  refuse,
  section,
  USERS_MAX,
  usersField,
  wholeNumber,
} from './schema-fields.ts';
import { thresholdsSchema } from './threshold-schema.ts';

/** k6's names. Those of the open model are known, and refused when a plan is made. */
export const executorField = oneOf(
  'constant-vus',
  'ramping-vus',
  'shared-iterations',
  'per-vu-iterations',
  'constant-arrival-rate',
  'ramping-arrival-rate',
);
export type Executor = z.output<typeof executorField>;

/** `1s` or `{ min, max }`. */
const thinkTime = z
  .union([duration('0s', '1h'), section({ min: duration('0s', '1h'), max: duration('0s', '1h') })], {
    error: '0s to 1h, such as "1s", or { min: 500ms, max: 2s }',
  })
  .superRefine((value, context) => {
    if (typeof value === 'object' && (durationUsOf(value.min) ?? 0) > (durationUsOf(value.max) ?? 0))
      refuse(context, ['max'], `expected at least min, ${value.min}; got ${JSON.stringify(value.max)}`);
  });

const stage = section({ duration: duration('0s'), target: wholeNumber('users', 0, USERS_MAX) });

const RATE = 'a rate such as "50/s"';
const arrivalRate = z.union([z.string({ error: RATE }).regex(/^\d+(?:\.\d+)?\/(?:s|m|h)$/), z.number({ error: RATE }).positive()], {
  error: RATE,
});

/** One entry of `test_profiles`. */
export const profileSchema = section({
  description: z.string({ error: 'a text' }).optional(),
  users: usersField.meta({ description: 'Users at once; beside stages, those at the start.' }).optional(),
  duration: loadDuration.optional(),
  iterations: iterationsField.meta({ description: 'Over all users; duration is then the longest it may take.' }).optional(),
  shape: oneOf('spike', 'steps', 'ramp').optional(),
  stages: z.array(stage, { error: 'a list of stages such as { duration: 30s, target: 10 }' }).min(1).optional(),
  arrival_rate: arrivalRate.optional(),
  max_users: usersField.optional(),
  on_busy: oneOf('queue', 'drop').optional(),
  executor: executorField.optional(),
  spawn_rate: positiveNumber('users a second', USERS_MAX)
    .meta({ description: 'How fast users start. Default: all within min(a tenth of the duration, 10 s).' })
    .optional(),
  think_time: thinkTime.meta({ description: 'Spent after an iteration, outside its duration.' }).optional(),
  pace: duration('1ms', '1h').meta({ description: 'Iterations of a user are due this far apart.' }).optional(),
  graceful_stop: duration('0s', '1h').meta({ description: 'How long what runs at the end may go on. Default 30s.' }).optional(),
  thresholds: thresholdsSchema.optional(),
}).superRefine((value, context) => {
  const lengths = (['duration', 'iterations', 'stages'] as const).filter((key) => value[key] !== undefined);
  if (lengths.length === 0) refuse(context, [], 'expected duration, iterations or stages; got none of them');
  if (value.stages !== undefined && lengths.length > 1)
    refuse(
      context,
      ['stages'],
      `expected neither duration nor iterations beside stages; got ${lengths.filter((key) => key !== 'stages').join(' and ')}`,
    );
  if (value.shape !== undefined && (value.stages !== undefined || value.iterations !== undefined || value.duration === undefined))
    refuse(context, ['shape'], 'expected a duration, and neither stages nor iterations, beside a shape');
});

/** A profile as written, variables filled in. */
export type ProfileSettings = z.output<typeof profileSchema>;
