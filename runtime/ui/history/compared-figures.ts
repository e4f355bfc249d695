import type { Comparison } from '../../views/api.ts';
import { formatMs, formatNumber, formatRatio } from '../format.ts';

export type ComparedValue = Comparison['rows'][number]['values'][number];
type Value = NonNullable<ComparedValue>;

export interface ComparedFigure {
  readonly id: string;
  readonly label: string;
  of(value: Value): number | null;
  format(value: number | null): string;
  /** Where it may lie by chance alone; null where that is not known. */
  range(value: Value): readonly [low: number, high: number] | null;
  /** Which way is better; 0: neither. */
  readonly better: 1 | -1 | 0;
}

export const COMPARED: readonly ComparedFigure[] = [
  { id: 'p50', label: 'p50', of: (value) => value.p50Ms, range: ({ ranges }) => ranges.p50Ms, format: formatMs, better: -1 },
  { id: 'p95', label: 'p95', of: (value) => value.p95Ms, range: ({ ranges }) => ranges.p95Ms, format: formatMs, better: -1 },
  { id: 'p99', label: 'p99', of: (value) => value.p99Ms, range: ({ ranges }) => ranges.p99Ms, format: formatMs, better: -1 },
  {
    id: 'rate',
    label: 'Requests/s',
    of: (value) => value.perSecond,
    range: ({ ranges }) => ranges.perSecond,
    format: (value) => formatNumber(value),
    better: 1,
  },
  {
    id: 'failed',
    label: 'Failed',
    of: (value) => value.failedRatio,
    range: ({ ranges }) => ranges.failedRatio,
    format: formatRatio,
    better: -1,
  },
  { id: 'count', label: 'Requests', of: (value) => value.count, range: () => null, format: (value) => formatNumber(value), better: 0 },
];

/** Changes below this say nothing: two runs of the same test differ as much. */
const NOTHING_RATIO = 0.02;

/** Whether both may be the same: the ranges that chance alone explains meet. Where one is not known there are too few to call it more. */
function isChance(figure: ComparedFigure, value: Value, base: Value): boolean {
  const [mine, theirs] = [figure.range(value), figure.range(base)];
  return mine === null || theirs === null || (mine[0] <= theirs[1] && theirs[0] <= mine[1]);
}

/** How a figure differs from the base, in words and by an arrow; undefined where one of them has none. */
export function changeOf(figure: ComparedFigure, value: ComparedValue, base: ComparedValue): { text: string; tone: string } | undefined {
  const [now, before] = [value === null ? null : figure.of(value), base === null ? null : figure.of(base)];
  if (now === null || before === null) return undefined;
  if (now === before) return { text: '=', tone: 'none' };
  const arrow = now > before ? '▲' : '▼';
  const difference = now - before;
  const sign = difference > 0 ? '+' : '−';
  const text =
    before === 0
      ? `${arrow} ${sign}${figure.format(Math.abs(difference))}`
      : `${arrow} ${sign}${formatRatio(Math.abs(difference / before))}`;
  if (figure.better === 0 || (before !== 0 && Math.abs(difference / before) < NOTHING_RATIO)) return { text, tone: 'none' };
  if (value === null || base === null || isChance(figure, value, base)) return { text: `${text} ≈`, tone: 'none' };
  return { text, tone: difference > 0 === figure.better > 0 ? 'good' : 'bad' };
}
