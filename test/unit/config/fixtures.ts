import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunFlags } from '../../../runtime/config/flags.ts';
import type { LoadedConfig } from '../../../runtime/config/load-config.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { resolvePlan } from '../../../runtime/config/resolve-plan.ts';
import type { ScriptFacts } from '../../../runtime/config/script-facts.ts';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { RunPlan } from '../../../runtime/core/plan.ts';

export type Env = Record<string, string | undefined>;

/** A folder with a config.yaml and a script in it. */
export function project(yaml: string): { folder: string; configPath: string; scriptPath: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-config-'));
  writeFileSync(join(folder, 'config.yaml'), yaml);
  return { folder, configPath: join(folder, 'config.yaml'), scriptPath: join(folder, 'predict.ts') };
}

export function configOf(yaml: string, processEnv: Env = {}): LoadedConfig {
  const { folder, scriptPath } = project(yaml);
  return loadConfig({ scriptPath, cwd: folder, processEnv });
}

export const LOCAL = 'environments: { local: { base_url: "http://127.0.0.1:8000" } }\n';
const SCRIPT: ScriptFacts = { exportNames: ['default', 'options'], options: undefined, metrics: [], taskNames: [] };

interface PlanOptions {
  yaml?: string;
  flags?: Partial<RunFlags>;
  script?: Partial<ScriptFacts>;
  processEnv?: Env;
  coreCount?: number;
}

/** A plan from a config.yaml (one local environment if none is given), flags and a script with a default function. */
export function planOf({ yaml = LOCAL, flags = {}, script = {}, processEnv = {}, coreCount = 2 }: PlanOptions = {}): RunPlan {
  const { folder, scriptPath } = project(yaml);
  return resolvePlan({
    flags: { script: 'predict.ts', ...flags },
    config: loadConfig({ scriptPath, cwd: folder, processEnv }),
    scriptPath,
    script: { ...SCRIPT, ...script },
    processEnv,
    nowMs: Date.UTC(2025, 0, 31, 12, 0, 0),
    coreCount,
  });
}

/** The ConfigError that a call throws. */
export function refusalOf(call: () => unknown): ConfigError {
  try {
    call();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('expected a ConfigError; nothing was thrown');
}
