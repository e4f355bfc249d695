import uPlot from 'uplot';
import { TIME_STEPS_S, WHOLE_STEPS } from '../../core/page-figures.ts';
import { lonelyPoints, POINT_SIZE } from '../../page/lonely-points.ts';
import { formatAxisSeconds } from '../format.ts';
import { colourOf } from '../theme.tsx';
import type { Mark, TimeRange } from './chart-data.ts';
import type { ChartKind } from './chart-series.ts';

/** What a chart says while it is drawn and pointed at. */
export interface ChartCalls {
  marks(): readonly Mark[];
  onRange(range: TimeRange | null): void;
  /** Index of the point under the pointer; null when it has left. */
  onPoint(index: number | null): void;
}

export const CHART_HEIGHT = 190;
const FONT = '11px system-ui, sans-serif';
/** Room for `12,345` and `1.25 s`. */
const AXIS_WIDTH = 56;
/** Kept free where there is no axis on the right, so that the time axes of all charts line up. */
const AXIS_WIDTH_RIGHT = 48;

/** All charts of a run share the pointer. */
const pointer = uPlot.sync('run');

export function optionsOf(kind: ChartKind, width: number, calls: ChartCalls): uPlot.Options {
  const ink = colourOf('--muted');
  const markColours = { edit: colourOf('--accent'), phase: ink };
  const grid = { stroke: colourOf('--grid'), width: 1 };
  const wholeRun = (): null => {
    calls.onRange(null);
    return null;
  };
  const axis = { stroke: ink, font: FONT, grid, ticks: { show: false } };
  const axes: uPlot.Axis[] = [
    { ...axis, values: (_, splits) => splits.map(formatAxisSeconds), incrs: TIME_STEPS_S, space: 60, size: 26 },
    {
      ...axis,
      size: AXIS_WIDTH,
      values: (_, splits) => splits.map((value) => kind.format(value)),
      scale: 'y',
      ...(kind.isWhole === true ? { incrs: WHOLE_STEPS } : {}),
    },
  ];
  if (kind.formatRight !== undefined) {
    const format = kind.formatRight;
    axes.push({
      ...axis,
      grid: { show: false },
      side: 1,
      size: AXIS_WIDTH_RIGHT,
      scale: 'right',
      values: (_, splits) => splits.map((v) => format(v)),
    });
  }
  return {
    width,
    height: CHART_HEIGHT,
    legend: { show: false },
    padding: [16, kind.formatRight === undefined ? AXIS_WIDTH_RIGHT : 0, 0, 0],
    scales: { x: { time: false }, y: { range: fromZero }, right: { range: fromZero } },
    axes,
    series: [{}, ...kind.lines.map(seriesOf)],
    cursor: {
      sync: { key: pointer.key, setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      bind: { dblclick: () => wholeRun },
    },
    hooks: {
      setSelect: [(chart) => choose(chart, calls)],
      setCursor: [(chart) => calls.onPoint(chart.cursor.idx ?? null)],
      draw: [(chart) => drawMarks(chart, calls.marks(), markColours)],
    },
  };
}

function seriesOf(line: ChartKind['lines'][number]): uPlot.Series {
  const stroke = colourOf(line.colour);
  return {
    label: line.label,
    scale: line.isRight === true ? 'right' : 'y',
    stroke,
    width: 1.5,
    show: line.isHidden !== true,
    points: { show: true, size: POINT_SIZE, fill: stroke, filter: (chart, i) => lonelyPoints(chart.data[i] ?? []) },
    ...(line.dash === undefined ? {} : { dash: [...line.dash] }),
    ...(line.isFilled === true ? { fill: stroke.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.12)') } : {}),
  };
}

/** From zero, with a little room above; figures that begin elsewhere exaggerate. */
function fromZero(_: uPlot, __: number | null, max: number | null): uPlot.Range.MinMax {
  return [0, max === null || max <= 0 ? 1 : max * 1.08];
}

function choose(chart: uPlot, { onRange }: ChartCalls): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  const [fromS, toS] = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (toS - fromS >= 2) onRange({ fromS: Math.max(0, Math.floor(fromS)), toS: Math.ceil(toS) });
}

/** Edits as strong lines with their words, phases as faint ones. */
function drawMarks(chart: uPlot, marks: readonly Mark[], colours: Readonly<Record<Mark['kind'], string>>): void {
  const { ctx, bbox } = chart;
  const ratio = devicePixelRatio;
  let textEnd = Number.NEGATIVE_INFINITY;
  ctx.save();
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  for (const mark of marks) {
    const x = Math.round(chart.valToPos(mark.second, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = colours[mark.kind];
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = ratio;
    ctx.setLineDash(mark.kind === 'edit' ? [4 * ratio, 3 * ratio] : [ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const textWidth = ctx.measureText(mark.text).width;
    const textX = Math.min(x + 3 * ratio, bbox.left + bbox.width - textWidth);
    if (textX < textEnd) continue; // over another one it says nothing
    ctx.fillText(mark.text, textX, bbox.top - 4 * ratio);
    textEnd = textX + textWidth + 6 * ratio;
  }
  ctx.restore();
}
