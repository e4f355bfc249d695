import { z } from 'zod';
import { HTTP, STREAM } from '../core/roles.ts';
import { shareWindowOf, stretchWindowOf } from '../core/threshold-window.ts';
import { durationUsOf } from '../core/units.ts';
import { booleanField, DURATION_TEXT_MAX, duration, durationText, isDurationWithin, ratioField, refuse, section } from './schema-fields.ts';

const STRETCH = 'whole seconds from 1s to 1h, such as "10s"';
const SHARE = 'a share of the seconds above 0%, such as "99%"';
const LONG_KEYS = {
  for: z
    .string({ error: STRETCH })
    .refine((text) => typeof stretchWindowOf(text) !== 'string', { error: STRETCH })
    .meta({ description: 'Must hold over any stretch of this length, not only over the whole run.' })
    .optional(),
  in: z
    .string({ error: SHARE })
    .refine((text) => typeof shareWindowOf(text) !== 'string', { error: SHARE })
    .meta({ description: 'Must hold in this share of the seconds, such as 99%.' })
    .optional(),
  abort_on_fail: booleanField.meta({ description: 'Ends the run as soon as it is surely missed.' }).optional(),
  delay_abort_eval: duration('0s').meta({ description: 'How long the run goes on in any case. Default 0s.' }).optional(),
};

/** The limit alone, or a map with the limit and more. @param expected - what the limit may be, for messages */
function shortForm<Limit extends z.ZodType>(limit: Limit, expected: string, description: string) {
  const long = section({ limit, ...LONG_KEYS }).superRefine((value, context) => {
    if (value['for'] !== undefined && value['in'] !== undefined) refuse(context, [], 'expected "for" or "in"; got both');
  });
  return z.union([limit, long], { error: expected }).meta({ description }).optional();
}

const bound = duration('1us', '1h');
const BOUND = durationText('1us', '1h');
const RATIO = 'a share such as "1%" or 0.01 (0% to 100%)';
const RPS = 'a number from 0 (requests a second)';
const ERRORS = 'a whole number from 0 (iterations that threw)';
const STALLS = 'a whole number from 0 (gaps of streams longer than their stallAfter)';

/** The two percentiles of a time of streams. */
function timesOfStreams<Stem extends string>(stem: Stem, metric: string, rest: string) {
  const form = (percent: 95 | 99) => shortForm(bound, BOUND, `${percent}th percentile of ${metric}, ${rest}.`);
  return { [`${stem}_p95`]: form(95), [`${stem}_p99`]: form(99) } as Record<`${Stem}_p95` | `${Stem}_p99`, ReturnType<typeof form>>;
}

const shortForms = {
  max_p95: shortForm(bound, BOUND, `95th percentile of ${HTTP.responseTime} over expected answers.`),
  max_p99: shortForm(bound, BOUND, `99th percentile of ${HTTP.responseTime} over expected answers.`),
  max_failure_rate: shortForm(ratioField, RATIO, 'Failed logical requests ÷ all.'),
  min_rps: shortForm(z.number({ error: RPS }).min(0), RPS, 'Successful logical requests a second in the measured window.'),
  max_failed_checks: shortForm(ratioField, RATIO, 'Failed checks ÷ all.'),
  max_iteration_errors: shortForm(z.int({ error: ERRORS }).min(0), ERRORS, 'Iterations that threw.'),
  ...timesOfStreams('max_first_event', STREAM.firstEventDue, 'one that came to none by its time limit is over it'),
  ...timesOfStreams('max_first_token', STREAM.firstTokenDue, 'one that came to none by its time limit is over it'),
  ...timesOfStreams('max_event_gap', STREAM.gap, 'with the last gap of a stream that was cut off in it'),
  ...timesOfStreams('max_token_gap', STREAM.tokenGap, 'with the last gap of a stream that was cut off in it'),
  max_stalls: shortForm(z.int({ error: STALLS }).min(0), STALLS, 'Gaps of streams longer than their stallAfter.'),
  min_goodput: shortForm(ratioField, RATIO, 'Streams that met all their goals ÷ all that had any.'),
};

/** Names of the short forms, such as `max_p95`. */
export type ShortThresholdName = keyof typeof shortForms;
export const SHORT_THRESHOLD_NAMES = Object.keys(shortForms) as ShortThresholdName[];

const perTask = section(shortForms).meta({ id: 'shortThresholds' });
/** Short forms with their values, of the whole run or of a task. */
export type ShortThresholds = z.output<typeof perTask>;
/** `2s`, `10`, or `{ limit: 2s, for: 10s, abort_on_fail: true }`. */
export type ShortThreshold = NonNullable<ShortThresholds[ShortThresholdName]>;

const EXPRESSION = 'an expression such as "p(95)<500ms"';
const expressionText = z.string({ error: EXPRESSION });
const DELAY = `${durationText('0s', DURATION_TEXT_MAX)}, or a number of milliseconds`;
const longExpression = section({
  threshold: expressionText.optional(),
  expression: expressionText.optional(),
  abortOnFail: booleanField.optional(),
  abort_on_fail: booleanField.optional(),
  delayAbortEval: z
    .union([z.string(), z.number()], { error: DELAY })
    .refine((value) => delayUsOf(value) !== undefined, { error: DELAY })
    .optional(),
  delay_abort_eval: duration('0s').optional(),
})
  .superRefine((value, context) => {
    if ((value.threshold === undefined) === (value.expression === undefined))
      refuse(context, [], `expected exactly one of threshold and expression, ${EXPRESSION}`);
  })
  .meta({ id: 'thresholdExpression' });
const expressions = z.union([expressionText, longExpression, z.array(z.union([expressionText, longExpression], { error: EXPRESSION }))]);
/** `"p(95)<2s"`, an object with more, or a list of these. */
export type Expressions = z.output<typeof expressions>;

/** k6's delay: a text, or a number of milliseconds. @returns µs; undefined when it is none */
export function delayUsOf(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) : undefined;
  return value.trim() === '0' ? 0 : isDurationWithin(value, '0s', DURATION_TEXT_MAX) ? durationUsOf(value) : undefined;
}

/** Thresholds in config.yaml, in profiles and in script options: short forms, maps of them by task, and k6's expressions by metric. */
export const thresholdsSchema = z
  .object(shortForms, { error: 'a map of thresholds' })
  .catchall(
    z.union([perTask, ...expressions.options], {
      error: 'a map of short forms for a task, or a list of expressions such as ["p(95)<500ms"]',
    }),
  )
  .meta({ id: 'thresholds' });
export type ThresholdSettings = z.output<typeof thresholdsSchema>;
