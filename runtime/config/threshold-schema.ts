import { z } from 'zod';
import { duration, ratioField, section } from './schema-fields.ts';

const shortForms = {
  max_p95: duration('1us', '1h').meta({ description: '95th percentile of http_req_response_time over expected answers.' }).optional(),
  max_p99: duration('1us', '1h').meta({ description: '99th percentile of http_req_response_time over expected answers.' }).optional(),
  max_failure_rate: ratioField.meta({ description: 'Failed logical requests ÷ all.' }).optional(),
  min_rps: z
    .number({ error: 'a number from 0 (requests a second)' })
    .min(0)
    .meta({ description: 'Successful logical requests a second in the measured window.' })
    .optional(),
  max_failed_checks: ratioField.meta({ description: 'Failed checks ÷ all.' }).optional(),
  max_iteration_errors: z.int({ error: 'a whole number from 0 (iterations that threw)' }).min(0).optional(),
};

/** Names of the short forms, such as `max_p95`. */
export type ShortThresholdName = keyof typeof shortForms;
export const SHORT_THRESHOLD_NAMES = Object.keys(shortForms) as ShortThresholdName[];

const perTask = section(shortForms);
/** Short forms with their values, of the whole run or of a task. */
export type ShortThresholds = z.output<typeof perTask>;

const EXPRESSION = 'an expression such as "p(95)<500ms"';
const expressionText = z.string({ error: EXPRESSION });
const k6Threshold = z.looseObject({
  threshold: expressionText,
  abortOnFail: z.boolean().optional(),
  delayAbortEval: z.union([z.string(), z.number()]).optional(),
});
const expressions = z.union([expressionText, z.array(z.union([expressionText, k6Threshold], { error: EXPRESSION }))], {
  error: 'a short form, a map of short forms for a task, or a list of expressions such as ["p(95)<500ms"]',
});
/** `"p(95)<2s"`, or a list of these, or k6's objects. */
export type Expressions = z.output<typeof expressions>;

/** Thresholds in config.yaml, in profiles and in script options: short forms, maps of them by task, and k6's expressions by metric. */
export const thresholdsSchema = z
  .object(shortForms, { error: 'a map of thresholds' })
  .catchall(
    z.union([perTask, expressions], { error: 'a map of short forms for a task, or a list of expressions such as ["p(95)<500ms"]' }),
  );
export type ThresholdSettings = z.output<typeof thresholdsSchema>;
