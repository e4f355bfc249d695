// What was done, with what, and what the generator says of itself.

import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { formatAxisSeconds, formatBytes, formatMs, formatNumber, formatRatio, formatSeconds, formatStat } from '../core/page-figures.ts';
import { type MetricRow, pairsText, type RunEnvironment, type ScenarioRow } from '../core/run-json.ts';
import type { Block, RunSection } from './run-section.ts';
import type { ShownRun } from './shown-run.ts';
import { type Content, numberColumns, type TableColumn, tableModel } from './table-model.ts';

/** Stretches between changes of the load, each judged for itself. */
export function segmentSection({ exploratory }: ShownRun): RunSection {
  const blocks = (exploratory?.segments ?? []).flatMap(({ phase, fromS, toS, change, thresholds }): Block[] => [
    { kind: 'heading', text: `${phase}: ${formatAxisSeconds(fromS)} to ${formatAxisSeconds(toS)}` },
    { kind: 'words', text: change === '' ? 'as planned' : change },
    ...(thresholds.length === 0 ? [] : [{ kind: 'tiles', label: phase, thresholds } as const]),
  ]);
  return { id: 'segments', title: 'Stretches between edits', tab: 'setting', blocks };
}

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_METRICS.map(({ name }) => name));

const METRIC_COLUMNS: readonly TableColumn<[name: string, metric: MetricRow]>[] = [
  { title: 'Metric', isHead: true, cell: ([name]) => ({ text: name, looks: 'code' }), sortBy: ([name]) => name },
  { title: 'Type', cell: ([, { type, unit }]) => (unit === undefined ? type : `${type}, ${unit}`) },
  {
    title: 'Values',
    cell: ([, metric]) => Object.entries(metric.values).map(([stat, value]) => ({ name: stat, text: formatStat(stat, value, metric) })),
  },
];

/** The metrics that the script made, then, on demand, all others. */
export function metricSection({ metrics = {} }: ShownRun): RunSection {
  const all = Object.entries(metrics);
  const own = all.filter(([name]) => !isBuiltIn(name));
  const builtIn = all.filter(([name]) => isBuiltIn(name));
  const blocks: Block[] = [
    ...(own.length === 0 ? [] : [{ kind: 'table', table: tableModel('Metrics of the script', METRIC_COLUMNS, own) } as const]),
    ...(builtIn.length === 0
      ? []
      : [
          {
            kind: 'table',
            table: tableModel('Built-in metrics', METRIC_COLUMNS, builtIn),
            summary: `built-in metrics (${builtIn.length})`,
          } as const,
        ]),
  ];
  return { id: 'metrics', title: 'Metrics', tab: 'metrics', blocks };
}

function isBuiltIn(name: string): boolean {
  return BUILT_IN.has(name.split('{')[0] ?? name);
}

const SCENARIO_COLUMNS: readonly TableColumn<ScenarioRow>[] = [
  {
    title: 'Scenario',
    isHead: true,
    cell: ({ name, exec }) => [name, ...(exec === 'default' ? [] : [{ text: ` ${exec}()`, looks: 'muted' } as const])],
    sortBy: ({ name }) => name,
  },
  { title: 'Executor', cell: ({ executor, model }) => [executor, { text: ` ${model} model`, looks: 'muted' }] },
  ...numberColumns<ScenarioRow>([
    ['Users', ({ users }) => formatNumber(users), ({ users }) => users],
    ['Starts at', ({ startS }) => formatSeconds(startS), ({ startS }) => startS],
    ['Lasts', ({ durationS }) => (durationS === null ? 'its iterations' : formatSeconds(durationS)), ({ durationS }) => durationS ?? 0],
    ['Begun', ({ starts }) => formatNumber(starts?.begun), ({ starts }) => starts?.begun ?? 0],
    ['Dropped', ({ starts }) => (starts === undefined ? '' : formatNumber(starts.dropped)), ({ starts }) => starts?.dropped ?? 0],
  ]),
];

/** What was planned to begin and what did, and what the generator says of itself: a run is worth as much as its generator. */
export function loadSection({ scenarios = [], starts, generator }: ShownRun): RunSection {
  const blocks: Block[] = [
    ...(scenarios.length === 0 ? [] : [{ kind: 'table', table: tableModel('Scenarios', SCENARIO_COLUMNS, scenarios) } as const]),
    ...factsBlock([
      ['starts due', starts === undefined ? '' : formatNumber(starts.due)],
      ['begun', starts === undefined ? '' : formatNumber(starts.begun)],
      ['late', starts === undefined ? '' : formatNumber(starts.late)],
      ['queued', starts === undefined ? '' : formatNumber(starts.queued)],
      ['dropped', starts === undefined || starts.dropped === 0 ? '' : { text: formatNumber(starts.dropped), looks: 'bad-text' }],
      ['interrupted', starts === undefined ? '' : formatNumber(starts.interrupted)],
      ...(generator === undefined ? [] : generatorFacts(generator)),
    ]),
  ];
  return { id: 'load', title: 'Load and generator', tab: 'workers', blocks };
}

function generatorFacts({
  saturated,
  cpu,
  loopLagMs,
  overheadMs,
}: NonNullable<ShownRun['generator']>): (readonly [name: string, value: Content])[] {
  const state: Content =
    saturated === null
      ? 'not measured'
      : saturated
        ? { text: 'saturated: the times are partly its own', looks: 'bad-text' }
        : 'not saturated';
  return [
    ['generator', state],
    ['busiest worker', cpu === null ? '' : `${formatRatio(cpu)} of a core`],
    ['loop lag', loopLagMs === null ? '' : `p99 ${formatMs(loopLagMs.p99)}, max ${formatMs(loopLagMs.max)}`],
    ['own overhead', overheadMs === null ? '' : formatMs(overheadMs)],
  ];
}

/** How to do the same again: seed, versions, machine. */
export function settingSection({ run, environment = {} }: ShownRun): RunSection {
  const { versions = {}, git, tags, variables, scriptSha256 } = environment;
  const said = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const commit = git == null ? '' : `${git.commit.slice(0, 12)}${git.isDirty ? ' with changes that are not committed' : ''}`;
  const blocks =
    run === undefined
      ? []
      : factsBlock([
          ['run', { text: run.id, looks: 'code' }],
          ['script', run.script],
          ['environment', run.environment],
          ['target', run.baseUrl],
          ['profile', run.profile ?? ''],
          ['seed', { text: String(run.seed), looks: 'code' }],
          ['workers', formatNumber(run.workers)],
          ['started', run.started],
          ['commit', { text: commit, looks: 'code' }],
          ['tags', pairsText(tags)],
          ['variables', pairsText(variables)],
          ['versions', said.join(', ')],
          ['machine', machineWords(environment)],
          ['script SHA-256', { text: scriptSha256 === undefined ? '' : `${scriptSha256.slice(0, 16)}…`, looks: 'code' }],
        ]);
  return { id: 'setting', title: 'Setting', tab: 'setting', blocks };
}

function machineWords({ machine = {} }: RunEnvironment): string {
  const { cpu, cores, memoryBytes, platform, arch } = machine;
  return [cpu, cores && `${cores} cores`, typeof memoryBytes === 'number' && formatBytes(memoryBytes), platform, arch]
    .filter(Boolean)
    .join(', ');
}

/** Warnings and remarks, in order. */
export function noteSection({ notes = [] }: ShownRun): RunSection {
  return { id: 'notes', title: 'Notes', tab: 'setting', blocks: notes.length === 0 ? [] : [{ kind: 'list', texts: notes }] };
}

/** Names and values; those without a value are left out. */
function factsBlock(facts: readonly (readonly [name: string, value: Content])[]): Block[] {
  const known = facts.filter(([, value]) => (typeof value === 'string' ? value : 'text' in value ? value.text : 'known') !== '');
  return known.length === 0 ? [] : [{ kind: 'facts', facts: known }];
}
