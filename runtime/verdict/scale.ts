import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { formatNumber } from '../core/page-figures.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import type { MetricUnit } from '../core/records.ts';
import type { ThresholdResult } from '../core/run-json.ts';
import { askedOf } from '../core/threshold-asked.ts';
import { durationUsOf, formatBytes, formatDurationUs, shortNumber } from '../core/units.ts';
import type { MetricSource } from './metric-source.ts';

/** How the values of a threshold are given to people. */
export interface Scale {
  /** As in `ThresholdResult.unit`. */
  readonly unit: 'ms' | 'ratio' | 'per-second' | 'bytes' | 'count';
  /** From the recording unit to {@link unit}. */
  readonly divisor: number;
  /** A value in the recording unit as text. */
  readonly format: (value: number) => string;
  /** The same with all its digits. */
  readonly exactly: (value: number) => string;
}

const exact = (value: number): string => String(Number(value.toPrecision(12)));

const MS: Scale = { unit: 'ms', divisor: 1000, format: formatDurationUs, exactly: (us) => `${exact(us / 1000)}ms` };
const RATIO: Scale = {
  unit: 'ratio',
  divisor: 1,
  format: (value) => `${trimmed(value * 100)}%`,
  exactly: (value) => `${exact(value * 100)}%`,
};
const PER_SECOND: Scale = {
  unit: 'per-second',
  divisor: 1,
  format: (value) => `${trimmed(value)}/s`,
  exactly: (value) => `${exact(value)}/s`,
};
const BYTES_PER_SECOND: Scale = {
  unit: 'per-second',
  divisor: 1,
  format: (value) => `${bytes(value)}/s`,
  exactly: (value) => `${exact(value)} B/s`,
};
const BYTES: Scale = { unit: 'bytes', divisor: 1, format: bytes, exactly: (value) => `${exact(value)} B` };
const COUNT: Scale = { unit: 'count', divisor: 1, format: trimmed, exactly: exact };

export function scaleOf(plan: ThresholdPlan, source: Pick<MetricSource, 'definition'>): Scale {
  if (plan.special === 'rps') return PER_SECOND;
  if (plan.special === 'failure-rate' || plan.special === 'failed-checks') return RATIO;
  const definition = source.definition(plan.metric) ?? BUILT_IN_METRICS.find(({ name }) => name === plan.metric);
  const { kind } = plan.parsed.aggregate;
  const unit = definition?.unit ?? unitOfLimit(plan);
  if (kind === 'passes' || kind === 'fails') return COUNT;
  if (kind === 'rate')
    return definition === undefined || definition.type === 'rate' ? RATIO : unit === 'data' ? BYTES_PER_SECOND : PER_SECOND;
  return unit === 'time' ? MS : unit === 'data' ? BYTES : COUNT;
}

/** What a result says of its threshold. */
export function namesOf(plan: ThresholdPlan, { divisor }: Scale): Pick<ThresholdResult, 'source' | 'expression' | 'asked'> {
  return { source: plan.source, expression: plan.expression, asked: askedOf(plan, divisor) };
}

/** Short, without zeros at the end: `1,200`, 8.25, 0.0042; what is not 0 is never shown as such. */
export function trimmed(value: number): string {
  const size = Math.abs(value);
  return size >= 1000 ? formatNumber(value) : shortNumber(value, size >= 1 ? 2 : 4);
}

function bytes(value: number): string {
  return formatBytes(value);
}

/** The unit of a metric that recorded nothing, told by how its limit was read. */
function unitOfLimit({ parsed: { limit, limitText } }: ThresholdPlan): MetricUnit {
  const bare = Number(limitText);
  if (Number.isNaN(bare)) return durationUsOf(limitText) === undefined ? 'data' : 'time';
  return bare === limit ? 'default' : 'time';
}
