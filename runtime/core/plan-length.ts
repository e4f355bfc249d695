import type { ScenarioLength, ScenarioPlan } from './plan.ts';

/** How long a load is: µs since its period began. */
export interface LoadLength {
  /** When its last scenario is planned to end; undefined when one ends by its iterations. */
  readonly plannedUs: number | undefined;
  /** When no iteration begins any more, whatever the plan. */
  readonly latestUs: number;
  /** When none goes on any more. */
  readonly withGraceUs: number;
}

/** The length of a load of one or more scenarios. */
export function lengthOf(scenarios: readonly Pick<ScenarioPlan, 'startTimeUs' | 'length' | 'gracefulStopUs'>[]): LoadLength {
  const latestOf = ({ startTimeUs, length }: (typeof scenarios)[number]): number => startTimeUs + longestUs(length);
  const latestUs = Math.max(0, ...scenarios.map(latestOf));
  return {
    plannedUs: scenarios.some(({ length }) => length.kind === 'iterations') ? undefined : latestUs,
    latestUs,
    withGraceUs: Math.max(0, ...scenarios.map((scenario) => latestOf(scenario) + scenario.gracefulStopUs)),
  };
}

/** After which no iteration of a scenario begins any more, µs since the scenario began. */
export function longestUs(length: ScenarioLength): number {
  return length.kind === 'iterations' ? length.durationUsMax : length.durationUs;
}
