import { ConfigError } from './errors.ts';

const US_PER: Record<string, number> = { us: 1, µs: 1, ms: 1000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 };

/** What a duration may look like, for messages. */
export const DURATION_SHAPE = 'a duration such as "30s", "1m30s" or "500ms"';

/**
 * Reads `30s`, `1m30s`, `500ms`, `1.5h`, `0s`.
 * @returns µs; undefined when the text is no duration (a bare number is none: it has no unit); nor is what no whole number of µs can be
 */
export function durationUsOf(text: string): number | undefined {
  const us = exactDurationUsOf(text);
  return us === undefined ? undefined : Math.round(us);
}

/** As {@link durationUsOf}, with the fractions of a µs that the text has. */
export function exactDurationUsOf(text: string): number | undefined {
  const parts = text.trim().match(/^(?:\d+(?:\.\d+)?(?:us|µs|ms|s|m|h|d))+$/);
  if (parts === null) return undefined;
  let totalUs = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|m|h|d)/g))
    totalUs += Number(amount) * (US_PER[unit as string] as number);
  return Number.isSafeInteger(Math.round(totalUs)) ? usOfMs(totalUs / 1000) : undefined;
}

/** As a time in ms means it: `0.0004` is 0.4 µs; without the last bit of floating-point error. */
export function usOfMs(ms: number): number {
  const us = ms * 1000;
  const whole = Math.round(us);
  return Math.abs(us - whole) <= Math.abs(us) * 1e-12 ? whole : us;
}

/** As {@link durationUsOf}. @throws {ConfigError} naming `where`, what is allowed and what came */
export function requireDurationUs(where: string, text: unknown): number {
  const us = typeof text === 'string' ? durationUsOf(text) : undefined;
  if (us === undefined) throw new ConfigError(where, `expected ${DURATION_SHAPE}; got ${JSON.stringify(text)}`);
  return us;
}

/** `1m 30s`, `30s`, `1.5s`, `212ms`, `1.20ms`, `85µs`: for people, at most two units. */
export function formatDurationUs(us: number): string {
  if (us < 0) return `-${formatDurationUs(-us)}`;
  if (us < 1000) return `${shortNumber(us, us < 10 ? 2 : 0)}µs`;
  if (us < 10_000) return `${(us / 1000).toFixed(2)}ms`;
  if (us < 1_000_000) return `${Math.round(us / 1000)}ms`;
  if (us < 60_000_000) return `${trimZeros((us / 1_000_000).toFixed(us < 10_000_000 ? 2 : 1))}s`;
  const seconds = Math.round(us / 1_000_000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (h > 0) return m > 0 ? `${h}h ${m}m` : `${h}h`;
  return s > 0 ? `${m}m ${s}s` : `${m}m`;
}

/** `1.2 MB`, `640 B`; decimal, as k6 prints them. */
export function formatBytes(bytes: number): string {
  if (bytes < 0) return `-${formatBytes(-bytes)}`;
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let i = 0;
  while (value >= 1000 && i < names.length - 1) {
    value /= 1000;
    i++;
  }
  return `${i === 0 ? shortNumber(value, 0) : value.toFixed(value < 10 ? 1 : 0)} ${names[i]}`;
}

/** At most so many decimals, without zeros at the end; what is not 0 is never shown as 0: `8.25`, `0.0004`. */
export function shortNumber(value: number, decimals: number): string {
  const rounded = Number(value.toFixed(decimals));
  return String(rounded === 0 && value !== 0 ? Number(value.toPrecision(3)) : rounded);
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
