import { formatBytes, formatDurationUs, shortNumber } from '../core/units.ts';

/** What stands where nothing was measured: no data is not zero. */
export const NO_VALUE = 'n/a';

/** `212ms`, `1.23s`. @param ms undefined, null and what is not finite give {@link NO_VALUE} */
export function formatMs(ms: number | null | undefined): string {
  return isNumber(ms) ? formatDurationUs(ms * 1000) : NO_VALUE;
}

/** Seconds with three decimals, as the benchmark block has them: `0.892s`. */
export function formatSeconds(ms: number | null | undefined): string {
  return isNumber(ms) ? `${(ms / 1000).toFixed(3)}s` : NO_VALUE;
}

/**
 * `99.60%`. A share that is not whole is never rounded to 0 or 100 %: 199,999 of 200,000 is `99.99%`.
 * @param ratio 0 to 1
 */
export function formatRatio(ratio: number | null | undefined): string {
  if (!isNumber(ratio)) return NO_VALUE;
  const hundredths = Math.round(ratio * 10_000);
  const kept = ratio < 1 && hundredths === 10_000 ? 9_999 : ratio > 0 && hundredths === 0 ? 1 : hundredths;
  return `${(kept / 100).toFixed(2)}%`;
}

/** Two decimals: `27.10`. */
export function formatRate(perSecond: number): string {
  return isNumber(perSecond) ? perSecond.toFixed(2) : NO_VALUE;
}

/** A whole count, or what came when it is none. */
export function formatCount(count: number): string {
  return isNumber(count) ? String(count) : NO_VALUE;
}

/** One statistic of a metric, in the unit of the metric. `time` is in ms. */
export function formatStat(stat: string, value: number, metric: { type: string; unit?: string }): string {
  if (!isNumber(value)) return NO_VALUE;
  if (stat === 'count' && metric.type === 'trend') return String(value);
  if (stat === 'passes' || stat === 'fails') return String(value);
  if (metric.type === 'rate') return formatRatio(value);
  const inUnit = formatInUnit(value, metric.unit);
  return metric.type === 'counter' && stat === 'rate' ? `${inUnit}/s` : inUnit;
}

function formatInUnit(value: number, unit: string | undefined): string {
  if (unit === 'time' || unit === 'ms') return formatMs(value);
  if (unit === 'data' || unit === 'bytes') return formatBytes(value);
  return shortNumber(value, 3);
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
