import type uPlot from 'uplot';
import type { LineDef } from './chart-defs.ts';

type NamedLine = Pick<LineDef, 'label' | 'color' | 'dash'>;

const SVG = 'http://www.w3.org/2000/svg';

/** The names of a chart's lines: each shows and hides its line, and has its figure where the pointer is. */
export class Legend {
  readonly list = document.createElement('ul');
  readonly #figures: HTMLElement[];
  readonly #hidden = new Set<number>();
  #plot: uPlot | undefined;

  constructor(lines: readonly NamedLine[]) {
    this.list.className = 'legend';
    this.#figures = lines.map(() => document.createElement('b'));
    this.list.append(...lines.map((line, i) => this.#entry(line, i)));
  }

  /** The drawing that it names the lines of. */
  attach(plot: uPlot): void {
    this.#plot = plot;
  }

  /** @param texts - one for each line; undefined: the pointer is elsewhere */
  show(texts: readonly string[] | undefined): void {
    for (const [i, figure] of this.#figures.entries()) figure.textContent = texts?.[i] ?? '';
  }

  #entry({ label, color, dash }: NamedLine, index: number): HTMLLIElement {
    const [item, button] = [document.createElement('li'), document.createElement('button')];
    button.type = 'button';
    button.className = 'legend-entry';
    button.setAttribute('aria-pressed', 'true');
    button.append(swatch(color, dash), `${label} `, this.#figures[index] ?? '');
    button.addEventListener('click', () => {
      const isShown = this.#hidden.delete(index);
      if (!isShown) this.#hidden.add(index);
      button.setAttribute('aria-pressed', String(isShown));
      this.#plot?.setSeries(index + 1, { show: isShown });
    });
    item.append(button);
    return item;
  }
}

function swatch(color: string, dash: NamedLine['dash']): SVGElement {
  const [svg, line] = [document.createElementNS(SVG, 'svg'), document.createElementNS(SVG, 'line')];
  for (const [name, value] of Object.entries({ class: `swatch stroke${color}`, viewBox: '0 0 18 8', width: '18', height: '8' }))
    svg.setAttribute(name, value);
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, value] of Object.entries({ x1: '0', y1: '4', x2: '18', y2: '4', 'stroke-width': '2.5' }))
    line.setAttribute(name, value);
  if (dash !== undefined) line.setAttribute('stroke-dasharray', dash.join(' '));
  svg.append(line);
  return svg;
}
