import { BUILT_IN_METRICS } from '../../core/built-in-metrics.ts';
import { formatMs, formatRatio, formatStat } from '../../core/page-figures.ts';
import { type MetricRow, pairsText, type RunJson, type ScenarioRow } from '../../core/run-json.ts';
import { formatBytes, formatDurationUs } from '../../core/units.ts';
import { html, type Markup } from './markup.ts';
import { facts, section, type TableColumn, tableOf } from './table.ts';

const BUILT_IN = new Set(BUILT_IN_METRICS.map((metric) => metric.name));

/** The metrics that the script made, then, on demand, all others. */
export function metricPart(run: RunJson): Markup {
  const all = Object.entries(run.metrics);
  const own = all.filter(([name]) => !BUILT_IN.has(name.split('{')[0] ?? name));
  const builtIn = all.filter(([name]) => BUILT_IN.has(name.split('{')[0] ?? name));
  return section(
    'metrics',
    'Metrics',
    all.length > 0 && [
      own.length > 0 && tableOf(METRIC_COLUMNS, own, { caption: 'Metrics of the script' }),
      builtIn.length > 0 &&
        html`<details><summary>built-in metrics (${builtIn.length})</summary>${tableOf(METRIC_COLUMNS, builtIn, { caption: 'Built-in metrics' })}</details>`,
    ],
  );
}

const METRIC_COLUMNS: readonly TableColumn<[name: string, metric: MetricRow]>[] = [
  { title: 'metric', cell: ([name]) => html`<code>${name}</code>` },
  { title: 'type', cell: ([, { type, unit }]) => (unit === undefined ? type : `${type}, ${unit}`) },
  {
    title: 'values',
    cell: ([, metric]) =>
      Object.entries(metric.values).map(
        ([stat, value]) => html`<span class="stat">${stat} <b>${formatStat(stat, value, metric)}</b></span> `,
      ),
  },
];

/** What was planned to begin and what did, and what the generator says of itself: a run is worth as much as its generator. */
export function loadPart(run: RunJson): Markup {
  const { starts, generator } = run;
  const state =
    generator.saturated === null
      ? 'not measured'
      : generator.saturated
        ? html`<span class="bad-text">saturated: the times are partly its own</span>`
        : 'not saturated';
  return section('load', 'Load and generator', [
    run.scenarios !== undefined && run.scenarios.length > 0 && tableOf(SCENARIO_COLUMNS, run.scenarios, { caption: 'Scenarios' }),
    facts([
      ['starts due', starts.due],
      ['begun', starts.begun],
      ['late', starts.late],
      ['queued', starts.queued],
      ['dropped', starts.dropped > 0 && html`<span class="bad-text">${starts.dropped}</span>`],
      ['interrupted', starts.interrupted],
      ['generator', state],
      ['busiest worker', generator.cpu === null ? '' : `${formatRatio(generator.cpu)} of a core`],
      [
        'loop lag',
        generator.loopLagMs === null ? '' : `p99 ${formatMs(generator.loopLagMs.p99)}, max ${formatMs(generator.loopLagMs.max)}`,
      ],
      ['own overhead', generator.overheadMs === null ? '' : formatMs(generator.overheadMs)],
    ]),
  ]);
}

const SCENARIO_COLUMNS: readonly TableColumn<ScenarioRow>[] = [
  { title: 'scenario', cell: ({ name, exec }) => [name, exec !== 'default' && html` <small class="muted">${exec}()</small>`] },
  { title: 'executor', cell: ({ executor, model }) => [executor, ' ', html`<small class="muted">${model} model</small>`] },
  { title: 'users', isNumber: true, cell: ({ users }) => users, sortBy: ({ users }) => users },
  { title: 'starts at', isNumber: true, cell: ({ startS }) => `${startS}s`, sortBy: ({ startS }) => startS },
  {
    title: 'lasts',
    isNumber: true,
    cell: ({ durationS }) => (durationS === null ? 'its iterations' : formatDurationUs(durationS * 1_000_000)),
    sortBy: ({ durationS }) => durationS ?? 0,
  },
  { title: 'begun', isNumber: true, cell: ({ starts }) => starts?.begun ?? '', sortBy: ({ starts }) => starts?.begun ?? 0 },
  { title: 'dropped', isNumber: true, cell: ({ starts }) => starts?.dropped ?? '', sortBy: ({ starts }) => starts?.dropped ?? 0 },
];

/** How to do the same again: plan, seed, versions, machine. */
export function settingPart(run: RunJson, plan: unknown): Markup {
  const { environment: about = {} } = run;
  const { versions = {}, machine = {}, git } = about;
  const machineWords = [
    machine['cpu'],
    machine['cores'] && `${machine['cores']} cores`,
    typeof machine['memoryBytes'] === 'number' && formatBytes(machine['memoryBytes']),
    machine['platform'],
    machine['arch'],
  ];
  return section('setting', 'Setting', [
    facts([
      ['run', html`<code>${run.run.id}</code>`],
      ['script', run.run.script],
      ['environment', run.run.environment],
      ['target', run.run.baseUrl],
      ['profile', run.run.profile],
      ['seed', html`<code>${run.run.seed}</code>`],
      ['workers', run.run.workers],
      ['started', run.run.started],
      ['git', git == null ? '' : html`<code>${git.commit.slice(0, 12)}</code>${git.isDirty && ' with changes that are not committed'}`],
      ['tags', pairsText(about.tags)],
      ['variables', pairsText(about.variables)],
      [
        'versions',
        Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', '),
      ],
      ['machine', machineWords.filter(Boolean).join(', ')],
      ['script SHA-256', about.scriptSha256 !== undefined && html`<code>${about.scriptSha256.slice(0, 16)}…</code>`],
    ]),
    plan !== undefined &&
      html`<details><summary>the plan, as it was resolved</summary><pre>${JSON.stringify(plan, undefined, 2)}</pre></details>`,
  ]);
}

/** Warnings and remarks, in order. */
export function notePart(run: RunJson): Markup {
  return section('notes', 'Notes', run.notes.length > 0 && html`<ul>${run.notes.map((note) => html`<li class="note">${note}</li>`)}</ul>`);
}
