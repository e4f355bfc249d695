import { SENDING_ENDS } from '../../core/roles.ts';
import type { Percentiles, SecondPoint } from '../../views/api.ts';
import { formatMs, formatNumber, formatRatio } from '../format.ts';
import type { Measure } from './chart-data.ts';

/** A line of a chart. Dashes tell lines apart where colours do not. */
export interface ChartLine extends Measure {
  readonly label: string;
  /** Custom property of its colour. */
  readonly colour: string;
  readonly dash?: readonly number[];
  readonly isFilled?: boolean;
  readonly isHidden?: boolean;
  /** Against the axis on the right. */
  readonly isRight?: boolean;
}

export interface ChartKind {
  readonly title: string;
  /** What the figures are, for those who do not know. */
  readonly explanation: string;
  readonly lines: readonly ChartLine[];
  readonly format: (value: number | null) => string;
  /** Counted in ones: no label between them. */
  readonly isWhole?: boolean;
  readonly formatRight?: (value: number | null) => string;
}

type Field = 'responseMs' | 'durationMs';
const percentile =
  (field: Field, key: keyof Percentiles) =>
  (point: SecondPoint): number | null =>
    point[field]?.[key] ?? null;

const latency = (label: string, colour: string, of: (point: SecondPoint) => number | null, more: Partial<ChartLine> = {}): ChartLine => ({
  label,
  colour,
  of,
  join: 'worst',
  ...more,
});
const PLAIN = [5, 4];

export const LATENCY_CHART: ChartKind = {
  title: 'Response times',
  explanation: `Solid: from when the request was due (waiting in stressrun included). Dashed: sending, waiting, receiving alone. ${SENDING_ENDS}`,
  format: formatMs,
  lines: [
    latency('p50', '--line-1', percentile('responseMs', 'p50')),
    latency('p95', '--line-2', percentile('responseMs', 'p95')),
    latency('p99', '--line-3', percentile('responseMs', 'p99')),
    latency('p50 from sent', '--line-1', percentile('durationMs', 'p50'), { dash: PLAIN, isHidden: true }),
    latency('p95 from sent', '--line-2', percentile('durationMs', 'p95'), { dash: PLAIN }),
    latency('p99 from sent', '--line-3', percentile('durationMs', 'p99'), { dash: PLAIN, isHidden: true }),
  ],
};

export const USERS_CHART: ChartKind = {
  title: 'Users',
  explanation: 'Users at work at the end of each second.',
  isWhole: true,
  format: (value) => formatNumber(value),
  lines: [{ label: 'users', colour: '--line-1', isFilled: true, of: (point) => point.users, join: 'mean' }],
};

export const GENERATOR_CHART: ChartKind = {
  title: 'Generator',
  explanation: 'Health of stressrun itself, busiest worker: how late its loop ran, and its share of one core.',
  format: formatMs,
  formatRight: formatRatio,
  lines: [
    { label: 'loop lag', colour: '--line-2', of: (point) => point.generator?.lagMs ?? null, join: 'worst' },
    { label: 'CPU', colour: '--line-1', dash: [2, 3], of: (point) => point.generator?.cpu ?? null, join: 'worst', isRight: true },
  ],
};

/** Requests a second; dropped starts only where there are any. */
export function rateChart(hasDropped: boolean): ChartKind {
  const lines: ChartLine[] = [
    { label: 'requests/s', colour: '--line-1', isFilled: true, of: (point) => point.requests, join: 'mean' },
    { label: 'failures/s', colour: '--bad', dash: [6, 3], of: (point) => point.failures, join: 'mean' },
  ];
  if (hasDropped) lines.push({ label: 'dropped starts/s', colour: '--line-2', dash: [2, 3], of: (point) => point.dropped, join: 'mean' });
  return {
    title: 'Requests per second',
    explanation: 'Logical requests that ended in each second, failures among them.',
    format: (value) => formatNumber(value, 2),
    lines,
  };
}

/** What monitors of the target say, a line each; undefined without any. */
export function monitorChart(points: readonly SecondPoint[]): ChartKind | undefined {
  const names = Object.keys(points.findLast((point) => point.monitors !== undefined)?.monitors ?? {});
  if (names.length === 0) return undefined;
  return {
    title: 'Target monitors',
    explanation: 'What the target says of itself.',
    format: (value) => formatNumber(value, 2),
    lines: names.map((label, i) => ({
      label,
      colour: `--line-${(i % 4) + 1}`,
      ...(i < 4 ? {} : { dash: [6, 3] }),
      of: (point) => point.monitors?.[label] ?? null,
      join: 'mean',
    })),
  };
}
