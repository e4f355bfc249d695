import uPlot from 'uplot';
import { formatAxisSeconds, formatBytes, formatMs, formatNumber, formatRatio, TIME_STEPS_S, WHOLE_STEPS } from '../core/page-figures.ts';
import { lonelyPoints, POINT_SIZE } from '../page/lonely-points.ts';
import type { ChartDef, LineDef, Unit } from './chart-defs.ts';
import type { Legend } from './legend.ts';
import { colorOf } from './theme.ts';

const HEIGHT = 190;
/** Room for `12,345` and `1.25 s`; the heat-map has the same on its sides, so that its time axis lines up with those of the charts. */
export const AXIS_WIDTH = 62;
export const AXIS_WIDTH_RIGHT = 52;

/** A moment of the run that every chart marks. */
export interface Mark {
  readonly atS: number;
  readonly text: string;
}

export interface PlotOptions {
  readonly place: HTMLElement;
  readonly marks: readonly Mark[];
  readonly legend: Legend;
  /** Told when somebody drags across the chart, or double-clicks it (undefined: all of it). */
  readonly onZoom: (range: [fromS: number, toS: number] | undefined) => void;
}

const FORMAT: Record<Unit, (value: number) => string> = {
  ms: formatMs,
  count: (value) => formatNumber(value, 2),
  perSecond: (value) => formatNumber(value, 2),
  ratio: formatRatio,
  bytes: formatBytes,
};

/** Whether an axis is of what is counted in ones: bytes, and counts that all are. */
function isWhole(unit: Unit, lines: readonly LineDef[]): boolean {
  if (unit !== 'count') return unit === 'bytes';
  return lines
    .filter((line) => axisOf(line.unit) === unit)
    .every(({ values }) => values.every((value) => value === null || Number.isInteger(value)));
}

/** A chart over the time of the run; it has one axis for each unit of its lines, two at most. */
export function plotOf(def: ChartDef, { place, marks, legend, onZoom }: PlotOptions): uPlot {
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
    scales: { x: { time: false }, ...Object.fromEntries(units.map((unit) => [unit, { range: rangeOf }])) },
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
          if (width > 3) onZoom([plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')]);
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      setCursor: [(plot) => legend.show(textsAt(def, plot.cursor.idx))],
      drawAxes: [(plot) => drawMarks(plot, marks)],
    },
  };
  const plot = new uPlot(options, dataOf(def), place);
  legend.attach(plot);
  return plot;
}

/** What each line says at a point; undefined without one. */
function textsAt({ lines }: ChartDef, index: number | null | undefined): string[] | undefined {
  if (index == null) return undefined;
  return lines.map(({ values, unit }) => {
    const value = values[index];
    return value == null ? '–' : FORMAT[unit](value);
  });
}

function dataOf(def: ChartDef): uPlot.AlignedData {
  return [def.endS as number[], ...def.lines.map((line) => line.values as number[])];
}

export function widthOf(place: HTMLElement): number {
  return Math.max(240, place.clientWidth);
}

/** Colors are asked for at each drawing: they change with the theme. */
function axis(options: Partial<uPlot.Axis> & { hasGrid?: boolean }): uPlot.Axis {
  const { hasGrid = true, ...rest } = options;
  return {
    stroke: () => colorOf('--muted'),
    grid: { show: hasGrid, stroke: () => colorOf('--grid'), width: 1 },
    ticks: { show: false },
    font: '11px system-ui, sans-serif',
    ...rest,
  };
}

function lineOf({ label, color, isDashed, isFilled, unit }: LineDef): uPlot.Series {
  return {
    label,
    scale: axisOf(unit),
    stroke: () => colorOf(color),
    width: isDashed === true ? 1 : 1.5,
    ...(isDashed === true ? { dash: [4, 4] } : {}),
    ...(isFilled === true ? { fill: () => colorOf(color).replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)') } : {}),
    points: { show: true, size: POINT_SIZE, fill: () => colorOf(color), filter: (plot, i) => lonelyPoints(plot.data[i] ?? []) },
  };
}

/** Counts and rates share an axis. */
function axisOf(unit: Unit): Unit {
  return unit === 'count' ? 'perSecond' : unit;
}

function rangeOf(_: uPlot, _min: number | null, max: number | null): [number, number] {
  return [0, max === null || max <= 0 ? 1 : max * 1.08];
}

function drawMarks(plot: uPlot, marks: readonly Mark[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = ctx.fillStyle = colorOf('--muted');
  ctx.font = `${10 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
  ctx.beginPath();
  let freeFrom = -Infinity;
  for (const { atS, text } of marks) {
    const x = plot.valToPos(atS, 'x', true);
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    const width = ctx.measureText(text).width;
    const left = Math.min(x + 4 * devicePixelRatio, bbox.left + bbox.width - width);
    if (left < freeFrom) continue;
    ctx.fillText(text, left, bbox.top - 4 * devicePixelRatio);
    freeFrom = left + width + 8 * devicePixelRatio;
  }
  ctx.stroke();
  ctx.restore();
}

/** `1:05`, `1:02:03`; below a minute and a half with seconds alone: `42s`, `4.2s`. */
export function clockOf(seconds: number): string {
  if (seconds < 90) return `${Number(seconds.toFixed(1))}s`;
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
