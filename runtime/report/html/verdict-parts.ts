import { outcomeBadge, verdictTitle } from '../../core/outcome-tone.ts';
import { formatMs, formatNumber, formatRatio, formatSeconds, shortScript, shortThreshold } from '../../core/page-figures.ts';
import type { RunJson, ThresholdResult } from '../../core/run-json.ts';
import { LIMIT_SHARE, tileOf } from '../../core/threshold-tile.ts';
import { reasonParts, saturationWords, verdictPoints } from '../../core/verdict-points.ts';
import { aggregatedOf } from '../benchmark-block.ts';
import { measuredWords, thresholdWords } from '../verdict-words.ts';
import { html, type Markup } from './markup.ts';
import { section } from './table.ts';

/** The first thing to read: what ran, how it ended, in words, and why; then the few numbers that everybody asks for. */
export function headPart(run: RunJson): Markup {
  const { id, script, environment, baseUrl, profile, started, exitCode } = run.run;
  const { sign, tone, name } = outcomeBadge(run.verdict.outcome);
  const scene = [script, profile === null ? 'no profile' : `profile ${profile}`, baseUrl, started, id, `exit code ${exitCode}`];
  return html`<div class="run-head" id="verdict">
<div class="run-title"><h1>${shortScript(script)} <span class="muted">on ${environment}</span></h1><span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${name}</span></div>
<p class="muted">${scene.filter(Boolean).join(' · ')}</p>
<div class="verdict ${tone}"><p class="outcome">${verdictTitle(run)}.</p>
<p>${[measuredWords(run), thresholdWords(run), saturationWords(run)].filter(Boolean).join(' ')}</p>
${reasonsOf(run)}</div>
${figuresOf(run)}</div>\n`;
}

/** What was decided, then what was left open. */
function reasonsOf(run: RunJson): Markup {
  const { decided, open } = verdictPoints(run);
  if (decided.length + open.length === 0) return html``;
  return html`<ul>${decided.map(reasonOf)}${open.map(
    ({ why, texts }) => html`<li>${why === '' ? 'Left open:' : `Left open, because ${why}:`}<ul>${texts.map(reasonOf)}</ul></li>`,
  )}</ul>`;
}

function reasonOf(text: string): Markup {
  const { words, frame } = reasonParts(text);
  return html`<li>${shortThreshold(words)}${frame !== '' && html`<pre tabindex="0">${frame}</pre>`}</li>`;
}

function figuresOf(run: RunJson): Markup {
  const all = aggregatedOf(run);
  const users = run.series?.users.reduce((most, count) => Math.max(most, count), 0);
  const figures: (readonly [name: string, value: string, isBad?: boolean])[] = [
    ['Most users', formatNumber(users)],
    ['Requests/s', formatNumber(all.count === 0 ? undefined : all.perSecond)],
    ['Failed', formatRatio(all.count === 0 ? undefined : all.failed / all.count), all.failed > 0],
    ['p50', formatMs(all.responseTimeMs?.p50)],
    ['p95', formatMs(all.responseTimeMs?.p95)],
    ['p99', formatMs(all.responseTimeMs?.p99)],
    ['Requests', formatNumber(all.count)],
    ['Time', formatSeconds(run.run.durationS)],
  ];
  return html`<dl class="figures">${figures.map(
    ([name, value, isBad]) => html`<div><dt>${name}</dt><dd${isBad === true ? html` class="bad-text"` : ''}>${value}</dd></div>`,
  )}</dl>`;
}

/** Each threshold with what came of it and how far it was from its limit. */
export function thresholdPart(run: RunJson): Markup {
  return section('thresholds', 'Thresholds', run.thresholds.length > 0 && thresholdTiles(run.thresholds, 'Thresholds'));
}

/** Tiles, under the heading of who has them. */
export function thresholdTiles(thresholds: readonly ThresholdResult[], label: string): Markup {
  return html`<ul class="thresholds" aria-label="${label}">${thresholds.map(thresholdTile)}</ul>`;
}

/** The markup of the UI's tiles. A bar's colour is that of the outcome, for one that is over its limit may be undecided. */
function thresholdTile(threshold: ThresholdResult): Markup {
  const { tone, sign, word, condition, figure, subject, source, filled, note, samples, chance } = tileOf(threshold, true);
  const bar =
    filled !== undefined &&
    html`<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="bar-all" width="100" height="6"/><rect class="bar-filled" width="${(filled * 100).toFixed(1)}" height="6"/><rect class="bar-limit" x="${(LIMIT_SHARE * 100).toFixed(0)}" width="0.8" height="6"/></svg>`;
  return html`<li class="${tone}" title="${threshold.detail}"><span class="threshold-name"><b class="${tone}-text"><span aria-hidden="true">${sign}</span> <span class="unseen">${word}:</span></b> <b>${condition}</b></span><b class="threshold-figure">${figure}</b><span class="threshold-subject muted">${subject} <span class="threshold-source">${source}</span></span>${bar}<span class="threshold-margin">${note} <span class="threshold-source">${samples}</span>${chance !== '' && html` <span class="threshold-source">${chance}</span>`}</span></li>\n`;
}
