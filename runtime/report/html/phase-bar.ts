import { phaseParts } from '../../views/phase-section.ts';
import { html, type Markup } from './markup.ts';

/** Times of the phases, in their order, as parts of a bar. */
export function phaseBar(times: readonly number[]): Markup {
  const rects = phaseParts(times).map(
    ({ phase, x, width }) => html`<rect class="fill-${phase}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`,
  );
  return rects.length === 0
    ? html``
    : html`<svg class="phases" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${rects}</svg>`;
}
