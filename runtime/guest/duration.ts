import { durationUsOf } from '../core/units.ts';

/** The longest that a timer can wait: 24.8 days. Whatever is longer waits that long. */
export const DURATION_US_MAX = 2_147_483_647_000;

/** Seconds as a number, or a text such as '500ms'. @returns µs, 0 or more @throws RangeError saying what is allowed */
export function durationUs(what: string, duration: number | string): number {
  const us = typeof duration === 'number' ? duration * 1_000_000 : typeof duration === 'string' ? durationUsOf(duration) : undefined;
  if (us === undefined || !Number.isFinite(us) || us < 0)
    throw new RangeError(`${what}: expected seconds (0 or more) or a text such as '500ms'; got ${describe(duration)}`);
  return Math.min(Math.round(us), DURATION_US_MAX);
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
