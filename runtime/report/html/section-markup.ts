import type { Block, RunSection } from '../../views/run-section.ts';
import { type Content, html, type Markup } from './markup.ts';
import { contentMarkup, section, tableMarkup } from './table.ts';
import { thresholdTiles } from './verdict-parts.ts';

/** What else stands in a section of the report, before and behind what it shares with the UI. */
interface Around {
  readonly before?: Content;
  readonly behind?: Content;
}

/** A section of `views/run-sections.ts`. */
export function sectionMarkup({ id, title, blocks }: RunSection, { before, behind }: Around = {}): Markup {
  return section(id, title, [before, blocks.map(blockMarkup), behind]);
}

function blockMarkup(block: Block): Content {
  switch (block.kind) {
    case 'words':
      return html`<p class="muted">${block.text}</p>`;
    case 'heading':
      return html`<h3>${block.text}</h3>`;
    case 'list':
      return html`<ul>${block.texts.map((text) => html`<li class="note">${text}</li>`)}</ul>`;
    case 'table':
      if (block.summary === undefined) return tableMarkup(block.table);
      return html`<details><summary>${block.summary}</summary>${tableMarkup(block.table)}</details>`;
    case 'facts':
      return html`<dl class="facts">${block.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${contentMarkup(value)}</dd></div>`)}</dl>`;
    case 'phases':
      return html`<p class="phase-legend">${block.phases.map(([phase, words]) => html`<span class="phase-${phase}">${words}</span> `)}</p>`;
    case 'tiles':
      return thresholdTiles(block.thresholds, block.label);
  }
}
