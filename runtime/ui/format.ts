export {
  counted,
  formatAxisSeconds,
  formatBytes,
  formatInUnit,
  formatMs,
  formatNumber,
  formatRatio,
  formatSeconds,
  isBlank,
  shortScript,
  shortThreshold,
} from '../core/page-figures.ts';

/** `14:05:09` of this browser's day. */
export function formatClock(ms: number): string {
  const at = new Date(ms);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `2026-11-22 14:05` of this browser's day. */
export function formatDay(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

const two = (value: number): string => String(value).padStart(2, '0');
