import { formatAxisSeconds, formatMs, TIME_STEPS_S } from '../core/page-figures.ts';
import type { ShownRange } from '../page/chart-defs.ts';
import { colourOf } from '../page/colours.ts';
import { AXIS_WIDTH, AXIS_WIDTH_RIGHT } from '../page/plot.ts';
import type { PageData } from '../views/report-data.ts';
import type { ZoomRange } from './charts.ts';
import { columnBeginS } from './heat-columns.ts';

const HEIGHT = 240;
const MARGIN = { left: AXIS_WIDTH, bottom: 22, top: 4, right: AXIS_WIDTH_RIGHT };
const LABELS_MAX = 7;
const HINT = 'the stronger the colour, the more answers took so long';

type Series = NonNullable<PageData['series']>;

/** Answers by time (across) and response time (upwards, each class a factor): drawn on a canvas, with what is under the pointer in words. */
export function showHeatMap(series: Series): { zoom(range: ZoomRange): void; redraw(): void } {
  const canvas = document.getElementById('heat-map') as HTMLCanvasElement | null;
  const block = document.getElementById('heat-map-block');
  const { counts } = series.heatMap;
  if (canvas === null || block === null || counts.length === 0) return { zoom: () => undefined, redraw: () => undefined };
  block.hidden = false;
  const view = new HeatMapView(canvas, series);
  new ResizeObserver(() => view.draw()).observe(canvas.parentElement as HTMLElement);
  const words = document.getElementById('heat-map-text');
  canvas.addEventListener('pointermove', (event) => {
    if (words !== null) words.textContent = view.wordsAt(event.offsetX, event.offsetY);
  });
  return { zoom: (range) => view.zoom(range), redraw: () => view.draw() };
}

class HeatMapView {
  readonly #canvas: HTMLCanvasElement;
  readonly #series: Series;
  readonly #countMax: number;
  #range: ShownRange;

  constructor(canvas: HTMLCanvasElement, series: Series) {
    this.#canvas = canvas;
    this.#series = series;
    this.#countMax = Math.max(1, ...series.heatMap.counts.flat());
    this.#range = this.#whole();
  }

  zoom(range: ZoomRange): void {
    this.#range = range ?? this.#whole();
    this.draw();
  }

  draw(): void {
    const { width, height } = this.#size();
    const scale = devicePixelRatio;
    this.#canvas.width = Math.round(width * scale);
    this.#canvas.height = Math.round(height * scale);
    const ctx = this.#canvas.getContext('2d');
    if (ctx === null) return;
    ctx.scale(scale, scale);
    ctx.clearRect(0, 0, width, height);
    this.#drawCells(ctx);
    this.#drawLabels(ctx);
  }

  /** What a cell holds. */
  wordsAt(x: number, y: number): string {
    const { heatMap } = this.#series;
    const column = heatMap.counts.findIndex((_, i) => x >= this.#xOf(this.#timeOf(i)) && x < this.#xOf(this.#timeOf(i + 1)));
    const cells = heatMap.counts[column];
    if (cells === undefined) return HINT;
    const { plotHeight } = this.#size();
    const at = Math.floor(((MARGIN.top + plotHeight - y) / plotHeight) * cells.length);
    const count = cells[at];
    if (count === undefined) return '';
    const [from, to] = [this.#msOf(at), this.#msOf(at + 1)];
    return `${clockOf(this.#timeOf(column))} to ${clockOf(this.#timeOf(column + 1))}: ${count} answers took ${formatMs(from)} to ${formatMs(to)}`;
  }

  #drawCells(ctx: CanvasRenderingContext2D): void {
    const { counts } = this.#series.heatMap;
    const { plotHeight, width } = this.#size();
    ctx.save();
    ctx.beginPath();
    ctx.rect(MARGIN.left, 0, width - MARGIN.left - MARGIN.right, MARGIN.top + plotHeight);
    ctx.clip();
    ctx.fillStyle = colourOf('--heat');
    counts.forEach((cells, i) => {
      const [left, right] = [this.#xOf(this.#timeOf(i)), this.#xOf(this.#timeOf(i + 1))];
      const cellHeight = plotHeight / cells.length;
      cells.forEach((count, at) => {
        if (count === 0) return;
        // Logarithmic: a single slow answer must be seen beside a thousand fast ones.
        ctx.globalAlpha = 0.12 + 0.88 * (Math.log1p(count) / Math.log1p(this.#countMax));
        ctx.fillRect(left, MARGIN.top + plotHeight - (at + 1) * cellHeight, Math.max(1, right - left + 0.3), cellHeight + 0.3);
      });
    });
    ctx.restore();
  }

  #drawLabels(ctx: CanvasRenderingContext2D): void {
    const { plotHeight, width } = this.#size();
    const classes = this.#series.heatMap.counts[0]?.length ?? 1;
    ctx.fillStyle = colourOf('--muted');
    ctx.font = '11px system-ui, sans-serif';
    ctx.textAlign = 'right';
    const step = Math.max(1, Math.ceil(classes / LABELS_MAX));
    for (let at = 0; at <= classes; at += step) {
      const y = MARGIN.top + plotHeight * (1 - at / classes);
      ctx.fillText(formatMs(this.#msOf(at)), MARGIN.left - 8, Math.min(MARGIN.top + plotHeight, Math.max(y + 4, 11)));
    }
    ctx.textAlign = 'center';
    const [from, to] = this.#range;
    const stepS = TIME_STEPS_S.find((seconds) => (to - from) / seconds <= Math.max(2, width / 110)) ?? to - from;
    for (let atS = Math.ceil(from / stepS) * stepS; atS <= to; atS += stepS) {
      const x = Math.min(width - 20, Math.max(MARGIN.left + 8, this.#xOf(atS)));
      ctx.fillText(formatAxisSeconds(atS), x, MARGIN.top + plotHeight + 16);
    }
  }

  #timeOf(column: number): number {
    return columnBeginS(this.#series, column);
  }

  #msOf(at: number): number {
    const { fromMs, ratio } = this.#series.heatMap;
    return fromMs * ratio ** at;
  }

  #xOf(atS: number): number {
    const [from, to] = this.#range;
    return MARGIN.left + ((atS - from) / (to - from)) * (this.#size().width - MARGIN.left - MARGIN.right);
  }

  #whole(): [number, number] {
    const { endS, lengthS } = this.#series;
    return [(endS[0] ?? 1) - (lengthS[0] ?? 1), endS.at(-1) ?? 1];
  }

  #size(): { width: number; height: number; plotHeight: number } {
    const width = Math.max(240, this.#canvas.parentElement?.clientWidth ?? 0);
    return { width, height: HEIGHT, plotHeight: HEIGHT - MARGIN.top - MARGIN.bottom };
  }
}

/** `1:05`, `1:02:03`; below a minute and a half with seconds alone: `42s`, `4.2s`. */
function clockOf(seconds: number): string {
  if (seconds < 90) return `${Number(seconds.toFixed(1))}s`;
  return formatAxisSeconds(seconds);
}
