import { joinedSeries, type RunSeries, slicedSeries } from '../../core/run-series.ts';
import type { ShownRange } from '../../page/chart-defs.ts';

/** More points than this are joined: no screen shows them apart. */
const POINTS_MAX = 1_800;

/** What of a run is drawn: its points in a range and one beyond each edge, which leads out of the picture; without one all of them. */
export function shownSeries(series: RunSeries, range: ShownRange | undefined): RunSeries {
  const { endS } = series;
  const [fromS, toS] = range ?? [0, Number.POSITIVE_INFINITY];
  const from = range === undefined ? 0 : Math.max(0, endS.findIndex((end) => end >= fromS) - 1);
  const to = endS.findIndex((end) => end > toS);
  const shown = slicedSeries(series, from, to < 0 ? endS.length : to + 1);
  return joinedSeries(shown, Math.ceil(shown.endS.length / POINTS_MAX) || 1);
}
