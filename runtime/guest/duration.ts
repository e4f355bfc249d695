import { durationUsOf } from '../core/units.ts';

/** Seconds as a number, or a text such as '500ms'. @returns µs, 0 or more @throws RangeError saying what is allowed */
export function durationUs(what: string, duration: number | string): number {
  const us = typeof duration === 'number' ? duration * 1_000_000 : typeof duration === 'string' ? durationUsOf(duration) : undefined;
  if (us === undefined || !Number.isFinite(us) || us < 0)
    throw new RangeError(`${what}: expected seconds (0 or more) or a text such as '500ms'; got ${describe(duration)}`);
  return Math.round(us);
}

function describe(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
