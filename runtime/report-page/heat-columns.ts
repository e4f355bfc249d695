import type { PageData } from '../views/report-data.ts';

type Columns = Pick<NonNullable<PageData['series']>, 'foldedBy' | 'endS' | 'lengthS'> & {
  readonly heatMap: { readonly secondsPerColumn: number };
};

/**
 * Second of the run at which a column of the heat map begins; the one behind the last begins where the run ends. Columns go by seconds, points
 * may be longer than those, and the last point is as long as was left of the run: no column reaches beyond it.
 */
export function columnBeginS({ heatMap, foldedBy, endS, lengthS }: Columns, column: number): number {
  const point = (column * heatMap.secondsPerColumn) / foldedBy;
  const at = Math.floor(point);
  const end = endS[at];
  if (end === undefined) return endS.at(-1) ?? 0;
  const begin = at === 0 ? end - (lengthS[0] ?? 1) : (endS[at - 1] as number);
  return Math.min(end, begin + (point - at) * foldedBy * secondS({ begin, end, foldedBy, isLast: at === endS.length - 1 }));
}

/** A second is one second in the last point, which may hold fewer; elsewhere it is its share of the point. */
function secondS({ begin, end, foldedBy, isLast }: { begin: number; end: number; foldedBy: number; isLast: boolean }): number {
  return isLast ? 1 : (end - begin) / foldedBy;
}
