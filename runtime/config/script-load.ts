import { ConfigError } from '../core/errors.ts';
import type { SampledShape, Stage } from './levels.ts';
import type { LoadSettings, OpenSettings } from './load-settings.ts';
import { thinkTimeOf } from './profile-load.ts';
import type { Executor } from './profile-schema.ts';
import { SECOND_US } from './rate-text.ts';
import type { ScriptOptions, ScriptScenario } from './script-options-schema.ts';
import { optionDurationUs } from './script-options-schema.ts';
import { executorOf } from './script-scenario-rules.ts';

/** Load of script options without scenarios: k6's shortcuts. @throws {ConfigError} for those that do not go together */
export function settingsOfOptions(options: ScriptOptions): LoadSettings {
  const where = 'options';
  const lengths = (['iterations', 'stages', 'shape'] as const).filter((key) => options[key] !== undefined);
  if (lengths.length > 1) throw new ConfigError(where, `expected ${lengths[0]} or ${lengths[1]}; got both`);
  if (options.duration !== undefined && options.stages !== undefined) throw new ConfigError(where, 'expected duration or stages; got both');
  if (options.vus !== undefined && options.shape !== undefined) throw new ConfigError(where, 'expected vus or shape; got both');
  const { vus, iterations } = options;
  if (iterations !== undefined && vus !== undefined && iterations < vus)
    throw new ConfigError('options.iterations', `expected at least as many iterations as users, ${vus}; got ${iterations}`);
  return {
    where,
    users: vus,
    durationUs: usOf(options.duration),
    iterations,
    stages: stagesOf(options.stages),
    sampled: sampledOf(options.shape),
    spawnRatePerSecond: options.spawnRate,
    thinkTime: thinkTimeOf(options.thinkTime),
  };
}

/** Load of one of the script's scenarios that its schema found in order. */
export function settingsOfScenario(where: string, scenario: ScriptScenario): LoadSettings {
  const executor = executorOf(scenario) as Executor;
  return {
    where,
    executor,
    users: executor === 'ramping-vus' ? scenario.startVUs : scenario.vus,
    durationUs: usOf(scenario.maxDuration ?? scenario.duration),
    iterations: executor === 'shared-iterations' ? (scenario.iterations ?? 1) : scenario.iterations,
    stages: stagesOf(scenario.stages),
    sampled: sampledOf(scenario.shape),
    spawnRatePerSecond: scenario.spawnRate,
    thinkTime: thinkTimeOf(scenario.thinkTime),
    gracefulStopUs: usOf(scenario.gracefulStop),
    gracefulRampDownUs: usOf(scenario.gracefulRampDown),
    open: executor.endsWith('-arrival-rate') ? openOf(scenario) : undefined,
  };
}

function openOf(scenario: ScriptScenario): OpenSettings {
  const ready = scenario.preAllocatedVUs ?? 0;
  return {
    rate: scenario.rate ?? scenario.startRate ?? 0,
    timeUnitUs: usOf(scenario.timeUnit) ?? SECOND_US,
    usersMax: scenario.maxVUs ?? ready,
    preAllocatedUsers: ready,
    arrivals: scenario.arrivals,
    onBusy: scenario.onBusy ?? 'queue',
  };
}

function usOf(value: string | number | undefined): number | undefined {
  return value === undefined ? undefined : optionDurationUs(value);
}

function stagesOf(stages: ScriptOptions['stages']): Stage[] | undefined {
  return stages?.map(({ duration, target }) => ({ durationUs: usOf(duration) ?? 0, target }));
}

function sampledOf(shape: ScriptOptions['shape']): SampledShape | undefined {
  return shape === undefined ? undefined : { values: shape.samples, everyUs: Math.round(shape.everyMs * 1000) };
}
