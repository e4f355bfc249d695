import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import { issueText } from '../core/issue-text.ts';
import type { RunPlan } from '../core/plan.ts';
import type { KeptPlan } from './compare-runs.ts';
import { planSchema } from './plan-schema.ts';
import { PLAN_FILE } from './run-folder.ts';

/** The plan of a run, from its folder. @throws {ConfigError} naming the file and the first field that is not as version 1 has it */
export function readPlan(folder: string): RunPlan & KeptPlan {
  const path = join(folder, PLAN_FILE);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(path, `expected the plan of a run; ${(error as Error).message}`, { cause: error });
  }
  const parsed = planSchema.safeParse(value);
  // what readers look at is known to be there; the rest stays as it was written
  if (parsed.success) return parsed.data as unknown as RunPlan;
  throw new ConfigError(path, `expected the plan of a run of version 1; ${issueText(parsed.error, 'the whole')}`);
}

/** Undefined where there is none, or one that is damaged. */
export function keptPlanOf(folder: string): (RunPlan & KeptPlan) | undefined {
  try {
    return readPlan(folder);
  } catch {
    return undefined;
  }
}
