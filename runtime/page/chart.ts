import type uPlot from 'uplot';
import type { ChartDef, ShownRange } from './chart-defs.ts';
import { Legend } from './legend.ts';
import { dataOf, FORMAT, type PlotOptions, plotOf, widthOf } from './plot.ts';

interface ChartOptions extends Pick<PlotOptions, 'marks' | 'onZoom'> {
  /** What the names of lines say while nobody points at one: the latest figures, or nothing. */
  readonly unpointed: 'latest' | 'nothing';
}

/** A chart on the time axis that all charts of a run share: title, names with figures, and the drawing; in the page and in the report. */
export class Chart {
  readonly #block: HTMLElement;
  readonly #options: ChartOptions;
  readonly #place = document.createElement('div');
  readonly #sizes: ResizeObserver;
  #legend: Legend | undefined;
  #def: ChartDef | undefined;
  #plot: uPlot | undefined;
  #pointed: number | undefined;

  /** @param block - a figure; what is in it is replaced */
  constructor(block: HTMLElement, options: ChartOptions) {
    this.#block = block;
    this.#options = options;
    this.#place.className = 'plot';
    this.#place.setAttribute('role', 'img');
    this.#sizes = new ResizeObserver(() => this.#fit());
    this.#sizes.observe(this.#place);
  }

  /** New figures; other lines are another drawing. */
  draw(def: ChartDef, range: ShownRange): void {
    const isSame = this.#def !== undefined && namesIn(this.#def) === namesIn(def);
    this.#def = def;
    if (isSame) this.#plot?.setData(dataOf(def), false);
    else this.#begin(def);
    this.show(range);
    this.#tell();
  }

  show([min, max]: ShownRange): void {
    this.#plot?.setScale('x', { min, max });
  }

  /** Colours have changed. */
  redraw(): void {
    this.#plot?.redraw(false);
  }

  destroy(): void {
    this.#sizes.disconnect();
    this.#plot?.destroy();
  }

  #begin(def: ChartDef): void {
    this.#plot?.destroy();
    const [title, about] = [document.createElement('figcaption'), document.createElement('small')];
    about.textContent = def.about ?? '';
    title.append(`${def.title} `, about);
    this.#place.dataset['chart'] = def.id;
    this.#place.setAttribute('aria-label', `${def.title} over time. Figures are in the buttons before.`);
    const legend = new Legend(def.lines);
    this.#block.replaceChildren(title, legend.list, this.#place);
    const plot = plotOf(def, {
      ...this.#options,
      place: this.#place,
      onPoint: (index) => {
        this.#pointed = index;
        this.#tell();
      },
    });
    legend.attach(plot);
    [this.#legend, this.#plot] = [legend, plot];
  }

  /** A chart is as wide as its place, also on paper and when a phone is turned. */
  #fit(): void {
    const width = widthOf(this.#place);
    if (this.#plot !== undefined && this.#plot.width !== width) this.#plot.setSize({ width, height: this.#plot.height });
  }

  #tell(): void {
    const def = this.#def;
    if (def === undefined) return;
    const latest = this.#options.unpointed === 'latest' ? latestOf(def) : undefined;
    const values = this.#pointed === undefined ? latest : def.lines.map(({ values }) => values[this.#pointed as number]);
    this.#legend?.show(values && def.lines.map(({ unit }, i) => (values[i] == null ? '–' : FORMAT[unit](values[i]))));
  }
}

function namesIn({ id, title, lines }: ChartDef): string {
  return JSON.stringify([id, title, lines.map(({ label }) => label)]);
}

/**
 * Of the latest point in which anything was measured: what comes behind the load has no figures. A run that was shorter than the one it is drawn over has
 * its own last figure.
 */
function latestOf({ endS, lines }: ChartDef): (number | null | undefined)[] {
  const last = endS.findLastIndex((_, i) => lines.some(({ values }) => (values[i] ?? 0) !== 0));
  return lines.map(({ values }) => values.slice(0, (last < 0 ? endS.length - 1 : last) + 1).findLast((value) => value !== null));
}
