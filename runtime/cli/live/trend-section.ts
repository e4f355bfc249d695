import { formatNumber, NONE } from '../../core/page-figures.ts';
import { formatDurationUs } from '../../core/units.ts';
import type { LiveDetail, LiveSecond } from '../../report/live-detail.ts';
import { clipped, joined, padded } from './cells.ts';
import type { Room, Section } from './section.ts';
import { sparkline } from './sparkline.ts';

const SECONDS = 60;
const LABEL_CELLS = 5;
const VALUE_CELLS = 8;
const HEADING = 'numbers of the last 10 s, charts of the last minute; times are from when a request was due';

/** A line of the section. */
interface Trend {
  readonly label: string;
  /** In which order lines go when there is no room: the lowest stays longest. */
  readonly rank: number;
  readonly now: number | undefined;
  readonly format: (value: number) => string;
  readonly of: (second: LiveSecond) => number | undefined;
  readonly join: (values: readonly number[]) => number;
}

/** Requests a second and response times of the last minute. */
export function trendSection(detail: LiveDetail, { columns, paint }: Room): Section {
  const trends = trendsOf(detail);
  return {
    linesMin: 2,
    linesMax: trends.length + 1,
    render(lines) {
      const heading = lines > trends.length ? [paint.dim(clipped(HEADING, columns))] : [];
      return [...heading, ...trends.filter(({ rank }) => rank < lines).map((trend) => lineOf(trend, detail, columns))];
    },
  };

  function lineOf({ label, now, format, of, join }: Trend, { seconds }: LiveDetail, cells: number): string {
    const points = seconds.map((second) => ({ second: second.second, value: of(second) }));
    const chartCells = Math.min(SECONDS, cells - LABEL_CELLS - VALUE_CELLS - 4);
    const known = points.flatMap(({ value }) => value ?? []);
    const chart = sparkline(points, { cells: chartCells, seconds: SECONDS, join });
    return joined(
      [
        { text: padded(label, LABEL_CELLS), paint: paint.bold },
        { text: padded(now === undefined ? NONE : format(now), VALUE_CELLS, 'right') },
        { text: padded(chart, chartCells), paint: paint.good },
        { text: known.length === 0 ? '' : `up to ${format(Math.max(...known))}`, paint: paint.dim },
      ],
      cells,
    ).trimEnd();
  }
}

function trendsOf({ seconds, recent, recentPerSecond }: LiveDetail): Trend[] {
  const time = { format: formatDurationUs, join: (values: readonly number[]) => Math.max(...values) };
  return [
    {
      label: 'req/s',
      rank: 0,
      now: seconds.length === 0 ? undefined : recentPerSecond,
      format: formatNumber,
      of: ({ requests }) => requests,
      join: mean,
    },
    { label: 'p50', rank: 3, now: recent?.p50Us, of: ({ p50Us }) => p50Us, ...time },
    { label: 'p95', rank: 1, now: recent?.p95Us, of: ({ p95Us }) => p95Us, ...time },
    { label: 'p99', rank: 2, now: recent?.p99Us, of: ({ p99Us }) => p99Us, ...time },
  ];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
