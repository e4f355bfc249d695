import type { ThresholdPlan } from '../core/plan.ts';
import type { LiveThreshold, ThresholdResult } from '../core/run-json.ts';
import { marginRatioOf } from '../core/threshold-asked.ts';
import { standing } from './compare.ts';
import type { Measured } from './measured.ts';
import { namesOf, type Scale } from './scale.ts';

/** One for each threshold, in the order of the plan. */
export type LiveState = LiveThreshold[];

export type LiveOutcome = LiveThreshold['outcome'];

/** Whether the value meets the limit, as it stands. */
export function standsAt({ parsed }: ThresholdPlan, measured: Measured): LiveOutcome {
  if (measured.kind === 'no-data' || measured.kind === 'undecided') return measured.kind;
  if (measured.isOwn === true) return 'undecided';
  if (measured.kind === 'over-limit') return 'missed';
  return standing(measured, parsed);
}

/** A threshold over the whole of the run. */
export function liveOf(
  plan: ThresholdPlan,
  outcome: LiveOutcome,
  { measured, scale }: { measured: Measured; scale: Scale },
): LiveThreshold {
  const base = { ...namesOf(plan, scale), outcome, limit: plan.parsed.limit / scale.divisor, unit: scale.unit };
  if (measured.kind !== 'value') return base;
  const { samples } = measured;
  return withActual({ ...base, ...(samples === undefined ? {} : { samples }) }, measured.value / scale.divisor);
}

/** A threshold with a window. `now`: what the last stretch came to, if there was one */
export function liveOfWindow(
  plan: ThresholdPlan,
  result: ThresholdResult,
  { now, scale }: { now: Measured | undefined; scale: Scale },
): LiveThreshold {
  const { source, expression, asked, outcome, limit, unit, secondUnit } = result;
  const base = { source, expression, asked, outcome, limit, unit, ...(secondUnit === undefined ? {} : { secondUnit }) };
  const actual = plan.parsed.window?.kind === 'share' ? result.actual : now?.kind === 'value' ? now.value / scale.divisor : undefined;
  return actual === undefined ? base : withActual(base, actual);
}

function withActual(base: LiveThreshold, actual: number): LiveThreshold {
  const marginRatio = marginRatioOf({ ...base, actual });
  return { ...base, actual, ...(marginRatio === undefined ? {} : { marginRatio }) };
}
