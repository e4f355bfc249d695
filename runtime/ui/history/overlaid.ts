import { type OpenColumn, type RunSeries, stagesOf } from '../../core/run-series.ts';
import { isAfterLoad } from '../../core/stage.ts';

/**
 * One figure of several runs over each other: each counted from where its own measured period began, in whole seconds, so that a second of one lies over the same
 * second of another; what came before and behind it is left out.
 */
export function overlaid(
  runs: readonly (RunSeries | undefined)[],
  of: (series: RunSeries) => readonly (number | null)[],
): { endS: number[]; columns: OpenColumn[] } {
  const tables = runs.map((series) => (series === undefined ? new Map<number, number | null>() : measuredOf(series, of(series))));
  const endS = [...new Set(tables.flatMap((table) => [...table.keys()]))].sort((a, b) => a - b);
  return { endS, columns: tables.map((table) => endS.map((second) => table.get(second) ?? null)) };
}

function measuredOf(series: RunSeries, values: readonly (number | null)[]): Map<number, number | null> {
  const stages = stagesOf(series);
  const first = Math.max(0, stages.indexOf('measuring'));
  let second = 0;
  const ends = series.lengthS.flatMap((lengthS, i): [number, number | null][] => {
    if (i < first || isAfterLoad(stages[i] ?? '')) return [];
    second += Math.round(lengthS);
    return [[second, values[i] ?? null]];
  });
  return new Map(ends);
}
