import type { SecondPoint } from '../../views/api.ts';

/** Seconds since the run began that the charts show; null is all of it, as it grows. */
export interface TimeRange {
  readonly fromS: number;
  readonly toS: number;
}

/** More points than this are joined: no screen shows them apart. */
const COLUMNS_MAX = 1_800;

/** How joined seconds become one: rates by their mean, latencies by their worst, so that no peak goes unseen. */
type Join = 'mean' | 'worst';

export interface Measure {
  readonly of: (point: SecondPoint) => number | null;
  readonly join: Join;
}

/** Times and one column for each measure, as uPlot takes them; `stepS` is over 1 where seconds were joined. */
export interface ChartColumns {
  readonly columns: [number[], ...(number | null)[][]];
  readonly stepS: number;
}

/** Columns of the seconds in `range`. Gaps between seconds stay gaps: nothing is drawn that was not measured. */
export function columnsOf(points: readonly SecondPoint[], measures: readonly Measure[], range: TimeRange | null): ChartColumns {
  const shown = range === null ? points : points.filter(({ second }) => second >= range.fromS - 1 && second <= range.toS + 1);
  const stepS = Math.ceil(shown.length / COLUMNS_MAX) || 1;
  const seconds: number[] = [];
  const columns: (number | null)[][] = measures.map(() => []);
  for (let at = 0; at < shown.length; at += stepS) {
    const joined = shown.slice(at, at + stepS);
    const before = shown[at - 1];
    const first = joined[0] as SecondPoint;
    if (before !== undefined && first.second > before.second + 2 * typicalStepS(shown)) {
      seconds.push(before.second + 1);
      for (const column of columns) column.push(null);
    }
    seconds.push(first.second);
    for (const [i, measure] of measures.entries()) columns[i]?.push(joinedValue(joined, measure));
  }
  return { columns: [seconds, ...columns], stepS };
}

/** The server joins neighbours of very long runs: what is usual between two points is no gap. */
function typicalStepS(points: readonly SecondPoint[]): number {
  const [first, second] = points;
  return first === undefined || second === undefined ? 1 : Math.max(1, second.second - first.second);
}

function joinedValue(points: readonly SecondPoint[], { of, join }: Measure): number | null {
  let [sum, count, worst] = [0, 0, Number.NEGATIVE_INFINITY];
  for (const point of points) {
    const value = of(point);
    if (value === null || !Number.isFinite(value)) continue;
    sum += value;
    count++;
    if (value > worst) worst = value;
  }
  if (count === 0) return null;
  return join === 'mean' ? sum / count : worst;
}

/** A line across the charts: an edit of the load, or where a phase begins. */
export interface Mark {
  readonly second: number;
  readonly text: string;
  readonly kind: 'edit' | 'phase';
}

/** Where the phase changes, the first one not said. */
export function phaseMarks(points: readonly SecondPoint[]): Mark[] {
  const marks: Mark[] = [];
  let phase = points[0]?.phase;
  for (const point of points) {
    if (point.phase !== phase && !/^edit-\d+$/.test(point.phase)) marks.push({ second: point.second, text: point.phase, kind: 'phase' });
    phase = point.phase;
  }
  return marks;
}
