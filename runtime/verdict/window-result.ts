import type { ThresholdPlan, ThresholdWindow } from '../core/plan.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import { formatDurationUs } from '../core/units.ts';
import { leftOpen } from '../core/verdict-points.ts';
import { OWN_STALLS } from './own-stalls.ts';
import type { Scale } from './scale.ts';
import { namesOf, trimmed } from './scale.ts';
import type { StretchResult } from './stretch.ts';
import { outcomeOf, type WindowTally } from './window-tally.ts';
import { formatLimit, inVainText, labelOf, points } from './wording.ts';

type ForWindow = Extract<ThresholdWindow, { kind: 'for' }>;
type ShareWindow = Extract<ThresholdWindow, { kind: 'share' }>;

/** The result of a threshold with a window. */
export function windowResult(plan: ThresholdPlan, tally: WindowTally, scale: Scale): ThresholdResult {
  const window = plan.parsed.window as ThresholdWindow;
  return window.kind === 'for' ? ofStretches(plan, tally, { scale, window }) : ofSeconds(plan, tally, { scale, window });
}

/** The worst stretch is what was measured. */
function ofStretches(plan: ThresholdPlan, tally: WindowTally, { scale, window }: { scale: Scale; window: ForWindow }): ThresholdResult {
  const outcome = outcomeOf(tally, window);
  const { worst } = tally;
  const value = worst?.measured.kind === 'value' ? worst.measured.value : undefined;
  return {
    ...namesOf(plan, scale),
    ...(value === undefined || outcome === 'undecided' ? {} : { actual: value / scale.divisor }),
    limit: plan.parsed.limit / scale.divisor,
    unit: scale.unit,
    ...saidOf(tally, outcome, describeStretches(plan, tally, { scale, length: formatDurationUs(window.durationUs), outcome })),
    ...samplesOf(worst, outcome),
  };
}

function describeStretches(
  plan: ThresholdPlan,
  { missed, undecided, own, worst }: WindowTally,
  { scale, length, outcome }: { scale: Scale; length: string; outcome: ThresholdResult['outcome'] },
): string {
  const label = labelOf(plan);
  if (outcome === 'missed') {
    const times = missed === 1 ? `1 stretch of ${length}, ` : `${missed} stretches of ${length}, the worst `;
    return `${label} ${besideLimit(plan, scale)} in ${times}${worstText(plan, worst, scale)}`;
  }
  if (outcome === 'met')
    return `${label} ${withinLimit(plan, scale)} over every stretch of ${length}, the worst ${worstText(plan, worst, scale)}: met`;
  if (worst === undefined && undecided === 0) return `${label}: the run was shorter than a stretch of ${length}`;
  if (own > 0) return `${label} ${besideLimit(plan, scale)} in ${own === 1 ? '1 stretch' : `${own} stretches`} of ${length}`;
  return `${label}: too few samples in ${undecided === 1 ? '1 stretch' : `${undecided} stretches`} of ${length}`;
}

/** The share of seconds is what was measured. */
function ofSeconds(plan: ThresholdPlan, tally: WindowTally, { scale, window }: { scale: Scale; window: ShareWindow }): ThresholdResult {
  const outcome = outcomeOf(tally, window);
  const all = tally.met + tally.missed + tally.undecided;
  const ratio = all === 0 ? 0 : tally.met / all;
  return {
    ...namesOf(plan, scale),
    ...(outcome === 'undecided' ? {} : { actual: ratio }),
    limit: window.ratio,
    unit: 'ratio',
    secondUnit: scale.unit,
    ...saidOf(tally, outcome, describeSeconds(plan, tally, { scale, window, outcome })),
  };
}

function describeSeconds(
  plan: ThresholdPlan,
  { met, missed, undecided, own, worst }: WindowTally,
  { scale, window, outcome }: { scale: Scale; window: ShareWindow; outcome: ThresholdResult['outcome'] },
): string {
  const all = met + missed + undecided;
  const limit = `${trimmed(window.ratio * 100)}%`;
  const start = `${labelOf(plan)} ${withinLimit(plan, scale)} in`;
  const worstPart = worst === undefined ? '' : `; the worst ${worstText(plan, worst, scale)}`;
  if (all === 0) return `${labelOf(plan)}: no second was measured`;
  if (outcome === 'undecided' && own > 0) return `${start} ${met} of ${all} seconds, limit at least ${limit}, and ${own} that were missed`;
  if (outcome === 'undecided') return `${start} ${met} of ${all} seconds, ${undecided} with too few samples to tell whether it is ${limit}`;
  const share = `${start} ${trimmed((met / all) * 100)}% of seconds (${met} of ${all}), limit at least ${limit}`;
  return outcome === 'met' ? `${share}: met` : `${share}: missed by ${points(window.ratio - met / all)}${worstPart}`;
}

/** What was missed, and may have been for the generator's own stalls, is left open for them. */
function saidOf(
  { own }: WindowTally,
  outcome: ThresholdResult['outcome'],
  detail: string,
): Pick<ThresholdResult, 'outcome' | 'detail' | 'because'> {
  return outcome === 'undecided' && own > 0 ? leftOpen(detail, OWN_STALLS) : { outcome, detail };
}

function samplesOf(worst: StretchResult | undefined, outcome: ThresholdResult['outcome']): { samples?: number } {
  if (worst === undefined || outcome === 'undecided' || !('samples' in worst.measured)) return {};
  const { samples } = worst.measured;
  return samples === undefined ? {} : { samples };
}

/** `2.4s at 41–51 s` */
function worstText(plan: ThresholdPlan, worst: StretchResult | undefined, scale: Scale): string {
  if (worst === undefined) return 'unknown';
  const { measured, fromS, toS } = worst;
  const at = `at ${fromS}–${toS} s`;
  if (measured.kind === 'over-limit') return `with ${measured.waiting} of ${measured.samples} that ${inVainText(plan)}, ${at}`;
  return measured.kind === 'value' ? `${scale.format(measured.value)} ${at}` : at;
}

/** `over 2s`: on the wrong side. */
function besideLimit({ parsed }: ThresholdPlan, scale: Scale): string {
  const limit = scale.format(parsed.limit);
  switch (parsed.comparison) {
    case '<':
    case '<=':
      return `over ${limit}`;
    case '>':
    case '>=':
      return `under ${limit}`;
    case '==':
      return `other than ${limit}`;
    case '!=':
      return `at ${limit}`;
  }
}

/** `under 2s`: on the right side. */
function withinLimit({ parsed }: ThresholdPlan, scale: Scale): string {
  return parsed.comparison === '<' || parsed.comparison === '<=' ? `under ${scale.format(parsed.limit)}` : formatLimit(parsed, scale);
}
