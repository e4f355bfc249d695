// Figures as people read them, everywhere: console, live view, Markdown, JUnit, report and pages. How a time and an amount of bytes is spelled is in
// `units.ts`. Others are only the block that other tools read (`report/benchmark-block.ts`), files for programs, and Locust's CSV.

import { formatBytes as bytesInWords, formatDurationUs } from './units.ts';

/** Nothing known is a dash: no data is not zero. */
export const NONE = '–';

/** Whether a cell of a table says nothing: a column of such cells is left out. */
export const isBlank = (text: string): boolean => text.trim() === '' || text.trim() === NONE;

/** `8.44ms`, `212ms`, `1.53s`: as the console spells it, and as a threshold is written. */
export function formatMs(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return NONE;
  return ms === 0 ? '0ms' : formatDurationUs(ms * 1000);
}

/** `12,345`, `3.2`; what is not 0 never reads as 0: `0.0004`. */
export function formatNumber(value: number | null | undefined, digitsMax = 1): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return NONE;
  const text = value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? digitsMax : 0 });
  return value !== 0 && Number(text) === 0 ? String(Number(value.toPrecision(2))) : text;
}

/** `1 user`, `2,000 users`. */
export function counted(count: number, what: string): string {
  return `${formatNumber(count)} ${what}${count === 1 ? '' : 's'}`;
}

/**
 * A ratio of 0 to 1 as a share is typed in a threshold: `12.3%`, `1.24%`, `0.17%`: three digits at most. What is not nothing never reads as 0%, and what is not all never
 * as 100%: 0.996 is `99.6%`.
 */
export function formatRatio(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return NONE;
  const percent = ratio * 100;
  const size = Math.abs(percent);
  if (size !== 0 && size < 0.01) return `${percent < 0 ? '−' : ''}< 0.01%`;
  if (percent > 99 && percent < 100) return percent < 99.995 ? `${trimmed(percent.toFixed(2))}%` : '> 99.99%';
  if (size >= 1000) return `${formatNumber(percent)}%`;
  return `${trimmed(percent.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0))}%`;
}

/** `640 B`, `1.2 MB`; decimal. */
export function formatBytes(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined || !Number.isFinite(bytes) ? NONE : bytesInWords(Math.round(bytes));
}

/** Whole seconds: `45s`, `2m 5s`, `1h 4m`. */
export function formatSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NONE;
  const whole = Math.round(seconds);
  return whole === 0 ? '0s' : formatDurationUs(whole * 1_000_000);
}

/** Seconds on the axis of a chart: `0:45`, `12:05`, `1:04:00`. */
export function formatAxisSeconds(seconds: number): string {
  const s = Math.round(seconds);
  if (s < 0) return '';
  const minutes = Math.floor(s / 60);
  return minutes < 60 ? `${minutes}:${two(s % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(s % 60)}`;
}

/** Between two labels of the time: whole seconds, for no two labels may read alike. */
export const TIME_STEPS_S = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

/** Between two labels of an axis of what is counted in ones, such as users and bytes: there is no half of one. */
export const WHOLE_STEPS = [1, 2, 5].flatMap((step) => Array.from({ length: 15 }, (_, i) => step * 10 ** i)).sort((a, b) => a - b);

/** A threshold's figure in its unit: `ms`, `ratio`, `per-second`, `bytes` or `count`. */
export function formatInUnit(value: number | null | undefined, unit: string): string {
  if (unit === 'ms') return formatMs(value);
  if (unit === 'ratio') return formatRatio(value);
  if (unit === 'bytes') return formatBytes(value);
  return unit === 'per-second' && value !== undefined && value !== null ? `${formatNumber(value)}/s` : formatNumber(value, 2);
}

/** One statistic of a metric, in the unit of the metric; counts stay counts whatever it is in. */
export function formatStat(stat: string, value: number, { type, unit }: { type: string; unit?: string }): string {
  if (stat === 'passes' || stat === 'fails' || (stat === 'count' && type !== 'counter')) return formatNumber(value);
  if (type === 'rate' && stat === 'rate') return formatRatio(value);
  const inUnit =
    unit === 'ms' || unit === 'time' ? formatMs(value) : unit === 'bytes' || unit === 'data' ? formatBytes(value) : formatNumber(value, 3);
  return stat === 'rate' ? `${inUnit}/s` : inUnit;
}

/** `thresholds.max_p95` → `max_p95`: that it is one goes without saying. */
export function shortThreshold(source: string): string {
  return source.replace(/^thresholds\./, '');
}

/** `scripts/predict.ts` → `predict`. */
export function shortScript(path: string): string {
  return (path.split(/[\\/]/).pop() ?? path).replace(/\.[cm]?[jt]s$/, '');
}

const two = (value: number): string => String(value).padStart(2, '0');
const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
