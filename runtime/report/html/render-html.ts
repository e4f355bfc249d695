import type { RunJson } from '../../core/run-json.ts';
import type { RunSection } from '../../views/run-section.ts';
import { sectionsOf } from '../../views/run-sections.ts';
import { shownRun } from '../../views/shown-run.ts';
import { outcomeWords } from '../verdict-words.ts';
import { html, jsonMarkup, Markup } from './markup.ts';
import { pageDataOf, sourceHashOf } from './page-data.ts';
import { requestPart } from './request-parts.ts';
import { sectionMarkup } from './section-markup.ts';
import { section } from './table.ts';
import { headPart, thresholdPart } from './verdict-parts.ts';

/** The page's own script and style, as the build makes them of `html-page/`. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * The whole report as one file that needs no network: tables are there without a script too, charts and downloads come with it. Nothing but the
 * script and the style given here can run in it.
 * @param options.plan as kept in plan.json, secrets hidden
 * @param options.assets absent: the tables alone
 */
export function renderHtml(run: RunJson, options: { readonly plan?: unknown; readonly assets?: PageAssets } = {}): string {
  const { plan, assets = { script: '', style: '' } } = options;
  const policy = `default-src 'none'; script-src ${sourceHashOf(assets.script)}; style-src ${sourceHashOf(assets.style)}; img-src data:; base-uri 'none'; form-action 'none'`;
  const { sectionsBefore, sectionsBehind } = sectionParts(run, plan);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${outcomeWords(run)}: ${run.run.id}</title>
<style>${new Markup(assets.style)}</style>
</head>
<body>
<header class="top"><span class="brand">stressrun</span><span class="muted">report</span>
<nav class="tools" hidden aria-label="Report">
<details class="menu"><summary>Download</summary><div id="downloads"></div></details>
<button type="button" id="theme" aria-label="switch between light and dark">◐</button>
</nav></header>
<main>
${headPart(run)}${thresholdPart(run)}${sectionsBefore}${chartPart(run)}${requestPart(run)}${sectionsBehind}
</main>
<footer class="muted">made by stressrun ${run.environment?.versions?.['stressrun'] ?? ''}; times of requests are those of expected answers</footer>
<script type="application/json" id="data">${jsonMarkup(pageDataOf(run))}</script>
<script>${new Markup(assets.script)}</script>
</body>
</html>
`;
  return page.text;
}

/** What is judged by stretch stands with the thresholds, all else behind the requests. */
function sectionParts(run: RunJson, plan: unknown): { sectionsBefore: Markup[]; sectionsBehind: Markup[] } {
  const around = {
    failures: { before: html`<figure class="chart" id="chart-errors" hidden></figure>` },
    setting: {
      behind:
        plan !== undefined &&
        html`<details><summary>the plan, as it was resolved</summary><pre>${JSON.stringify(plan, undefined, 2)}</pre></details>`,
    },
  };
  const sections = sectionsOf(shownRun(run));
  const isBefore = ({ id }: RunSection): boolean => id === 'segments';
  const markup = (each: RunSection): Markup => sectionMarkup(each, around[each.id as keyof typeof around]);
  return {
    sectionsBefore: sections.filter(isBefore).map(markup),
    sectionsBehind: sections.filter((each) => !isBefore(each)).map(markup),
  };
}

/** Places for what the page's script draws. */
function chartPart(run: RunJson): Markup {
  if (run.series === undefined || run.series.endS.length === 0) return html``;
  return section('charts', 'Charts', [
    html`<noscript><p>The charts need JavaScript; the numbers do not.</p></noscript>
<div class="chart-tools" hidden><label>Requests <select id="row"></select></label> <button type="button" id="reset-zoom" disabled>Whole run</button> <span class="hint" id="zoom-hint">Drag across a chart to zoom into all; double-click for the whole run.</span></div>
<div class="charts" id="chart-grid"></div>
<figure class="chart" id="heat-map-block" hidden><figcaption>Response times, as a heat map <small id="heat-map-text">the stronger the colour, the more answers took so long</small></figcaption><div class="heat-map"><canvas id="heat-map" role="img" aria-label="how many answers took how long, over time"></canvas></div></figure>
<figure class="chart" id="distribution-block" hidden><figcaption>Distribution <small>response time that a share of the answers does not exceed; the further right, the rarer</small></figcaption><ul class="legend"></ul><div class="plot" id="distribution"></div></figure>`,
  ]);
}
