import type uPlot from 'uplot';
import type { PageData, RowSeries } from '../views/report-data.ts';
import { type ChartDef, errorDef, otherDefs, requestDefs, rowLabel } from './chart-defs.ts';
import { Legend } from './legend.ts';
import { type Mark, plotOf, widthOf } from './plot.ts';

export type ZoomRange = [fromS: number, toS: number] | undefined;

/** The charts over time as one thing. */
export interface Charts {
  redraw(): void;
  /** Told of every zoom; undefined is the whole run. */
  onZoom(listener: (range: ZoomRange) => void): void;
  /** Told when a row of requests is chosen; empty: all of them. */
  onRow(listener: (label: string) => void): void;
}

type Series = NonNullable<PageData['series']>;

const ALL = '';
/** What a run goes through before the load; a chart need not mark it. */
const QUIET_EVENTS: ReadonlySet<string> = new Set(['preparing users', 'setup', 'ended']);

export function drawCharts(series: Series, rows: RowSeries): Charts {
  const marks: Mark[] = series.events.filter(({ text }) => !QUIET_EVENTS.has(text));
  const zoomListeners = new Set<(range: ZoomRange) => void>();
  const rowListeners = new Set<(label: string) => void>();
  const whole: [number, number] = [(series.endS[0] ?? 1) - (series.lengthS[0] ?? 1), series.endS.at(-1) ?? 1];
  const plots = new Map<string, uPlot>();
  let zoomed: ZoomRange;

  const zoom = (range: ZoomRange): void => {
    zoomed = range;
    const [min, max] = range ?? whole;
    for (const plot of plots.values()) plot.setScale('x', { min, max });
    const reset = document.getElementById('reset-zoom') as HTMLButtonElement | null;
    if (reset !== null) reset.disabled = range === undefined;
    document.body.dataset['zoom'] = range === undefined ? '' : `${min.toFixed(3)},${max.toFixed(3)}`;
    for (const listener of zoomListeners) listener(range);
  };
  const draw = (def: ChartDef, block: HTMLElement): void => {
    plots.get(def.id)?.destroy();
    const { place, legend } = framed(def, block);
    const plot = plotOf(def, { place, marks, legend, onZoom: zoom });
    const [min, max] = zoomed ?? whole;
    plot.setScale('x', { min, max });
    plots.set(def.id, plot);
    watchSize(place, () => plots.get(def.id));
  };

  const blocks = new Map<string, HTMLElement>();
  for (const def of [...requestDefs(series, rows, ALL), ...otherDefs(series)].filter(hasContent)) {
    const block = document.createElement('figure');
    block.className = 'chart';
    document.getElementById('chart-grid')?.append(block);
    blocks.set(def.id, block);
    draw(def, block);
  }
  if (blocks.size === 0) sayThatNothingIsDrawn();
  const errors = errorDef(series);
  const errorBlock = document.getElementById('chart-errors');
  if (errors !== undefined && errorBlock !== null) {
    errorBlock.hidden = false;
    draw(errors, errorBlock);
  }

  document.getElementById('reset-zoom')?.addEventListener('click', () => zoom(undefined));
  offerRows(rows, (label) => {
    for (const def of requestDefs(series, rows, label)) {
      const block = blocks.get(def.id);
      if (block !== undefined) draw(def, block);
    }
    for (const listener of rowListeners) listener(label);
  });
  return {
    redraw: () => {
      for (const plot of plots.values()) plot.redraw(false);
    },
    onZoom: (listener) => void zoomListeners.add(listener),
    onRow: (listener) => void rowListeners.add(listener),
  };
}

/** A chart without a figure says nothing that its axes do not make look like zero. */
function hasContent({ lines }: ChartDef): boolean {
  return lines.some(({ values }) => values.some((value) => value !== null && value !== 0));
}

function sayThatNothingIsDrawn(): void {
  const words = document.createElement('p');
  words.className = 'empty';
  words.textContent = 'No user began and no request ended: there is nothing to draw.';
  document.getElementById('chart-grid')?.replaceWith(words);
  document.querySelector<HTMLElement>('.chart-tools')?.remove();
}

/** Title, legend and the place for the drawing. */
function framed(def: ChartDef, block: HTMLElement): { place: HTMLElement; legend: Legend } {
  const [title, about, place] = [document.createElement('figcaption'), document.createElement('small'), document.createElement('div')];
  const legend = new Legend(def.lines);
  about.textContent = def.about ?? '';
  title.append(`${def.title} `, about);
  place.className = 'plot';
  place.dataset['chart'] = def.id;
  block.replaceChildren(title, legend.list, place);
  return { place, legend };
}

function offerRows({ rows }: RowSeries, onChoice: (label: string) => void): void {
  const select = document.getElementById('row') as HTMLSelectElement | null;
  if (select === null) return;
  select.replaceChildren(new Option('all together', ALL), ...rows.map((row) => new Option(rowLabel(row), rowLabel(row))));
  select.addEventListener('change', () => onChoice(select.value));
}

const watched = new WeakSet<HTMLElement>();

/** A chart is as wide as its place, also on paper and when a phone is turned. */
function watchSize(place: HTMLElement, plotOfPlace: () => uPlot | undefined): void {
  if (watched.has(place)) return;
  watched.add(place);
  new ResizeObserver(() => {
    if (!place.isConnected) return; // another drawing took its place
    const plot = plotOfPlace();
    const width = widthOf(place);
    if (plot !== undefined && plot.width !== width) plot.setSize({ width, height: plot.height });
  }).observe(place);
}
