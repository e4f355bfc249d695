import type { ScenarioLength, ThinkTime } from '../core/plan.ts';
import { hashOfText, uniformOf } from '../core/random.ts';

const SPAWN = hashOfText('spawn');
const THINK = hashOfText('think time');

/** Where a random choice of one VU stands: all of it follows from these numbers. */
export interface Coordinates {
  readonly seed: number;
  /** Index of the scenario in the plan. */
  readonly scenario: number;
  /** Number of the VU in the whole test. */
  readonly vu: number;
}

/**
 * How long after the beginning a VU that is there from the start begins: each has a slot of its own, and a jittered place in it.
 * @param v - 0-based number within the scenario, below `usersAtStart`
 */
export function spawnOffsetUs(at: Coordinates, v: number, over: { windowUs: number; usersAtStart: number }): number {
  return Math.floor((over.windowUs * (v + uniformOf(at.seed, SPAWN, at.scenario, at.vu))) / over.usersAtStart);
}

/** Think time after an iteration, drawn evenly from the range. */
export function thinkTimeUs(range: ThinkTime | undefined, at: Coordinates, iteration: number): number {
  if (range === undefined) return 0;
  const width = range.maxUs - range.minUs;
  return width === 0 ? range.minUs : Math.round(range.minUs + width * uniformOf(at.seed, THINK, at.scenario, at.vu, iteration));
}

/**
 * Iterations of its own that VU `v` of `users` does: those i below the total with i mod users = v, so a VU that came later has none.
 * Infinity when only time ends the scenario.
 */
export function iterationsOf(length: ScenarioLength, v: number, users: number): number {
  if (length.kind === 'duration') return Number.POSITIVE_INFINITY;
  return v < users ? Math.max(0, Math.ceil((length.iterations - v) / users)) : 0;
}

/** How many of the ticks `firstUs`, `firstUs + paceUs` … are before `beforeUs`; without a pace there is only the first. */
export function ticksBefore(beforeUs: number, firstUs: number, paceUs: number | undefined): number {
  if (firstUs >= beforeUs) return 0;
  return paceUs === undefined ? 1 : Math.ceil((beforeUs - firstUs) / paceUs);
}
