import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { RunFlags } from '../../../runtime/config/flags.ts';
import type { LoadedConfig } from '../../../runtime/config/load-config.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { resolvePlan } from '../../../runtime/config/resolve-plan.ts';
import type { ScriptFacts } from '../../../runtime/config/script-facts.ts';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { RunPlan } from '../../../runtime/core/plan.ts';

export type Env = Record<string, string | undefined>;

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder with a config.yaml in it, gone when the tests of the file are over. */
export function project(yaml: string): { folder: string; configPath: string; scriptPath: string } {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-config-'));
  folders.push(folder);
  writeFileSync(join(folder, 'config.yaml'), yaml);
  return { folder, configPath: join(folder, 'config.yaml'), scriptPath: join(folder, 'predict.ts') };
}

export function configOf(yaml: string, processEnv: Env = {}): LoadedConfig {
  const { folder, scriptPath } = project(yaml);
  return loadConfig({ scriptPath, cwd: folder, processEnv });
}

export const LOCAL = 'environments: { local: { base_url: "http://127.0.0.1:8000" } }\n';
/** A load of each kind. */
export const PROFILES = `${LOCAL}
test_profiles:
  smoke:  { users: 5, duration: 30s }
  spike:  { users: 100, duration: 2m, shape: spike }
  climb:  { stages: [{ duration: 1m, target: 10 }, { duration: 2m, target: 20 }] }
  count:  { users: 4, iterations: 20 }
  each:   { users: 4, executor: per-vu-iterations, iterations: 20 }
  paced:  { users: 2, duration: 10s, spawn_rate: 1, think_time: { min: 1s, max: 2s }, pace: 3s, graceful_stop: 5s }
  open:   { arrival_rate: 50/s, duration: 1m, max_users: 10 }
  climb_open: { arrival_rate: 10/s, stages: [{ duration: 1m, rate: 100/s }, { duration: 30s, rate: 600/m }], max_users: 50 }
  spike_open: { arrival_rate: 100/s, duration: 2m, shape: spike, max_users: 200, pre_allocated_users: 20 }
`;
/** Script options with two scenarios. */
export const SCENARIOS = {
  scenarios: {
    browse: {
      executor: 'constant-vus',
      vus: 3,
      duration: '10s',
      exec: 'browse',
      startTime: '5s',
      gracefulStop: '1s',
      tags: { kind: 'b' },
      env: { N: 1 },
    },
    buy: { executor: 'ramping-vus', startVUs: 2, stages: [{ duration: 4000, target: 6 }], exec: 'buy' },
  },
};
export const TWO = { exportNames: ['default', 'browse', 'buy'], options: SCENARIOS };

const SCRIPT: ScriptFacts = { exportNames: ['default', 'options'], options: undefined, metrics: [], taskNames: [] };

interface PlanOptions {
  yaml?: string;
  flags?: Partial<RunFlags>;
  script?: Partial<ScriptFacts>;
  processEnv?: Env;
  coreCount?: number;
}

/** A text that came before is not read again: property tests make thousands of plans. */
const configs = new Map<string, { scriptPath: string; config: LoadedConfig }>();

/** A plan from a config.yaml (one local environment if none is given), flags and a script with a default function. */
export function planOf({ yaml = LOCAL, flags = {}, script = {}, processEnv = {}, coreCount = 2 }: PlanOptions = {}): RunPlan {
  let loaded = Object.keys(processEnv).length === 0 ? configs.get(yaml) : undefined;
  if (loaded === undefined) {
    const { folder, scriptPath } = project(yaml);
    loaded = { scriptPath, config: loadConfig({ scriptPath, cwd: folder, processEnv }) };
    if (Object.keys(processEnv).length === 0) configs.set(yaml, loaded);
  }
  const { scriptPath, config } = loaded;
  return resolvePlan({
    flags: { script: 'predict.ts', ...flags },
    config,
    scriptPath,
    script: { ...SCRIPT, ...script },
    processEnv,
    runId: 'a-run',
    seed: 7,
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
