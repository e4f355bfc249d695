import { z } from 'zod';
import { environmentSchema } from './environment-schema.ts';
import { BY_MAX, TAG_NAME } from './flag-values.ts';
import { profileSchema } from './profile-schema.ts';
import { duration, namedMap, oneOf, section, textField, wholeNumber } from './schema-fields.ts';
import { thresholdsSchema } from './threshold-schema.ts';

const healthCheck = section({
  path: z
    .string({ error: 'a path such as /health' })
    .regex(/^\/|^https?:\/\//)
    .optional(),
  expect: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()], { error: 'a text, a number, true, false or null' }), {
      error: 'a map of fields of the JSON answer',
    })
    .meta({ description: 'Fields that the JSON answer must have with these values; none: any 2xx will do.' })
    .optional(),
  wait: duration('0s', '1h').meta({ description: 'How long to wait for a healthy answer. Default 0s.' }).optional(),
  on_failure: oneOf('warn', 'fail').optional(),
});

const REQUESTS_MAX = 1_000_000_000;
const WARM_UP = 'a duration such as "10s", { requests: 10 }, { duration: 10s } or { until: stable, max: 60s }';
const warmUp = z.union(
  [
    duration(),
    section({ requests: wholeNumber('requests', 0, REQUESTS_MAX) }),
    section({ duration: duration() }),
    section({
      until: oneOf('stable').meta({ description: 'Until latencies no longer fall.' }),
      max: duration('1s', '1h').meta({ description: 'Longest that it may take. Default 60s.' }).optional(),
    }),
  ],
  { error: WARM_UP },
);

const PIXELS_MAX = 16_384;
const SIZE = `a size such as 640x480 or { width: 640, height: 480 }, each side 1 to ${PIXELS_MAX}`;
const imageSize = z.union(
  [
    z.string({ error: SIZE }).refine(
      (text) => {
        const sides = /^(\d+)x(\d+)$/.exec(text)?.slice(1).map(Number);
        return sides?.every((side) => side >= 1 && side <= PIXELS_MAX) === true;
      },
      { error: SIZE },
    ),
    section({ width: wholeNumber('pixels', 1, PIXELS_MAX), height: wholeNumber('pixels', 1, PIXELS_MAX) }),
  ],
  { error: SIZE },
);

const WEIGHT_MAX = 1_000_000;
const mix = z
  .record(
    z.string(),
    z
      .number({ error: `a weight from 0 to ${WEIGHT_MAX}` })
      .min(0)
      .max(WEIGHT_MAX),
    { error: 'a map of weights by task' },
  )
  .refine((weights) => Object.keys(weights).length === 0 || Object.values(weights).some((weight) => weight !== 0), {
    error: 'at least one weight above 0',
  });

const reports = section({
  by: z
    .array(z.string({ error: 'the name of a tag' }).regex(TAG_NAME, { error: 'the name of a tag, such as plan' }), {
      error: 'a list of tags, such as [plan]',
    })
    .max(BY_MAX, { error: `at most ${BY_MAX} tags` })
    .meta({ description: 'Tags whose values have a table of requests in every report; --by on the command line.' })
    .optional(),
});

/** The whole of config.yaml, as people write it: durations are texts, resolved in a step of their own. */
export const configSchema = section({
  defaults: section({ environment: textField('the name of an environment').optional() }).optional(),
  environments: namedMap('environments', environmentSchema).optional(),
  health_check: healthCheck.meta({ description: 'Asked before the run. Default: GET /health, any 2xx, warn only.' }).optional(),
  warm_up: warmUp.meta({ description: 'Kept in the report, left out of the verdict and of every rate. Default: none.' }).optional(),
  test_profiles: namedMap('profiles', profileSchema).optional(),
  test_mix: mix.meta({ description: 'Weights of the tasks of a mix.' }).optional(),
  image_sizes: z.record(z.string(), imageSize, { error: 'a map of sizes by name' }).optional(),
  thresholds: thresholdsSchema.optional(),
  reports: reports.optional(),
  allow_paths: z
    .array(textField('a folder, relative to config.yaml'), { error: 'a list of folders' })
    .meta({ description: "Folders besides the project's own that scripts may read files from." })
    .optional(),
});

/** config.yaml as written, variables filled in. */
export type ConfigSettings = z.output<typeof configSchema>;

/** The JSON Schema (2020-12) of config.yaml for editors; `config.schema.json` is this. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  return { $schema, title: 'config.yaml of stressrun', ...schema };
}
