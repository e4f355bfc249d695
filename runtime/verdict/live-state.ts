import type { ThresholdPlan } from '../core/plan.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import { marginOf } from '../core/threshold-text.ts';
import { standing } from './compare.ts';
import type { Measured } from './measured.ts';
import type { Scale } from './scale.ts';
import { isFloor } from './threshold-kind.ts';

/** Where a threshold stands while the run goes on: plain JSON, the same for the terminal and for the web UI. */
export interface LiveThreshold {
  source: string;
  expression: string;
  /** So far. `undecided`: it may still become one or the other, such as a count that is not reached yet. */
  outcome: ThresholdResult['outcome'];
  /** In {@link unit}, as in `ThresholdResult`. Absent without data, and when it is over the limit by an unknown amount. */
  actual?: number;
  limit: number;
  unit: string;
  /** As in `ThresholdResult`. */
  secondUnit?: string;
  samples?: number;
  /** Why it is undecided although there is a value: what the generator did to it, in the words of the final verdict. Absent otherwise. */
  because?: string;
  /** How far it is from the limit as a share of the limit; below 0 on the wrong side. Absent where that means nothing. */
  marginRatio?: number;
}

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
  const { source, expression, parsed } = plan;
  const base = { source, expression, outcome, limit: parsed.limit / scale.divisor, unit: scale.unit };
  if (measured.kind !== 'value') return base;
  const { samples } = measured;
  return {
    ...base,
    actual: measured.value / scale.divisor,
    ...(samples === undefined ? {} : { samples }),
    ...marginAt(plan, measured.value),
  };
}

/** A threshold with a window. `now`: what the last stretch came to, if there was one */
export function liveOfWindow(
  plan: ThresholdPlan,
  result: ThresholdResult,
  { now, scale }: { now: Measured | undefined; scale: Scale },
): LiveThreshold {
  const { source, expression, outcome, limit, unit, secondUnit } = result;
  const base = { source, expression, outcome, limit, unit, ...(secondUnit === undefined ? {} : { secondUnit }) };
  if (plan.parsed.window?.kind === 'share')
    return result.actual === undefined
      ? base
      : { ...base, actual: result.actual, ...withMargin(marginOf({ actual: result.actual, limit }, SHARE)) };
  if (now?.kind !== 'value') return base;
  return { ...base, actual: now.value / scale.divisor, ...marginAt(plan, now.value) };
}

/** More seconds are better. */
const SHARE = { isFloor: true, isExact: false };

function marginAt(plan: ThresholdPlan, value: number): { marginRatio?: number } {
  const { limit, comparison } = plan.parsed;
  return withMargin(marginOf({ actual: value, limit }, { isFloor: isFloor(plan), isExact: comparison === '==' || comparison === '!=' }));
}

function withMargin(marginRatio: number | undefined): { marginRatio?: number } {
  return marginRatio === undefined ? {} : { marginRatio };
}
