import type { ThresholdPlan, ThresholdWindow } from '../core/plan.ts';
import { wilson } from '../statistics/interval.ts';
import type { Measured } from './measured.ts';
import type { StretchResult } from './stretch.ts';
import { isFloor } from './threshold-kind.ts';

/** What became of all stretches of a threshold's window so far: counts and the worst one, whatever the length of the run. */
export interface WindowTally {
  met: number;
  missed: number;
  /** Too few samples. A `for` window forgets them when a later stretch has reached back to them. */
  undecided: number;
  /** Where the first of the undecided begins, in seconds. */
  undecidedFromS: number;
  /** Of the undecided those that were missed, and perhaps only for the generator's own stalls. */
  own: number;
  /** The one that came closest to missing, or missed by most. */
  worst: StretchResult | undefined;
  /** Some stretch was missed by more than chance. */
  hasCertainMiss: boolean;
}

export const NO_STRETCHES: Readonly<WindowTally> = {
  met: 0,
  missed: 0,
  undecided: 0,
  undecidedFromS: 0,
  own: 0,
  worst: undefined,
  hasCertainMiss: false,
};

/** The tally with one stretch more. */
export function withStretch(tally: Readonly<WindowTally>, result: StretchResult, plan: ThresholdPlan): WindowTally {
  const next = { ...tally };
  next[result.outcome]++;
  next.hasCertainMiss ||= result.isCertain;
  if (result.outcome === 'undecided') {
    if (tally.undecided === 0) next.undecidedFromS = result.fromS;
    if ('isOwn' in result.measured && result.measured.isOwn === true) next.own++;
    return next;
  }
  if (plan.parsed.window?.kind === 'for' && result.fromS <= tally.undecidedFromS) next.undecided = next.own = 0;
  if (tally.worst === undefined || isWorse(result, tally.worst, plan)) next.worst = result;
  return next;
}

/** What a window comes to, from the tally alone. */
export function outcomeOf({ met, missed, undecided }: WindowTally, window: ThresholdWindow): 'met' | 'missed' | 'undecided' {
  const all = met + missed + undecided;
  if (all === 0) return 'undecided';
  if (window.kind === 'for') return missed > 0 ? 'missed' : undecided > 0 ? 'undecided' : 'met';
  const needed = window.ratio * all - 1e-9; // a share such as 0.55 × 100 is 55.000…01
  if (met >= needed) return 'met';
  return met + undecided < needed ? 'missed' : 'undecided';
}

/**
 * Whether the miss is more than chance, and stays one: a stretch that missed for certain; of a share of seconds, its interval, and that no run
 * of good seconds can make up for the bad ones until the planned end.
 */
export function isCertainWindowMiss(tally: WindowTally, window: ThresholdWindow, plannedS: number): boolean {
  const { met, missed, hasCertainMiss } = tally;
  if (window.kind === 'for') return hasCertainMiss;
  const isLost = missed > (1 - window.ratio) * plannedS + 1e-9;
  return isLost && wilson(met, met + missed).high < window.ratio;
}

function isWorse(a: StretchResult, b: StretchResult, plan: ThresholdPlan): boolean {
  if (a.outcome !== b.outcome) return a.outcome === 'missed';
  const [badnessA, badnessB] = [badnessOf(a.measured, plan), badnessOf(b.measured, plan)];
  return badnessA > badnessB;
}

function badnessOf(measured: Measured, plan: ThresholdPlan): number {
  if (measured.kind === 'over-limit') return Number.POSITIVE_INFINITY;
  if (measured.kind !== 'value') return Number.NEGATIVE_INFINITY;
  const { comparison, limit } = plan.parsed;
  if (comparison === '==' || comparison === '!=') return Math.abs(measured.value - limit);
  return isFloor(plan) ? -measured.value : measured.value;
}
