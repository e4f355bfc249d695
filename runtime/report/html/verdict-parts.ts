import { type OutcomeTone, toneOf } from '../../core/outcome-tone.ts';
import type { RunJson, ThresholdResult } from '../../core/run-json.ts';
import { barShareOf, LIMIT_SHARE } from '../../core/threshold-text.ts';
import { formatDurationUs } from '../../core/units.ts';
import { saturationWords, verdictPoints, withoutWhy } from '../../core/verdict-points.ts';
import { aggregatedOf } from '../benchmark-block.ts';
import { formatMs, formatRate, formatRatio } from '../numbers.ts';
import { measuredWords, outcomeWords, thresholdWords } from '../verdict-words.ts';
import { html, type Markup } from './markup.ts';
import { section, type TableColumn, tableOf } from './table.ts';

/** The first thing to read: how it ended, in words, and why. */
export function verdictPart(run: RunJson): Markup {
  const { outcome } = run.verdict;
  const tone = toneOf(outcome);
  const { script, environment, baseUrl, profile, durationS, started } = run.run;
  const scene = [
    `${script} on ${environment}${baseUrl === '' ? '' : ` (${baseUrl})`}`,
    profile === null ? '' : `profile ${profile}`,
    durationS > 0 ? `${formatDurationUs(durationS * 1_000_000)} measured` : 'nothing measured',
    started,
  ];
  return html`<section id="verdict" class="verdict ${tone}">
<p class="outcome"><span class="badge">${{ good: '✓', bad: '✗', unsure: '?', none: '–' }[tone]}</span> ${outcomeWords(run)}</p>
<p class="summary">${[measuredWords(run), thresholdWords(run), saturationWords(run)].filter(Boolean).join(' ')}</p>
${pointsOf(run)}
<p class="dim">${scene.filter(Boolean).join(' · ')} · exit code ${run.run.exitCode}</p>
</section>\n`;
}

/** What was decided, then what was left open. */
function pointsOf(run: RunJson): Markup {
  const { decided, open } = verdictPoints(run);
  if (decided.length + open.length === 0) return html``;
  return html`<ul>${decided.map((text) => html`<li>${text}</li>`)}${open.map(
    ({ why, texts }) =>
      html`<li>${why === '' ? 'Left open:' : `Left open, because ${why}:`}<ul>${texts.map((text) => html`<li>${text}</li>`)}</ul></li>`,
  )}</ul>`;
}

/** The few numbers that everybody asks for. */
export function figuresPart(run: RunJson): Markup {
  const all = aggregatedOf(run);
  const times = all.responseTimeMs;
  const cards: (readonly [title: string, value: string, about: string, isBad?: boolean])[] = [
    ['requests', all.count.toLocaleString('en'), all.interrupted > 0 ? `${all.interrupted} cut off at the end` : 'answered or failed'],
    ['per second', formatRate(all.perSecond), 'while measured'],
    ['failed', all.count === 0 ? 'n/a' : formatRatio(all.failed / all.count), `${all.failed} requests`, all.failed > 0],
    ['p50', formatMs(times?.p50), 'response time'],
    ['p95', formatMs(times?.p95), `from sent: ${formatMs(all.durationMs?.p95)}`],
    ['p99', formatMs(times?.p99), `from sent: ${formatMs(all.durationMs?.p99)}`],
    ['longest', formatMs(times?.max), 'response time'],
  ];
  return html`<div class="cards">${cards.map(
    ([title, value, about, isBad]) =>
      html`<div class="card${isBad === true ? ' bad' : ''}"><b>${value}</b><span>${title}</span><small>${about}</small></div>`,
  )}</div>\n`;
}

/** Each threshold with what came of it and how far it was from its limit. */
export function thresholdPart(run: RunJson): Markup {
  return section('thresholds', 'Thresholds', run.thresholds.length > 0 && thresholdTable(run.thresholds, 'Thresholds'));
}

/** Stretches between changes of the load, each judged for itself. */
export function segmentPart(run: RunJson): Markup {
  const segments = run.exploratory?.segments ?? [];
  const blocks = segments.map(
    ({ phase, fromS, toS, change, thresholds }) => html`<h3>${phase}: ${fromS.toFixed(0)} to ${toS.toFixed(0)} s</h3>
<p>${change === '' ? 'as planned' : change}</p>${thresholds.length > 0 && thresholdTable(thresholds, phase)}`,
  );
  return section('segments', 'The load was changed while it ran', blocks);
}

const COLUMNS: readonly TableColumn<ThresholdResult>[] = [
  { title: '', cell: (row) => html`<span class="badge ${toneOfThreshold(row)}">${markOf(row)}</span>` },
  { title: 'threshold', cell: (row) => html`<code>${row.expression}</code><br><small class="dim">${row.source}</small>` },
  { title: 'result', cell: ({ outcome, detail }) => (outcome === 'undecided' ? withoutWhy(detail) : detail) },
  { title: 'margin', cell: marginBar },
  {
    title: 'samples',
    isNumber: true,
    cell: ({ samples, isThin }) => [samples ?? '', isThin === true && html` <small>few</small>`],
    sortBy: ({ samples }) => samples ?? 0,
  },
];

function thresholdTable(thresholds: readonly ThresholdResult[], caption: string): Markup {
  return tableOf(COLUMNS, thresholds, { caption });
}

/** The measured value on a scale with room beyond the limit; its colour is that of the outcome, for one that is over may be undecided. */
function marginBar(threshold: ThresholdResult): Markup {
  const { actual, limit } = threshold;
  const share = barShareOf(threshold);
  if (actual === undefined || share === undefined) return html``;
  const width = share * 100;
  return html`<svg class="margin ${toneOfThreshold(threshold)}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${((actual / limit) * 100).toFixed(0)} % of the limit"><rect class="track" width="100" height="10"/><rect class="value" width="${width.toFixed(1)}" height="10"/><rect class="limit" x="${(LIMIT_SHARE * 100).toFixed(0)}" width="1" height="10"/></svg>`;
}

function toneOfThreshold({ outcome }: ThresholdResult): OutcomeTone {
  return outcome === 'met' ? 'good' : outcome === 'missed' ? 'bad' : 'unsure';
}

function markOf({ outcome, isExcused }: ThresholdResult): string {
  if (isExcused === true) return '–';
  return outcome === 'met' ? '✓' : outcome === 'missed' ? '✗' : '?';
}
