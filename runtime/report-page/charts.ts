import { Chart } from '../page/chart.ts';
import { type ChartDef, chartDefs, hasFigures, type ShownRange } from '../page/chart-defs.ts';
import { marksOf } from '../page/marks.ts';
import type { PageData, RowSeries } from '../views/report-data.ts';
import { errorDef, rowDefs, rowLabel } from './row-defs.ts';

export type ZoomRange = ShownRange | undefined;

/** The charts over time as one thing. */
export interface Charts {
  redraw(): void;
  /** Told of every zoom; undefined is the whole run. */
  onZoom(listener: (range: ZoomRange) => void): void;
  /** Told when a row of requests is chosen; empty: all of them. */
  onRow(listener: (label: string) => void): void;
}

const ALL = '';

export function drawCharts(series: NonNullable<PageData['series']>, rows: RowSeries): Charts {
  const marks = marksOf(series);
  const zoomListeners = new Set<(range: ZoomRange) => void>();
  const rowListeners = new Set<(label: string) => void>();
  const whole: ShownRange = [(series.endS[0] ?? 1) - (series.lengthS[0] ?? 1), series.endS.at(-1) ?? 1];
  const charts = new Map<string, Chart>();
  let shown = whole;

  const zoom = (range: ZoomRange): void => {
    shown = range ?? whole;
    for (const chart of charts.values()) chart.show(shown);
    const reset = document.getElementById('reset-zoom') as HTMLButtonElement | null;
    if (reset !== null) reset.disabled = range === undefined;
    document.body.dataset['zoom'] = range === undefined ? '' : shown.map((seconds) => seconds.toFixed(3)).join();
    for (const listener of zoomListeners) listener(range);
  };
  const draw = (def: ChartDef, block: HTMLElement): void => {
    const chart = new Chart(block, { marks: () => marks, onZoom: zoom, unpointed: 'nothing' });
    charts.set(def.id, chart);
    chart.draw(def, shown);
  };

  const defs = chartDefs(series).filter(hasFigures);
  for (const def of defs) {
    const block = document.createElement('figure');
    block.className = 'chart';
    document.getElementById('chart-grid')?.append(block);
    draw(def, block);
  }
  if (defs.length === 0) sayThatNothingIsDrawn();
  const errors = errorDef(series);
  const errorBlock = document.getElementById('chart-errors');
  if (errors !== undefined && errorBlock !== null) {
    errorBlock.hidden = false;
    draw(errors, errorBlock);
  }

  document.getElementById('reset-zoom')?.addEventListener('click', () => zoom(undefined));
  offerRows(rows, (label) => {
    for (const def of rowDefs(rows, label) ?? defs.slice(0, 2)) charts.get(def.id)?.draw(def, shown);
    for (const listener of rowListeners) listener(label);
  });
  return {
    redraw: () => {
      for (const chart of charts.values()) chart.redraw();
    },
    onZoom: (listener) => void zoomListeners.add(listener),
    onRow: (listener) => void rowListeners.add(listener),
  };
}

function sayThatNothingIsDrawn(): void {
  const words = document.createElement('p');
  words.className = 'empty';
  words.textContent = 'No user began and no request ended: there is nothing to draw.';
  document.getElementById('chart-grid')?.replaceWith(words);
  document.querySelector<HTMLElement>('.chart-tools')?.remove();
}

function offerRows({ rows }: RowSeries, onChoice: (label: string) => void): void {
  const select = document.getElementById('row') as HTMLSelectElement | null;
  if (select === null) return;
  select.replaceChildren(new Option('all together', ALL), ...rows.map((row) => new Option(rowLabel(row), rowLabel(row))));
  select.addEventListener('change', () => onChoice(select.value));
}
