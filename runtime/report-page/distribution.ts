import uPlot from 'uplot';
import { formatMs } from '../core/page-figures.ts';
import { colourOf } from '../page/colours.ts';
import { Legend } from '../page/legend.ts';
import { AXIS_WIDTH, widthOf } from '../page/plot.ts';
import type { DistributionCurve } from '../views/report-data.ts';

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

const LINES = [
  { label: 'response time, from due', color: '--line-1' },
  { label: 'duration, from sent', color: '--line-2', dash: [4, 4] },
] as const;

function draw(curve: DistributionCurve, place: HTMLElement): uPlot {
  const legend = new Legend(LINES);
  const data = joined(curve);
  place.previousElementSibling?.replaceChildren(...legend.list.children);
  const axis: uPlot.Axis = {
    stroke: () => colourOf('--muted'),
    grid: { stroke: () => colourOf('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
  };
  const plot = new uPlot(
    {
      width: widthOf(place),
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, (max || 1) * 1.05] } },
      axes: [
        { ...axis, splits: (drawn) => ticksFor(drawn), values: (_, splits) => splits.map(shareOf) },
        { ...axis, size: AXIS_WIDTH, values: (_, splits) => splits.map(formatMs) },
      ],
      series: [{}, ...LINES.map(seriesOf)],
      hooks: { setCursor: [({ cursor: { idx } }) => legend.show(idx == null ? undefined : textsAt(data, idx))] },
    },
    data,
    place,
  );
  legend.attach(plot);
  return plot;
}

function seriesOf({ color, ...line }: (typeof LINES)[number]): uPlot.Series {
  return {
    stroke: () => colourOf(color),
    width: 1.5,
    points: { show: false },
    spanGaps: true,
    ...('dash' in line ? { dash: [...line.dash] } : {}),
  };
}

/** `212 ms at 99 %`. */
function textsAt([shares, ...columns]: uPlot.AlignedData, index: number): string[] {
  return columns.map((column) => {
    const ms = column[index];
    return ms == null ? '–' : `${formatMs(ms)} at ${shareOf(shares[index] ?? 0)}`;
  });
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

/** At 0, half, and each nine; half is left out where its text would lie over that at 0. */
function ticksFor(plot: uPlot): number[] {
  const max = plot.scales['x']?.max ?? 1;
  const half = Math.log10(2);
  const hasRoom = (half / max) * plot.bbox.width > 40 * devicePixelRatio;
  return [0, ...(hasRoom ? [half] : []), ...Array.from({ length: Math.floor(max) }, (_, i) => i + 1)];
}

/** `50%`, `90%`, `99.9%`. */
function shareOf(nines: number): string {
  return `${Number(((1 - 10 ** -nines) * 100).toPrecision(Math.max(3, Math.ceil(nines) + 2)))}%`;
}
