import type { ThresholdPlan } from '../core/plan.ts';
import type { LiveThreshold, ThresholdResult } from '../core/run-json.ts';
import { marginRatioOf } from '../core/threshold-asked.ts';
import { standing } from './compare.ts';
import type { Measured } from './measured.ts';
import { OWN_STALLS } from './own-stalls.ts';
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
  const why = outcome === 'undecided' ? whyOpen(measured) : undefined;
  const base = {
    ...namesOf(plan, scale),
    outcome,
    limit: plan.parsed.limit / scale.divisor,
    unit: scale.unit,
    ...(why === undefined ? {} : { because: why }),
  };
  if (measured.kind !== 'value') return base;
  const { samples } = measured;
  return withActual({ ...base, ...(samples === undefined ? {} : { samples }) }, measured.value / scale.divisor);
}

/** As its result would say it. Undefined: the value is closer to the limit than can be told, which the two figures say. */
function whyOpen(measured: Measured): string | undefined {
  if (measured.kind === 'undecided') return measured.because;
  return measured.kind !== 'no-data' && measured.isOwn === true ? OWN_STALLS : undefined;
}

/** A threshold with a window. `now`: what the last stretch came to, if there was one */
export function liveOfWindow(
  plan: ThresholdPlan,
  result: ThresholdResult,
  { now, scale }: { now: Measured | undefined; scale: Scale },
): LiveThreshold {
  const { source, expression, asked, outcome, limit, unit, secondUnit, because } = result;
  const base = {
    ...{ source, expression, asked, outcome, limit, unit },
    ...(secondUnit === undefined ? {} : { secondUnit }),
    ...(outcome === 'undecided' && because !== undefined ? { because } : {}),
  };
  const actual = plan.parsed.window?.kind === 'share' ? result.actual : now?.kind === 'value' ? now.value / scale.divisor : undefined;
  return actual === undefined ? base : withActual(base, actual);
}

function withActual(base: LiveThreshold, actual: number): LiveThreshold {
  const marginRatio = marginRatioOf({ ...base, actual });
  return { ...base, actual, ...(marginRatio === undefined ? {} : { marginRatio }) };
}
