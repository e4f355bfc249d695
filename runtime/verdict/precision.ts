import { counted, formatNumber } from '../core/page-figures.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { HTTP } from '../core/roles.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import type { Interval } from '../statistics/interval.ts';
import { highestJudgeable, samplesToTell } from '../statistics/samples-needed.ts';
import { type Basis, canHold, canMiss, intervalOf, worthOf } from './certainty.ts';
import type { Measured } from './measured.ts';
import { isEstimate, type MissAccount, missAccountOf } from './miss-account.ts';
import type { Scale } from './scale.ts';
import { trimmed } from './scale.ts';

/** How surely a threshold was met or missed. */
export interface Precision {
  /** What a result says of it. */
  readonly fields: Pick<ThresholdResult, 'interval' | 'samplesNeeded' | 'secondsNeeded' | 'isWeak'>;
  /** For people, in brackets behind the outcome; empty where it is no weaker than it looks. */
  readonly text: string;
}

const NOTHING: Precision = { fields: {}, text: '' };

/** Of an estimate; a count, a maximum or the last value is what it is. @param isDecided - whether it was met or missed, and so may be weak */
export function precisionOf(
  plan: ThresholdPlan,
  measured: Measured,
  { basis, scale, isDecided }: { basis: Basis; scale: Scale; isDecided: boolean },
): Precision {
  if (!isEstimate(plan)) return NOTHING;
  const interval = intervalOf(plan, measured, basis);
  if (interval === undefined) return NOTHING;
  const { comparison, limit } = plan.parsed;
  const account = missAccountOf(plan, measured, basis);
  // a share of which nothing is allowed is missed by the first, and no number of samples shows that there is none
  const canBeTold = account !== undefined && (account.kind !== 'share' || (account.allowed > 0 && account.allowed < 1));
  const isWeak = isDecided && canBeTold && canHold(interval, comparison, limit) && canMiss(interval, comparison, limit);
  const needed = neededOf(plan, measured, { basis, interval, account });
  const fields = {
    interval: {
      // what never got an answer in time is over the limit, and nobody knows by how much
      low: ended((interval.low === Number.POSITIVE_INFINITY ? limit : interval.low) / scale.divisor),
      high: ended(interval.high / scale.divisor),
      ...worthIn(plan, measured, basis),
    },
    ...needed,
    ...(isWeak ? { isWeak } : {}),
  } as const;
  return { fields, text: isWeak ? weakText(plan, measured, { interval, scale, needed, fields, basis }) : '' };
}

function ended(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function samplesIn(measured: Measured): number | undefined {
  return 'samples' in measured ? measured.samples : undefined;
}

/** Said where the samples hang together: as many as are told of are not there. */
function worthIn(plan: ThresholdPlan, measured: Measured, { tally }: Basis): { effectiveSamples?: number } {
  const { aggregate } = plan.parsed;
  const samples = samplesIn(measured);
  if (samples === undefined || tally === undefined || aggregate.kind === 'avg') return {};
  const worth = worthOf(samples, tally.weight(aggregate.kind === 'percentile' ? aggregate.ratio : undefined));
  return worth < samples ? { effectiveSamples: worth } : {};
}

type Needed = Pick<ThresholdResult, 'samplesNeeded' | 'secondsNeeded'>;

/** What it would take to tell a result like this from its limit. */
function neededOf(
  plan: ThresholdPlan,
  measured: Measured,
  { basis, interval, account }: { basis: Basis; interval: Interval; account: MissAccount | undefined },
): Needed {
  if (account === undefined) return {};
  const { aggregate, limit } = plan.parsed;
  if (account.kind === 'share') {
    const weight = basis.tally?.weight(aggregate.kind === 'percentile' ? aggregate.ratio : undefined);
    const needed = samplesToTell({ share: account.bad / account.of, limit: account.allowed, inflation: weight?.factor ?? 1 });
    return needed === undefined ? {} : { samplesNeeded: needed };
  }
  if (measured.kind !== 'value' || measured.value === limit || basis.seconds <= 0) return {};
  const half = limit > measured.value ? interval.high - measured.value : measured.value - interval.low;
  const seconds = Math.ceil(basis.seconds * (half / (limit - measured.value)) ** 2);
  return Number.isFinite(seconds) && seconds > 0 ? { secondsNeeded: seconds } : {};
}

interface Weak {
  readonly interval: Interval;
  readonly scale: Scale;
  readonly needed: Needed;
  readonly fields: Precision['fields'];
  readonly basis: Basis;
}

/** `weak: by chance anything from 45ms to 60ms, needs about 1,200 more requests` */
function weakText(plan: ThresholdPlan, measured: Measured, { interval, scale, needed, fields, basis }: Weak): string {
  const more = moreText(needed, { samples: samplesIn(measured) ?? 0, seconds: basis.seconds, noun: nounOf(plan) });
  return `weak: by chance ${rangeOf(interval, scale)}${more}${judgeableText(plan, interval, fields.interval?.effectiveSamples ?? samplesIn(measured))}`;
}

function rangeOf({ low, high }: Interval, scale: Scale): string {
  const [hasLow, hasHigh] = [Number.isFinite(low), Number.isFinite(high)];
  if (hasLow && hasHigh) return `anything from ${scale.format(low)} to ${scale.format(high)}`;
  if (hasLow) return `${scale.format(low)} or any more`;
  return hasHigh ? `${scale.format(high)} or any less` : 'anything';
}

function moreText(
  { samplesNeeded, secondsNeeded }: Needed,
  { samples, seconds, noun }: { samples: number; seconds: number; noun: string },
): string {
  if (samplesNeeded !== undefined && samplesNeeded > samples)
    return `, needs about ${counted(rounded(samplesNeeded - samples), `more ${noun}`)}`;
  if (secondsNeeded !== undefined && secondsNeeded > seconds)
    return `, needs about ${formatNumber(rounded(secondsNeeded - seconds))} s more`;
  return '';
}

const REQUEST_METRICS: ReadonlySet<string> = new Set(Object.values(HTTP));

function nounOf({ special, metric }: ThresholdPlan): string {
  if (special === 'failed-checks' || metric === 'checks') return 'check';
  return special === 'latency' || special === 'failure-rate' || REQUEST_METRICS.has(metric) ? 'request' : 'sample';
}

/** Two digits: it is an estimate, and never too low. */
function rounded(value: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / step - 1e-9) * step;
}

/** Where nothing bounds a percentile: which one so many samples would bound. */
function judgeableText({ parsed: { aggregate } }: ThresholdPlan, { low, high }: Interval, samples: number | undefined): string {
  if (aggregate.kind !== 'percentile' || samples === undefined || (Number.isFinite(low) && Number.isFinite(high))) return '';
  const highest = highestJudgeable(samples);
  if (highest !== undefined && highest >= aggregate.ratio) return '';
  return highest === undefined ? '; so few judge no percentile' : `; so many judge p${trimmed(highest * 100)} at most`;
}
