import type uPlot from 'uplot';
import { type ChartDef, errorDef, otherDefs, requestDefs, rowLabel } from './chart-defs.ts';
import type { PageData, RowSeries } from './page-data.ts';
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
  const draw = (def: ChartDef, place: HTMLElement): void => {
    plots.get(def.id)?.destroy();
    const plot = plotOf(def, { place, marks, onZoom: zoom });
    const [min, max] = zoomed ?? whole;
    plot.setScale('x', { min, max });
    plots.set(def.id, plot);
    watchSize(place, () => plots.get(def.id));
  };

  const places = new Map<string, HTMLElement>();
  for (const def of [...requestDefs(series, rows, ALL), ...otherDefs(series)]) {
    const place = placeFor(def);
    places.set(def.id, place);
    draw(def, place);
  }
  const errors = errorDef(series);
  const errorPlace = document.getElementById('chart-errors');
  if (errors !== undefined && errorPlace !== null) draw(errors, headed(errors, errorPlace));

  document.getElementById('reset-zoom')?.addEventListener('click', () => zoom(undefined));
  offerRows(rows, (label) => {
    for (const def of requestDefs(series, rows, label)) {
      const place = places.get(def.id);
      if (place === undefined) continue;
      describe(def, place);
      draw(def, place);
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

function placeFor(def: ChartDef): HTMLElement {
  const block = document.createElement('div');
  block.className = 'chart-block';
  document.getElementById('chart-grid')?.append(block);
  return headed(def, block);
}

/** The place for the drawing, under its title. */
function headed(def: ChartDef, block: HTMLElement): HTMLElement {
  const title = document.createElement('h3');
  const about = document.createElement('small');
  const place = document.createElement('div');
  place.className = 'chart';
  place.dataset['chart'] = def.id;
  about.className = 'dim';
  title.append(document.createTextNode(''), about);
  block.append(title, place);
  describe(def, place);
  return place;
}

function describe(def: ChartDef, place: HTMLElement): void {
  const title = place.previousElementSibling;
  if (title?.firstChild == null || title.lastChild === null) return;
  title.firstChild.textContent = `${def.title} `;
  title.lastChild.textContent = def.about ?? '';
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
    const plot = plotOfPlace();
    const width = widthOf(place);
    if (plot !== undefined && plot.width !== width) plot.setSize({ width, height: plot.height });
  }).observe(place);
}
