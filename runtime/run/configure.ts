import { resolveEnvironment } from '../config/environment.ts';
import type { RunFlags } from '../config/flags.ts';
import { withOverrides } from '../config/form-overrides.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { EnvironmentPlan } from '../core/plan.ts';

/** Where load goes and how, by files, variables and flags. @throws {ConfigError} */
export function configure(flags: RunFlags, scriptPath: string): { config: LoadedConfig; environment: EnvironmentPlan } {
  const written = loadConfig({
    scriptPath,
    cwd: process.cwd(),
    processEnv: process.env,
    ...(flags.config === undefined ? {} : { configFlag: flags.config }),
    ...(flags.sets === undefined ? {} : { sets: flags.sets }),
  });
  const config = withOverrides(written, flags);
  return { config, environment: resolveEnvironment({ flags, config, processEnv: process.env }) };
}
