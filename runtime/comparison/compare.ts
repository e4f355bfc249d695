import { rowKeyOf } from '../core/rows.ts';
import { holm } from '../statistics/holm.ts';
import { type Difference, failureDifference, logDifference } from './difference.ts';
import type { Margin, Measure, Regression } from './regression.ts';
import { type Percentile, type RowSummary, rowLabel } from './row-summary.ts';

/** Runs that it takes to know how much runs differ by themselves. */
export const RUNS_FIRM = 5;
/** A change that is smaller than this for sure is no difference. */
const EQUAL_RATIO = 0.1;
const EQUAL_POINTS = 0.01;
/** How often any row of a comparison may be called worse by chance, and any better. */
const ALARMS_MAX = 0.05;

export type RowVerdict = 'regression' | 'improvement' | 'no difference' | 'cannot tell';

/** One number of one request, then and now. */
export interface ComparedNumber {
  readonly task: string;
  readonly method: string;
  readonly name: string;
  readonly measure: Measure;
  readonly from: number;
  readonly to: number;
  /** Change as a share of what it was, of failures in points, and where it lies with 95 %; null: nothing bounds it. */
  readonly change: { readonly at: number; readonly low: number | null; readonly high: number | null };
  readonly verdict: RowVerdict;
}

export interface Compared {
  readonly rows: readonly ComparedNumber[];
  /** Requests that only one side has, by their labels. */
  readonly onlyBefore: readonly string[];
  readonly onlyNow: readonly string[];
  /** Runs that it was measured by. */
  readonly runs: number;
  /** Too few of them to know how much runs differ by themselves. */
  readonly isWeak: boolean;
}

/**
 * A run against one or several earlier ones of the same kind. A row is a regression only when the near end of what it may be by chance is past its margin;
 * the odds of a false alarm are those of the whole comparison, however many rows it has.
 * @param before - of each earlier run its rows
 */
export function compare(before: readonly (readonly RowSummary[])[], now: readonly RowSummary[], regression: Regression): Compared {
  const earlier = before.map((rows) => new Map(rows.map((row) => [rowKeyOf(row), row])));
  const keys = new Set(earlier.flatMap((rows) => [...rows.keys()]));
  const tests = now.flatMap((row) => {
    const rows = earlier.flatMap((each) => each.get(rowKeyOf(row)) ?? []);
    return rows.length === 0 ? [] : testsOf(rows, row, regression);
  });
  // what no run can show is no test, and takes nothing from the others
  const asked = tests.filter(({ difference }) => difference.canDiffer);
  const worse = holm(
    asked.map(({ difference }) => difference.chanceWorse),
    ALARMS_MAX,
  );
  const better = holm(
    asked.map(({ difference }) => difference.chanceBetter),
    ALARMS_MAX,
  );
  const verdicts = new Map<Test, RowVerdict>();
  for (const [i, test] of asked.entries()) {
    if (worse[i] === true) verdicts.set(test, 'regression');
    else if (better[i] === true) verdicts.set(test, 'improvement');
  }
  const names = (rows: readonly RowSummary[], without: (key: string) => boolean): string[] =>
    rows.filter((row) => !without(rowKeyOf(row))).map(rowLabel);
  const nowKeys = new Set(now.map(rowKeyOf));
  return {
    rows: tests.map((test) => ({
      ...test.row,
      verdict: verdicts.get(test) ?? (test.difference.isEqual ? 'no difference' : 'cannot tell'),
    })),
    onlyBefore: names([...new Map(before.flat().map((row) => [rowKeyOf(row), row])).values()], (key) => nowKeys.has(key)),
    onlyNow: names(now, (key) => keys.has(key)),
    runs: before.length,
    isWeak: before.length < RUNS_FIRM,
  };
}

interface Test {
  readonly row: Omit<ComparedNumber, 'verdict'>;
  readonly difference: Difference;
}

function testsOf(before: readonly RowSummary[], now: RowSummary, regression: Regression): Test[] {
  const { task, method, name } = now;
  return (Object.entries(regression) as [Measure, Margin][]).flatMap(([measure, margin]): Test[] => {
    const difference =
      measure === 'failed'
        ? failureDifference(before, now, { margin: margin.ratio, equal: Math.max(margin.ratio, EQUAL_POINTS) })
        : ofMeasure(before, now, { measure, margin });
    if (difference === undefined) return [];
    const { from, to, change } = difference;
    return [{ row: { task, method, name, measure, from, to, change }, difference }];
  });
}

function ofMeasure(
  before: readonly RowSummary[],
  now: RowSummary,
  { measure, margin }: { measure: Exclude<Measure, 'failed'>; margin: Margin },
): Difference | undefined {
  const estimateOf = (row: RowSummary) => (measure === 'rps' ? row.perSecond : row.ms[measure satisfies Percentile]);
  const next = estimateOf(now);
  const earlier = before.flatMap((row) => estimateOf(row) ?? []).filter(({ value, error }) => value > 0 && Number.isFinite(error));
  if (next === undefined || next.value <= 0 || !Number.isFinite(next.error) || earlier.length === 0) return undefined;
  return logDifference(earlier, next, {
    isFloor: measure === 'rps',
    margin: margin.ratio,
    floor: measure === 'rps' ? 0 : (margin.floorMs ?? 0),
    equal: Math.max(margin.ratio, EQUAL_RATIO),
  });
}
