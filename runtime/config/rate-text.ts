import { RATE_PER_SECOND_MAX } from './schema-fields.ts';

/** Starts in each `timeUnitUs`. */
export interface Rate {
  readonly rate: number;
  readonly timeUnitUs: number;
}

const UNIT_US: Readonly<Record<string, number>> = { s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };
export const SECOND_US = 1_000_000;

/** What a rate may look like, for messages. */
export const RATE_SHAPE = `a rate above 0, such as "50/s", "600/m" or a number a second, at most ${RATE_PER_SECOND_MAX}/s`;

/**
 * Reads `50/s`, `0.5/s`, `600/m`, `90/h`, and a bare number, which is a second.
 * @returns undefined when it is none or too high
 */
export function rateOf(value: string | number): Rate | undefined {
  const parts = /^(\d+(?:\.\d+)?)\s*(?:\/\s*(s|m|h))?$/.exec(String(value).trim());
  if (parts === null) return undefined;
  const found = { rate: Number(parts[1]), timeUnitUs: UNIT_US[parts[2] ?? 's'] as number };
  return perSecondOf(found) <= RATE_PER_SECOND_MAX ? found : undefined;
}

/** Starts a second. */
export function perSecondOf({ rate, timeUnitUs }: Rate): number {
  return (rate * SECOND_US) / timeUnitUs;
}

/** `50/s`, `600/m`, `3/10s`: as people write it. */
export function rateText({ rate, timeUnitUs }: Rate): string {
  const unit = Object.keys(UNIT_US).find((name) => UNIT_US[name] === timeUnitUs);
  return `${Number(rate.toPrecision(6))}/${unit ?? `${timeUnitUs / SECOND_US}s`}`;
}

/** Rates of one curve in one unit: the longest, in which every other is a whole multiple. */
export function inOneUnit(rates: readonly Rate[]): { rates: number[]; timeUnitUs: number } {
  const timeUnitUs = Math.max(SECOND_US, ...rates.map((each) => each.timeUnitUs));
  // A rate of nothing has any unit.
  const used = Math.max(...rates.map((each) => (each.rate === 0 ? 0 : each.timeUnitUs)));
  const common = used === 0 ? timeUnitUs : used;
  return { rates: rates.map(({ rate, timeUnitUs: own }) => rate * (common / own)), timeUnitUs: common };
}
