import { createHash } from 'node:crypto';
import { JUDGED_PERIODS, type ThresholdPlan } from '../core/plan.ts';
import type { MetricDefinition, Tags } from '../core/records.ts';
import type { CheckRow, RunJson, ThresholdResult } from '../core/run-json.ts';
import { wordsOf } from '../core/threshold-asked.ts';
import { perSecond } from '../record/request-rows.ts';
import type { MetricStore } from '../record/store.ts';
import type { TrendTotals } from '../record/trend-totals.ts';

/** Everything that k6's summary is made of. */
export interface SummaryMaterial {
  readonly run: RunJson;
  readonly store: MetricStore;
  /** In the order of `run.thresholds`. */
  readonly thresholds: readonly ThresholdPlan[];
  /** `options` of the script, as it wrote them. */
  readonly options: unknown;
  /** What setup() returned, as JSON; empty for nothing. */
  readonly setupJson: string;
  readonly isTty: boolean;
}

type Values = Record<string, number>;

interface SummaryMetric {
  type: string;
  contains: string;
  values: Values;
  /** By expression as written. */
  thresholds?: Record<string, { ok: boolean }>;
}

interface SummaryCheck {
  name: string;
  path: string;
  id: string;
  passes: number;
  fails: number;
}

interface SummaryGroup {
  name: string;
  path: string;
  id: string;
  groups: SummaryGroup[];
  checks: SummaryCheck[];
}

/** What `handleSummary` is given: k6's shape, and the whole of run.json beside it. Times are ms. */
export interface SummaryData {
  root_group: SummaryGroup;
  options: { summaryTrendStats: string[]; summaryTimeUnit: string; noColor: boolean };
  state: { isStdOutTTY: boolean; isStdErrTTY: boolean; testRunDurationMs: number };
  metrics: Record<string, SummaryMetric>;
  setup_data?: unknown;
  stressrun: RunJson;
}

/** k6's default. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];
const PERCENTILE = /^p\((\d+(?:\.\d+)?)\)$/;

/** @see https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/ */
export function summaryDataOf(material: SummaryMaterial): SummaryData {
  const { run, setupJson, isTty } = material;
  const options = optionsOf(material.options);
  return {
    root_group: groupsOf(run.checks),
    options,
    state: { isStdOutTTY: isTty, isStdErrTTY: isTty, testRunDurationMs: run.run.durationS * 1000 },
    metrics: metricsOf(material, options.summaryTrendStats),
    ...(setupJson === '' ? {} : { setup_data: JSON.parse(setupJson) as unknown }),
    stressrun: run,
  };
}

/** What `--summary-export` writes: the flat shape that k6 had before, thresholds true when they FAILED. */
export function summaryExportOf(material: SummaryMaterial): unknown {
  const data = summaryDataOf(material);
  const metrics = Object.entries(data.metrics).map(([name, { type, values, thresholds }]) => {
    const { rate, ...others } = values;
    const flat = type === 'rate' ? { ...others, value: rate } : values;
    const failed = Object.entries(thresholds ?? {}).map(([expression, { ok }]) => [expression, !ok]);
    return [name, { ...flat, ...(thresholds === undefined ? {} : { thresholds: Object.fromEntries(failed) }) }];
  });
  return { metrics: Object.fromEntries(metrics), root_group: flatGroup(data.root_group) };
}

function flatGroup({ groups, checks, ...group }: SummaryGroup): unknown {
  return {
    ...group,
    groups: Object.fromEntries(groups.map((each) => [each.name, flatGroup(each)])),
    checks: Object.fromEntries(checks.map((check) => [check.name, check])),
  };
}

function optionsOf(options: unknown): SummaryData['options'] {
  const { summaryTrendStats, summaryTimeUnit, noColor } = (options ?? {}) as Record<string, unknown>;
  const stats = Array.isArray(summaryTrendStats) ? summaryTrendStats.filter((stat) => typeof stat === 'string') : TREND_STATS;
  return {
    summaryTrendStats: stats,
    summaryTimeUnit: typeof summaryTimeUnit === 'string' ? summaryTimeUnit : '',
    noColor: noColor === true,
  };
}

function metricsOf({ store, run, thresholds }: SummaryMaterial, stats: readonly string[]): Record<string, SummaryMetric> {
  const metrics: Record<string, SummaryMetric> = {};
  const add = (name: string, definition: MetricDefinition, tags: Tags): void => {
    const values = valuesOf(store, definition, { tags, stats, measuredS: run.run.durationS });
    metrics[name] ??= { type: definition.type, contains: definition.unit, values };
  };
  for (const definition of store.metrics()) add(definition.name, definition, {});
  thresholds.forEach((plan, i) => {
    const name = submetricName(plan);
    const definition = store.definition(plan.metric);
    if (definition === undefined) return;
    add(name, definition, plan.tags);
    const metric = metrics[name] as SummaryMetric;
    metric.thresholds = { ...metric.thresholds, [wordsOf(plan).condition]: { ok: isOk(run.thresholds[i]) } };
  });
  return metrics;
}

function submetricName({ metric, tags }: ThresholdPlan): string {
  const pairs = Object.entries(tags).map(([tag, value]) => `${tag}:${value}`);
  return pairs.length === 0 ? metric : `${metric}{${pairs.join(',')}}`;
}

/** No data is not success, but where a script has none to give. */
function isOk(result: ThresholdResult | undefined): boolean {
  return result?.outcome === 'met' || result?.isExcused === true;
}

interface Wanted {
  readonly tags: Tags;
  readonly stats: readonly string[];
  readonly measuredS: number;
}

function valuesOf(store: MetricStore, { name, type, unit }: MetricDefinition, { tags, stats, measuredS }: Wanted): Values {
  const where = { tags, periods: JUDGED_PERIODS };
  const divisor = unit === 'time' ? 1000 : 1;
  if (type === 'trend') return trendValues(store.trend(name, where), stats, divisor);
  if (type === 'rate') {
    const { count = 0, passes = 0 } = store.rate(name, where) ?? {};
    return { rate: count === 0 ? 0 : passes / count, passes, fails: count - passes };
  }
  if (type === 'gauge') {
    const { last, min, max } = store.gauge(name, where) ?? { last: 0, min: 0, max: 0 };
    return { value: last / divisor, min: min / divisor, max: max / divisor };
  }
  const sum = store.counter(name, where)?.sum ?? 0;
  const measured = store.counter(name, { tags, periods: ['measured'] })?.sum ?? 0;
  return { count: sum / divisor, rate: perSecond(measured / divisor, measuredS) };
}

/** Zeros without samples, as in k6. */
function trendValues(trend: TrendTotals | undefined, stats: readonly string[], divisor: number): Values {
  const values: Values = {};
  for (const stat of stats) {
    const value = trend === undefined || trend.count === 0 ? 0 : statOf(trend, stat);
    if (value !== undefined) values[stat] = stat === 'count' ? value : value / divisor;
  }
  return values;
}

function statOf(trend: TrendTotals, stat: string): number | undefined {
  const percent = PERCENTILE.exec(stat)?.[1];
  if (percent !== undefined) return trend.percentile(Math.min(1, Number(percent) / 100));
  if (stat === 'med') return trend.percentile(0.5);
  if (stat === 'avg') return trend.avg;
  if (stat === 'min') return trend.min;
  if (stat === 'max') return trend.max;
  return stat === 'count' ? trend.count : undefined;
}

/** The tree of groups with their checks; checks of the same name in several tasks are one. */
function groupsOf(checks: readonly CheckRow[]): SummaryGroup {
  const root = newGroup('', '');
  for (const { name, group, passes, fails } of checks) {
    let at = root;
    for (const part of group.split('::').slice(1)) at = childOf(at, part);
    const path = `${at.path}::${name}`;
    const known = at.checks.find((check) => check.name === name);
    if (known === undefined) at.checks.push({ name, path, id: idOf(path), passes, fails });
    else Object.assign(known, { passes: known.passes + passes, fails: known.fails + fails });
  }
  return root;
}

function childOf(parent: SummaryGroup, name: string): SummaryGroup {
  const known = parent.groups.find((group) => group.name === name);
  if (known !== undefined) return known;
  const group = newGroup(name, `${parent.path}::${name}`);
  parent.groups.push(group);
  return group;
}

function newGroup(name: string, path: string): SummaryGroup {
  return { name, path, id: idOf(path), groups: [], checks: [] };
}

function idOf(path: string): string {
  return createHash('md5').update(path).digest('hex');
}
