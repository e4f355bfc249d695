import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { RunJson } from '../core/run-json.ts';
import { issueText } from './issue-text.ts';

const latency = z
  .object({ min: z.number(), avg: z.number(), p50: z.number(), p90: z.number(), p95: z.number(), p99: z.number(), max: z.number() })
  .nullable();

const runJson = z.looseObject({
  version: z.literal(1),
  run: z.looseObject({
    id: z.string(),
    script: z.string(),
    environment: z.string(),
    profile: z.string().nullable(),
    seed: z.number(),
    started: z.string(),
    durationS: z.number(),
    exitCode: z.number(),
    baseUrl: z.string(),
    workers: z.number(),
    model: z.enum(['closed', 'open', 'mixed']).exactOptional(),
  }),
  verdict: z.looseObject({
    outcome: z.enum(['passed', 'failed', 'inconclusive', 'interrupted', 'aborted', 'degraded', 'error']),
    reasons: z.array(z.string()),
  }),
  thresholds: z.array(
    z.looseObject({
      source: z.string(),
      expression: z.string(),
      outcome: z.enum(['met', 'missed', 'undecided', 'no-data']),
      actual: z.number().exactOptional(),
      limit: z.number(),
      unit: z.string(),
      detail: z.string(),
      samples: z.number().exactOptional(),
      isThin: z.literal(true).exactOptional(),
      isExcused: z.literal(true).exactOptional(),
    }),
  ),
  requests: z.array(
    z.looseObject({
      task: z.string(),
      method: z.string(),
      name: z.string(),
      count: z.number(),
      failed: z.number(),
      interrupted: z.number(),
      perSecond: z.number(),
      durationMs: latency,
      responseTimeMs: latency,
      allDurationMs: latency,
    }),
  ),
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
  starts: z.looseObject({
    due: z.number(),
    begun: z.number(),
    late: z.number(),
    queued: z.number(),
    dropped: z.number(),
    interrupted: z.number(),
  }),
  errors: z.array(
    z.looseObject({
      name: z.string(),
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
  notes: z.array(z.string()),
});

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
  const parsed = runJson.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(path, `expected a run.json of version 1; ${issueText(parsed.error, 'the whole')}`);
}
