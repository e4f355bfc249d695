import { z } from 'zod';
import { durationUsOf } from '../core/units.ts';
import { checkProfile } from './profile-rules.ts';
import { RATE_SHAPE, rateOf } from './rate-text.ts';
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

/** k6's names. */
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
export const thinkTime = z
  .union([duration('0s', '1h'), section({ min: duration('0s', '1h'), max: duration('0s', '1h') })], {
    error: '0s to 1h, such as "1s", or { min: 500ms, max: 2s }',
  })
  .superRefine((value, context) => {
    if (typeof value !== 'object') return;
    const [minUs, maxUs] = [durationUsOf(value.min), durationUsOf(value.max)];
    if (minUs !== undefined && maxUs !== undefined && minUs > maxUs)
      refuse(context, ['max'], `expected at least min, ${value.min}; got ${JSON.stringify(value.max)}`);
  });

/** `50/s`; `0/s` only where a curve may touch the ground. */
function rate(isZeroAllowed = false) {
  const isRate = (value: string | number): boolean => (isZeroAllowed ? 0 : Number.MIN_VALUE) <= (rateOf(value)?.rate ?? -1);
  const error = isZeroAllowed ? RATE_SHAPE.replace('above 0', 'from 0') : RATE_SHAPE;
  return z.union([z.string(), z.number()], { error }).refine(isRate, { error });
}

const stage = section({
  duration: duration('0s'),
  target: wholeNumber('users', 0, USERS_MAX).meta({ description: 'Users at its end.' }).optional(),
  rate: rate(true).meta({ description: 'Instead of target: starts at its end, such as 50/s.' }).optional(),
}).superRefine((value, context) => {
  if ((value.target === undefined) === (value.rate === undefined)) refuse(context, [], 'expected exactly one of target (users) and rate');
});

/** One entry of `test_profiles`. */
export const profileSchema = section({
  description: z.string({ error: 'a text' }).optional(),
  users: usersField.meta({ description: 'Users at once; beside stages, those at the start.' }).optional(),
  duration: loadDuration.optional(),
  iterations: iterationsField.meta({ description: 'Over all users; duration is then the longest it may take.' }).optional(),
  shape: oneOf('spike', 'steps', 'ramp').meta({ description: 'Of the users, or of the arrival rate.' }).optional(),
  stages: z.array(stage, { error: 'a list of stages such as { duration: 30s, target: 10 }' }).min(1).optional(),
  arrival_rate: rate(true)
    .meta({ description: 'Starts, such as 50/s, whether or not the target keeps up; beside stages, those at the start.' })
    .optional(),
  max_users: usersField.meta({ description: 'Of an arrival rate: users at once. Default: 10 s of its rate, 10 to 1000.' }).optional(),
  pre_allocated_users: usersField.meta({ description: 'Of an arrival rate: users taken first. Default: all.' }).optional(),
  on_busy: oneOf('queue', 'drop')
    .meta({ description: 'Of an arrival rate: what happens to a start that finds every user busy. Default queue.' })
    .optional(),
  arrivals: oneOf('even', 'poisson').meta({ description: 'Of an arrival rate: evenly spaced or at random. Default even.' }).optional(),
  executor: executorField.optional(),
  spawn_rate: positiveNumber('users a second', USERS_MAX)
    .meta({ description: 'How fast users start that are there from the beginning. Default: all at once.' })
    .optional(),
  think_time: thinkTime.meta({ description: 'Spent after an iteration, outside its duration.' }).optional(),
  pace: duration('1ms', '1h').meta({ description: 'Iterations of a user are due this far apart.' }).optional(),
  graceful_stop: duration('0s', '1h').meta({ description: 'How long what runs at the end may go on. Default 30s.' }).optional(),
  graceful_ramp_down: duration('0s', '1h')
    .meta({ description: 'How long an iteration may go on whose user is sent away. Default: graceful_stop.' })
    .optional(),
  thresholds: thresholdsSchema.optional(),
}).superRefine(checkProfile);

/** A profile as written, variables filled in. */
export type ProfileSettings = z.output<typeof profileSchema>;
