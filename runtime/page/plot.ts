import uPlot from 'uplot';
import { formatAxisSeconds, formatBytes, formatMs, formatNumber, formatRatio, TIME_STEPS_S, WHOLE_STEPS } from '../core/page-figures.ts';
import type { ChartDef, LineDef, Unit } from './chart-defs.ts';
import { colourOf } from './colours.ts';
import { lonelyPoints, POINT_SIZE } from './lonely-points.ts';
import type { Mark } from './marks.ts';

const HEIGHT = 190;
/** Room for `12,345` and `1.25 s`; the heat-map has the same on its sides, so that its time axis lines up with those of the charts. */
export const AXIS_WIDTH = 62;
export const AXIS_WIDTH_RIGHT = 52;
/** A shorter stretch has nothing to show. */
const ZOOM_S_MIN = 1;

export interface PlotOptions {
  readonly place: HTMLElement;
  marks(): readonly Mark[];
  /** Told when somebody drags across the chart, or double-clicks it (undefined: all of it). */
  onZoom(range: [fromS: number, toS: number] | undefined): void;
  /** Index of the point under the pointer; undefined when it has left. */
  onPoint(index: number | undefined): void;
}

export const FORMAT: Record<Unit, (value: number) => string> = {
  ms: formatMs,
  count: (value) => formatNumber(value, 2),
  perSecond: (value) => formatNumber(value, 2),
  ratio: formatRatio,
  bytes: formatBytes,
};

/** A chart over the time of the run; it has one axis for each unit of its lines, two at most. */
export function plotOf(def: ChartDef, { place, marks, onZoom, onPoint }: PlotOptions): uPlot {
  const units = [...new Set(def.lines.map((line) => axisOf(line.unit)))];
  const resetZoom = (): null => {
    onZoom(undefined);
    return null;
  };
  const options: uPlot.Options = {
    width: widthOf(place),
    height: HEIGHT,
    legend: { show: false },
    cursor: {
      sync: { key: 'run', setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: { dblclick: () => resetZoom },
    },
    // room for a right axis also where there is none: the time axes of all charts line up
    padding: [16, units.length > 1 ? 0 : AXIS_WIDTH_RIGHT, 0, 0],
    scales: { x: { time: false }, ...Object.fromEntries(units.map((unit) => [unit, { range: fromZero }])) },
    axes: [
      axis({ values: (_, splits) => splits.map(formatAxisSeconds), incrs: TIME_STEPS_S, space: 60, size: 26 }),
      ...units.map((unit, i) =>
        axis({
          scale: unit,
          side: i === 0 ? 3 : 1,
          values: (_, splits) => splits.map(FORMAT[unit]),
          size: i === 0 ? AXIS_WIDTH : AXIS_WIDTH_RIGHT,
          hasGrid: i === 0,
          ...(isWhole(unit, def.lines) ? { incrs: WHOLE_STEPS } : {}),
        }),
      ),
    ],
    series: [{}, ...def.lines.map(lineOf)],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          const [fromS, toS] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
          if (width > 3 && toS - fromS >= ZOOM_S_MIN) onZoom([fromS, toS]);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [(plot) => onPoint(plot.cursor.idx ?? undefined)],
      drawAxes: [(plot) => drawMarks(plot, marks())],
    },
  };
  return new uPlot(options, dataOf(def), place);
}

export function dataOf(def: ChartDef): uPlot.AlignedData {
  return [def.endS as number[], ...def.lines.map((line) => line.values as number[])];
}

export function widthOf(place: HTMLElement): number {
  return Math.max(240, place.clientWidth);
}

/** Whether an axis is of what is counted in ones: bytes, and counts that all are. */
function isWhole(unit: Unit, lines: readonly LineDef[]): boolean {
  if (unit !== 'count') return unit === 'bytes';
  return lines
    .filter((line) => axisOf(line.unit) === unit)
    .every(({ values }) => values.every((value) => value === null || Number.isInteger(value)));
}

/** Colours are asked for at each drawing: they change with the theme. */
function axis(options: Partial<uPlot.Axis> & { hasGrid?: boolean }): uPlot.Axis {
  const { hasGrid = true, ...rest } = options;
  return {
    stroke: () => colourOf('--muted'),
    grid: { show: hasGrid, stroke: () => colourOf('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    ...rest,
  };
}

function lineOf({ label, color, dash, isFilled, unit }: LineDef): uPlot.Series {
  return {
    label,
    scale: axisOf(unit),
    stroke: () => colourOf(color),
    width: 1.5,
    ...(dash === undefined ? {} : { dash: [...dash] }),
    ...(isFilled === true ? { fill: () => colourOf(color).replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)') } : {}),
    points: { show: true, size: POINT_SIZE, fill: () => colourOf(color), filter: (plot, i) => lonelyPoints(plot.data[i] ?? []) },
  };
}

/** Counts and rates share an axis. */
function axisOf(unit: Unit): Unit {
  return unit === 'count' ? 'perSecond' : unit;
}

/** From zero, with a little room above; figures that begin elsewhere exaggerate. */
function fromZero(_: uPlot, __: number | null, max: number | null): uPlot.Range.MinMax {
  return [0, max === null || max <= 0 ? 1 : max * 1.08];
}

/** Texts that would lie over another one are left out. */
function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly Mark[]): void {
  const ratio = devicePixelRatio;
  let freeFrom = Number.NEGATIVE_INFINITY;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  for (const { atS, text, isStrong } of marks) {
    const x = Math.round(valToPos(atS, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = colourOf(isStrong ? '--accent' : '--muted');
    ctx.setLineDash(isStrong ? [4 * ratio, 3 * ratio] : [2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(text).width;
    const left = Math.min(x + 4 * ratio, bbox.left + bbox.width - width);
    if (left < freeFrom) continue; // over another one it says nothing
    ctx.fillText(text, left, bbox.top - 4 * ratio);
    freeFrom = left + width + 8 * ratio;
  }
  ctx.restore();
}
