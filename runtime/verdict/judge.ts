import type { ThresholdPlan } from '../core/plan.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import { leftOpen } from '../core/verdict-points.ts';
import type { MetricStore } from '../record/store.ts';
import type { Basis } from './certainty.ts';
import { standing } from './compare.ts';
import { measure } from './measure.ts';
import type { Measured } from './measured.ts';
import { type MetricSource, sourceOf } from './metric-source.ts';
import { causeOfLowRate, type OfferedLoad } from './offered-load.ts';
import { OWN_STALLS } from './own-stalls.ts';
import { precisionOf } from './precision.ts';
import { namesOf, type Scale, scaleOf } from './scale.ts';
import type { SecondsTally } from './seconds-tally.ts';
import { isFloor } from './threshold-kind.ts';
import { formatLimit, inVainText, labelOf, missText, rangeText, valueText } from './wording.ts';

/** Samples that should lie beyond a percentile for it to be more than an anecdote. */
const TAIL_SAMPLES_MIN = 5;

/** What the judgement rests on beside the totals. */
export interface JudgedWindow {
  /** After warm-up, to the planned end, in seconds: what rates are divided by. */
  readonly measuredS: number;
  /** Of the thresholds with a window: what `LiveJudge.finish` gave. Without it they are undecided. */
  readonly windows?: ReadonlyMap<ThresholdPlan, ThresholdResult>;
  /** How each threshold over the whole run was spread over its seconds: `LiveJudge.tallies`. Without it samples are taken for independent. */
  readonly tallies?: ReadonlyMap<ThresholdPlan, SecondsTally>;
  /** Why a rate is low: said where one is missed. */
  readonly offered?: OfferedLoad;
}

/**
 * Every threshold against what the run measured, over the measured and the drain period, per-second numbers over the measured one alone.
 * Without data the outcome is `no-data`, never `met`.
 */
export function judgeThresholds(plans: readonly ThresholdPlan[], store: MetricStore, window: JudgedWindow): ThresholdResult[] {
  const source = sourceOf(store);
  return plans.map((plan) => withCause(plan, judge(plan, source, window), window.offered));
}

function judge(plan: ThresholdPlan, source: MetricSource, { measuredS, windows, tallies }: JudgedWindow): ThresholdResult {
  const scale = scaleOf(plan, source);
  const measured = measure(plan, source, measuredS);
  const basis = { source, seconds: measuredS, isOpen: false, tally: tallies?.get(plan) };
  if (plan.parsed.window === undefined || measured.kind === 'no-data' || measured.kind === 'undecided')
    return resultOf(plan, measured, { scale, basis });
  const because = 'its window needs the run second by second, and only totals are left';
  return windows?.get(plan) ?? resultOf(plan, { kind: 'undecided', because }, { scale, basis });
}

/** A missed rate always names its cause. */
function withCause(plan: ThresholdPlan, result: ThresholdResult, offered: OfferedLoad | undefined): ThresholdResult {
  const { outcome, unit, secondUnit, actual = 0, limit, detail } = result;
  const isLowRate = outcome === 'missed' && (secondUnit ?? unit) === 'per-second' && isFloor(plan);
  if (!isLowRate || offered === undefined) return result;
  return { ...result, detail: `${detail}; ${causeOfLowRate(offered, actual / limit)}` };
}

/** The result of a threshold over the whole of a run or of a segment. */
export function resultOf(plan: ThresholdPlan, measured: Measured, { scale, basis }: { scale: Scale; basis: Basis }): ThresholdResult {
  const { parsed } = plan;
  const label = labelOf(plan);
  const limitText = formatLimit(parsed, scale);
  const base = { ...namesOf(plan, scale), limit: parsed.limit / scale.divisor, unit: scale.unit };
  switch (measured.kind) {
    case 'no-data':
      return {
        ...base,
        outcome: 'no-data',
        detail: `${label}: ${measured.because}, limit ${limitText}`,
        ...(measured.why === undefined ? {} : { because: measured.why }),
        ...(measured.isExcused ? { isExcused: true } : {}),
      };
    case 'undecided':
      return { ...base, outcome: 'undecided', detail: `${label}: ${measured.because}` };
    case 'over-limit': {
      const { fields, text } = precisionOf(plan, measured, { basis, scale, isDecided: measured.isOwn !== true });
      const missed = `missed, ${measured.waiting} of ${measured.samples} ${inVainText(plan)}${text === '' ? '' : ` (${text})`}`;
      const detail = `${label} over ${scale.format(parsed.limit)}, limit ${limitText}: ${missed}`;
      return { ...base, ...missedOr(measured, detail), samples: measured.samples, ...fields };
    }
    case 'value':
      return ofValue(plan, measured, { scale, basis, base });
  }
}

function ofValue(
  plan: ThresholdPlan,
  measured: Extract<Measured, { kind: 'value' }>,
  { scale, basis, base }: { scale: Scale; basis: Basis; base: Omit<ThresholdResult, 'outcome' | 'detail'> },
): ThresholdResult {
  const { parsed } = plan;
  const { value, samples, range } = measured;
  const outcome = standing(measured, parsed);
  const isThin = samples !== undefined && parsed.aggregate.kind === 'percentile' && isTooFew(samples, parsed.aggregate.ratio);
  const said = range === undefined || outcome !== 'undecided' ? valueText(value, parsed, scale) : rangeText(range, scale);
  const ending = { met: 'met', missed: missText(value, parsed, scale), undecided: 'closer to the limit than the histogram can tell' };
  const isDecided = outcome === 'met' || (outcome === 'missed' && measured.isOwn !== true);
  const { fields, text } = precisionOf(plan, measured, { basis, scale, isDecided });
  const remarks = [...(isThin ? [`${samples} samples only`] : []), ...(text === '' ? [] : [text])].join('; ');
  const detail = `${labelOf(plan)} ${said}, limit ${formatLimit(parsed, scale)}: ${ending[outcome]}${remarks === '' ? '' : ` (${remarks})`}`;
  return {
    ...base,
    ...(outcome === 'missed' ? missedOr(measured, detail) : { outcome, detail }),
    actual: value / scale.divisor,
    ...(samples === undefined ? {} : { samples }),
    ...(isThin ? { isThin } : {}),
    ...fields,
  };
}

/** A miss that the generator may have made itself is none. */
function missedOr({ isOwn }: { readonly isOwn?: true }, detail: string): Pick<ThresholdResult, 'outcome' | 'detail' | 'because'> {
  return isOwn === true ? leftOpen(detail, OWN_STALLS) : { outcome: 'missed', detail };
}

/** p95 asks for 100 samples, p99 for 500; the extremes are exact at any number. */
function isTooFew(samples: number, ratio: number): boolean {
  return ratio > 0 && ratio < 1 && samples * Math.min(ratio, 1 - ratio) < TAIL_SAMPLES_MIN - 1e-9;
}
