import { joinedColumn, mapColumns } from '../../core/join-points.ts';
import { joinedSeries, mapped, SERIES_RULES } from '../../core/run-series.ts';
import { HISTORY_RULES, ROW_RULES, type TimelineData } from '../../core/timeline-data.ts';
import type { PageData, RowSeries } from '../../views/report-data.ts';

type Column = readonly (number | null)[];

/** Decimals beyond these are not seen in a chart, and a percentile is no more exact. */
const DIGITS = 4;

/**
 * A timeline with at most so many points: see `core/join-points.ts` for how pairs (or more) become one.
 * @param bounds.rowPointsMax of all rows of requests together
 */
export function foldedTimeline(
  data: TimelineData,
  bounds: { pointsMax: number; rowPointsMax: number },
): Required<Pick<PageData, 'series' | 'rows'>> {
  const points = data.endS.length;
  const by = factorFor(points, bounds.pointsMax);
  const { rows, ...rest } = data;
  const joined = joinedSeries(rest, by);
  const series: PageData['series'] = {
    ...mapped(joined, short),
    endS: joined.endS,
    lengthS: joined.lengthS,
    history: mapColumns(HISTORY_RULES, (rule, at) => short(joinedColumn(at(data.history), by, rule))),
    errors: data.errors.map((error) => ({ ...error, seen: foldedSeen(error.seen, by) })),
  };
  return { series, rows: foldedRows(data, factorFor(points, Math.floor(bounds.rowPointsMax / Math.max(1, rows.length)))) };
}

function foldedRows({ endS, lengthS, rows }: TimelineData, by: number): RowSeries {
  return {
    endS: joinedColumn(endS, by, SERIES_RULES.endS) as number[],
    lengthS: joinedColumn(lengthS, by, SERIES_RULES.lengthS) as number[],
    rows: rows.map(({ history: _, ...row }) => ({
      ...row,
      ...(mapColumns(ROW_RULES, (rule, at) => short(joinedColumn(at(row), by, rule))) as object),
    })),
  };
}

function foldedSeen(seen: readonly number[], by: number): number[] {
  const counts = new Map<number, number>();
  for (let i = 0; i < seen.length; i += 2) {
    const point = Math.floor((seen[i] as number) / by);
    counts.set(point, (counts.get(point) ?? 0) + (seen[i + 1] as number));
  }
  return [...counts].flat();
}

/** Whole numbers, such as sums, stay exact. */
function short(column: Column): number[] {
  return column.map((value) => (value === null || Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)))) as number[];
}

function factorFor(points: number, pointsMax: number): number {
  return Math.max(1, Math.ceil(points / Math.max(1, pointsMax)));
}
