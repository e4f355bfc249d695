import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { issueText } from '../core/issue-text.ts';
import type { RunJson, RunSegment, ThresholdResult } from '../core/run-json.ts';
import { askedIn } from '../core/threshold-text.ts';
import { runJsonSchema } from './run-json-schema.ts';

/**
 * A run.json from disk; what stands beside the core is kept.
 * @throws {ConfigError} naming the file and the first field that is not as version 1 has it
 */
export async function readRunJson(path: string): Promise<RunJson> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(path, `expected a run.json that can be read; got ${error.code ?? error.message}`, { cause: error });
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(path, `expected JSON; ${(error as Error).message}`, { cause: error });
  }
  const parsed = runJsonSchema.safeParse(value);
  if (parsed.success) return withAsked(parsed.data);
  throw new ConfigError(path, `expected a run.json of version 1; ${issueText(parsed.error, 'the whole')}`);
}

type Read = z.output<typeof runJsonSchema>;

/** Files of older versions say what a threshold asks in its text alone. */
function withAsked({ thresholds, exploratory, ...run }: Read): RunJson {
  return {
    ...run,
    thresholds: thresholds.map(completed),
    ...(exploratory === undefined ? {} : { exploratory: { ...exploratory, segments: exploratory.segments.map(segmentOf) } }),
  };
}

function segmentOf(segment: NonNullable<Read['exploratory']>['segments'][number]): RunSegment {
  return { ...segment, thresholds: segment.thresholds.map(completed) };
}

function completed(threshold: Read['thresholds'][number]): ThresholdResult {
  return { ...threshold, asked: threshold.asked ?? askedIn(threshold.expression, threshold.limit) };
}
