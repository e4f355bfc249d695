import type { PhasePlan } from '../core/plan.ts';

/**
 * Name of the shape's part that a moment belongs to; a part has its first µs and not its last.
 * @param atUs - µs since the scenario began
 * @returns empty when it is in none
 */
export function phaseAt(phases: readonly PhasePlan[], atUs: number): string {
  for (const phase of phases) if (atUs >= phase.fromUs && atUs < phase.toUs) return phase.name;
  return '';
}
