import type { ScenarioPlan } from '../core/plan.ts';
import { closedPartOf } from './closed-load.ts';
import type { LoadContext, LoadSettings } from './load-settings.ts';
import { openPartOf } from './open-load.ts';

const GRACEFUL_STOP_US_DEFAULT = 30_000_000;

/** What a scenario has besides its load. */
interface ScenarioExtras {
  readonly name: string;
  readonly exec: string;
  readonly startTimeUs?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * A scenario of the plan, with every default filled in; VU numbers are given out later.
 * @throws {ConfigError} for a load that cannot be, such as stages without a user
 */
export function scenarioPlanOf(settings: LoadSettings, extras: ScenarioExtras, context: LoadContext): ScenarioPlan {
  const frame = {
    name: extras.name,
    exec: extras.exec,
    vuOffset: 0,
    extraVuOffset: 0,
    startTimeUs: extras.startTimeUs ?? 0,
    gracefulStopUs: settings.gracefulStopUs ?? GRACEFUL_STOP_US_DEFAULT,
    ...(settings.iterationUsMin === undefined ? {} : { iterationUsMin: settings.iterationUsMin }),
    tags: extras.tags ?? {},
    env: extras.env ?? {},
  };
  return settings.open === undefined
    ? { ...frame, ...closedPartOf(settings, context) }
    : { ...frame, ...openPartOf({ ...settings, open: settings.open }, context) };
}
