import type { ScenarioPlan } from '../core/plan.ts';

/** When the last scenario is planned to end; undefined when one ends by its iterations. */
export function plannedLengthUs(scenarios: readonly ScenarioPlan[]): number | undefined {
  if (scenarios.some((plan) => plan.length.kind === 'iterations')) return undefined;
  return Math.max(...scenarios.map((plan) => plan.startTimeUs + (plan.length.kind === 'duration' ? plan.length.durationUs : 0)));
}
