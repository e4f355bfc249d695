import { resolveEnvironment } from '../config/environment.ts';
import type { RunFlags } from '../config/flags.ts';
import { withOverrides } from '../config/form-overrides.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { EnvironmentPlan } from '../core/plan.ts';
import type { RunSurroundings } from './output.ts';

/** Where load goes and how, by files, variables and flags. @throws {ConfigError} */
export function configure(
  flags: RunFlags,
  scriptPath: string,
  { folder, variables }: Pick<RunSurroundings, 'folder' | 'variables'>,
): { config: LoadedConfig; environment: EnvironmentPlan } {
  const written = loadConfig({
    scriptPath,
    cwd: folder,
    processEnv: variables,
    ...(flags.config === undefined ? {} : { configFlag: flags.config }),
    ...(flags.sets === undefined ? {} : { sets: flags.sets }),
  });
  const config = withOverrides(written, flags);
  return { config, environment: resolveEnvironment({ flags, config, processEnv: variables }) };
}
