import type { ValueRange } from '../core/buckets.ts';
import { formatRatio } from '../core/page-figures.ts';
import type { Aggregate, ThresholdExpression, ThresholdPlan } from '../core/plan.ts';
import { STREAM } from '../core/roles.ts';
import { type Scale, trimmed } from './scale.ts';

/** What a closed model cannot see. */
export const CLOSED_MODEL_LIMIT = 'concurrency was the limit; a slow target was offered less';

/** What a run says of its load model; undefined when all of it was open. @param model - undefined: closed, in files of older versions */
export function modelNote(model: 'closed' | 'open' | 'mixed' | undefined): string | undefined {
  if (model === 'open') return undefined;
  return `${model === 'mixed' ? 'Where the model is closed' : 'Closed model'}: ${CLOSED_MODEL_LIMIT}.`;
}

const SHORT_NAMES: Partial<Record<NonNullable<ThresholdPlan['special']>, string>> = {
  'failure-rate': 'failure rate',
  rps: 'successful requests',
  'failed-checks': 'failed checks',
  'iteration-errors': 'iteration errors',
};

/** What was measured, in a word or two: `p95`, `failure rate`. */
export function labelOf({ special, parsed }: ThresholdPlan): string {
  return (special && SHORT_NAMES[special]) ?? aggregateName(parsed.aggregate);
}

/** What became of those that waited past a limit and were cut off: `never got an answer in time`. */
export function inVainText({ metric }: Pick<ThresholdPlan, 'metric'>): string {
  return `never got ${WAITED_FOR[metric] ?? 'an answer'} in time`;
}

const WAITED_FOR: Readonly<Record<string, string>> = {
  [STREAM.firstEventDue]: 'a first event',
  [STREAM.firstTokenDue]: 'a first token',
  [STREAM.gap]: 'their next event',
  [STREAM.tokenGap]: 'their next token',
};

function aggregateName(aggregate: Aggregate): string {
  return aggregate.kind === 'percentile' ? `p${trimmed(aggregate.ratio * 100)}` : aggregate.kind;
}

/** `100ms`; the comparison is said where it is not the common "under". */
export function formatLimit({ comparison, limit }: ThresholdExpression, scale: Scale): string {
  const text = scale.format(limit);
  if (comparison === '<' || comparison === '<=') return text;
  if (comparison === '>') return `more than ${text}`;
  if (comparison === '>=') return `at least ${text}`;
  return comparison === '==' ? `exactly ${text}` : `anything but ${text}`;
}

/** A value beside its limit: with more digits where the two would read the same and are not. */
export function valueText(value: number, { limit }: ThresholdExpression, scale: Scale): string {
  const text = scale.format(value);
  return value !== limit && text === scale.format(limit) ? scale.exactly(value) : text;
}

/** `499.712ms to 500.223ms` */
export function rangeText({ low, high }: ValueRange, scale: Scale): string {
  return `${scale.exactly(low)} to ${scale.exactly(high)}`;
}

/** `missed by 112ms (+112%)`; without a share when the limit is 0. */
export function missText(value: number, { comparison, limit }: ThresholdExpression, scale: Scale): string {
  if (comparison === '!=') return 'missed';
  if (value === limit) return 'missed, it is the limit itself';
  const distance = Math.abs(value - limit);
  const by = scale.unit === 'ratio' ? points(distance) : scale.format(distance);
  if (limit === 0) return `missed by ${by}`;
  const share = (value - limit) / Math.abs(limit);
  return `missed by ${by} (${share >= 0 ? '+' : ''}${formatRatio(share)})`;
}

export function points(ratio: number): string {
  const text = trimmed(ratio * 100);
  return `${text} percentage ${text === '1' ? 'point' : 'points'}`;
}
