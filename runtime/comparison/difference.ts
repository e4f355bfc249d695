import { wilson } from '../statistics/interval.ts';
import { normalQuantile, normalTail, studentQuantile, studentTail } from '../statistics/special-functions.ts';
import type { Estimate, RowSummary } from './row-summary.ts';

const TAIL = 0.025;
/** Of one end of what is called equal. */
const EQUAL_TAIL = 0.05;

/** One number then and now, and how likely each reading of it is by chance alone. */
export interface Difference {
  readonly from: number;
  readonly to: number;
  readonly change: { readonly at: number; readonly low: number | null; readonly high: number | null };
  /** Of a number that is just at its margin: how often it looks at least this much worse, or better. */
  readonly chanceWorse: number;
  readonly chanceBetter: number;
  /** For sure no more apart than what nobody minds. */
  readonly isEqual: boolean;
  /** False: no outcome of these runs could have been worse or better, such as no failure in either. */
  readonly canDiffer: boolean;
}

interface Spread {
  readonly error: number;
  /** Degrees of freedom that it is known with; infinite: within the runs alone. */
  readonly freedom: number;
}

/** Odds and quantiles of a number over its standard error. */
function oddsOf({ error, freedom }: Spread): { beyond: (distance: number) => number; at: (tail: number) => number } {
  const tail = (t: number): number => (Number.isFinite(freedom) ? studentTail(t, freedom) : normalTail(t));
  return {
    beyond: (distance) => (error > 0 ? tail(distance / error) : distance > 0 ? 0 : 1),
    at: (chance) => (Number.isFinite(freedom) ? studentQuantile(chance, freedom) : normalQuantile(chance)) * error,
  };
}

/**
 * Of one run before, only what each run says of itself; of several, how they differ from each other, which counts more: placement, clocks, caches. A lucky
 * narrow set is never trusted beyond its own measurement errors.
 */
function spreadOf(values: readonly number[], errors: readonly number[], nextError: number): Spread {
  const runs = values.length;
  if (runs === 1) return { error: Math.hypot(errors[0] as number, nextError), freedom: Number.POSITIVE_INFINITY };
  const mean = meanOf(values);
  const deviation = Math.sqrt(values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (runs - 1));
  const within = Math.sqrt(meanOf([...errors, nextError].map((each) => each ** 2)));
  return { error: Math.max(deviation, within) * Math.sqrt(1 + 1 / runs), freedom: runs - 1 };
}

/** Of a number whose logarithm is compared. @param isFloor - more of it is better */
export function logDifference(
  before: readonly Estimate[],
  now: Estimate,
  { isFloor, margin, floor, equal }: { isFloor: boolean; margin: number; floor: number; equal: number },
): Difference {
  const logs = before.map(({ value }) => Math.log(value));
  const spread = spreadOf(
    logs,
    before.map(({ error }) => error),
    now.error,
  );
  const odds = oddsOf(spread);
  const from = Math.exp(meanOf(logs));
  const shift = Math.log(now.value / from);
  const worse = isFloor ? -shift : shift;
  const edge = isFloor ? -Math.log(1 - margin) : Math.log(1 + margin);
  const isPastFloor = Math.abs(now.value - from) > floor;
  const half = odds.at(TAIL);
  const reach = Math.log(1 + equal);
  return {
    from,
    to: now.value,
    change: { at: Math.expm1(shift), low: Math.expm1(shift - half), high: Math.expm1(shift + half) },
    chanceWorse: isPastFloor ? odds.beyond(worse - edge) : 1,
    chanceBetter: isPastFloor ? odds.beyond(-worse - edge) : 1,
    isEqual: Math.abs(shift) + odds.at(EQUAL_TAIL) < reach,
    canDiffer: true,
  };
}

/** Of the share of failures, by arcsines: their spread is the same whatever the share. @see Anscombe (1948) */
export function failureDifference(
  before: readonly RowSummary[],
  now: RowSummary,
  { margin, equal }: { margin: number; equal: number },
): Difference | undefined {
  const counted = before.filter(({ count }) => count > 0);
  if (counted.length === 0 || now.count === 0) return undefined;
  const arcs = counted.map(({ failed, count }) => arcOf(failed, count));
  const spread = spreadOf(
    arcs,
    counted.map(({ count }) => 1 / Math.sqrt(count + 0.75)),
    1 / Math.sqrt(now.count + 0.75),
  );
  const odds = oddsOf(spread);
  const [failed, count] = [sumOf(counted, 'failed'), sumOf(counted, 'count')];
  const [from, to] = [failed / count, now.failed / now.count];
  const shift = arcOf(now.failed, now.count) - meanOf(arcs);
  const step = (share: number): number => Math.abs(arc(Math.min(1, Math.max(0, share))) - arc(from));
  const [then, next] = [wilson(failed, count), wilson(now.failed, now.count)];
  const low = to - from - Math.hypot(to - next.low, then.high - from);
  const high = to - from + Math.hypot(next.high - to, from - then.low);
  return {
    from,
    to,
    change: { at: to - from, low, high },
    chanceWorse: to - from > margin ? odds.beyond(shift - step(from + margin)) : 1,
    chanceBetter: from - to > margin ? odds.beyond(-shift - step(from - margin)) : 1,
    isEqual: low > -equal && high < equal,
    canDiffer: failed + now.failed > 0,
  };
}

function arcOf(failed: number, count: number): number {
  return arc((failed + 3 / 8) / (count + 3 / 4));
}

function arc(share: number): number {
  return 2 * Math.asin(Math.sqrt(share));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function sumOf(rows: readonly RowSummary[], what: 'failed' | 'count'): number {
  return rows.reduce((sum, row) => sum + row[what], 0);
}
