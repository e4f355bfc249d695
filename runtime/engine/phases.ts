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

/** The parts when all from `atUs` on is one of its own. */
export function phasesWith(phases: readonly PhasePlan[], name: string, atUs: number): PhasePlan[] {
  const before = phases.filter(({ fromUs }) => fromUs < atUs).map((phase) => ({ ...phase, toUs: Math.min(phase.toUs, atUs) }));
  return [...before, { name, fromUs: atUs, toUs: Number.POSITIVE_INFINITY }];
}
