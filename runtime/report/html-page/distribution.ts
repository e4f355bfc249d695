import uPlot from 'uplot';
import { formatMs } from '../numbers.ts';
import type { DistributionCurve } from './page-data.ts';
import { AXIS_WIDTH, widthOf } from './plot.ts';
import { colorOf } from './theme.ts';

const HEIGHT = 260;

/** The whole distribution as HdrHistogram plots it: each step to the right is ten times rarer. */
export function showDistribution(curves: readonly DistributionCurve[]): { select(label: string): void; redraw(): void } {
  const place = document.getElementById('distribution');
  const block = document.getElementById('distribution-block');
  const [first] = curves;
  if (place === null || block === null || first === undefined) return { select: () => undefined, redraw: () => undefined };
  block.hidden = false;
  let plot = draw(first, place);
  new ResizeObserver(() => {
    const width = widthOf(place);
    if (plot.width !== width) plot.setSize({ width, height: HEIGHT });
  }).observe(place);
  return {
    select: (label) => {
      plot.destroy();
      plot = draw(curves.find((curve) => curve.label === label) ?? first, place);
    },
    redraw: () => plot.redraw(false),
  };
}

function draw(curve: DistributionCurve, place: HTMLElement): uPlot {
  const line = (label: string, color: string, dash?: number[]): uPlot.Series => ({
    label,
    stroke: () => colorOf(color),
    width: 1.5,
    points: { show: false },
    spanGaps: true,
    ...(dash === undefined ? {} : { dash }),
    value: (_, value) => (value == null ? '–' : formatMs(value)),
  });
  const axis: uPlot.Axis = {
    stroke: () => colorOf('--dim'),
    grid: { stroke: () => colorOf('--grid'), width: 1 },
    ticks: { stroke: () => colorOf('--grid'), width: 1 },
    font: '11px system-ui, sans-serif',
  };
  return new uPlot(
    {
      width: widthOf(place),
      height: HEIGHT,
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, (max || 1) * 1.05] } },
      axes: [
        { ...axis, splits: (plot) => ticksUpTo(plot.scales['x']?.max ?? 1), values: (_, splits) => splits.map(shareOf) },
        { ...axis, size: AXIS_WIDTH, values: (_, splits) => splits.map(formatMs) },
      ],
      series: [
        { label: 'share', value: (_, value) => (value == null ? '' : shareOf(value)) },
        line('response time, from due', '--line-1'),
        line('duration, from sent', '--line-2', [4, 4]),
      ],
    },
    joined(curve),
    place,
  );
}

/** Both curves over one x: how many nines. */
function joined({ responseTime, duration, count }: DistributionCurve): uPlot.AlignedData {
  const end = Math.log10(Math.max(2, count));
  const byX = (points: readonly [number, number][]): uPlot.AlignedData => [
    points.map(([ratio]) => (ratio >= 1 ? end : Math.min(end, -Math.log10(1 - ratio)))),
    points.map(([, ms]) => ms),
  ];
  return uPlot.join([byX(responseTime), byX(duration)]);
}

function ticksUpTo(max: number): number[] {
  return [0, Math.log10(2), ...Array.from({ length: Math.floor(max) }, (_, i) => i + 1)];
}

/** `50%`, `90%`, `99.9%`. */
function shareOf(nines: number): string {
  return `${Number(((1 - 10 ** -nines) * 100).toPrecision(Math.max(3, Math.ceil(nines) + 2)))}%`;
}
