import type { SeriesIdentity } from '../core/delta.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { ErrorTally, MetricDefinition, Tags } from '../core/records.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';
import type { CheckRow, MetricRow, RunJson } from '../core/run-json.ts';
import { groupRows, uncountedRows } from './breakdown.ts';
import { perSecond, requestRows } from './request-rows.ts';
import type { MetricStore, SeriesFilter } from './store.ts';
import { streamRows } from './stream-rows.ts';
import type { TrendTotals } from './trend-totals.ts';

interface SummaryOptions {
  /** Length of the measured window, in seconds: what every rate is divided by. */
  readonly measuredS: number;
  /** Tallies of kind `check`, named after the check, give the rows their reason. */
  readonly errors?: readonly ErrorTally[];
}

/** The rows of `run.json`: numbers over the measured and the drain period, rates over the measured one alone. */
export function summaryOf(
  store: MetricStore,
  options: SummaryOptions,
): Pick<RunJson, 'requests' | 'checks' | 'metrics' | 'uncounted' | 'groups' | 'streams'> {
  return {
    requests: requestRows(store, { measuredS: options.measuredS, periods: JUDGED_PERIODS }),
    ...besideThem(store, options.measuredS),
    checks: checkRows(store, options.errors ?? []),
    metrics: metricRows(store, options.measuredS),
  };
}

/** What a run without them does not have. */
function besideThem(store: MetricStore, measuredS: number): Pick<RunJson, 'uncounted' | 'groups' | 'streams'> {
  const [uncounted, groups, streams] = [uncountedRows(store), groupRows(store, measuredS), streamRows(store)];
  return {
    ...(uncounted.length === 0 ? {} : { uncounted }),
    ...(groups.length === 0 ? {} : { groups }),
    ...(streams.length === 0 ? {} : { streams }),
  };
}

function checkRows(store: MetricStore, errors: readonly ErrorTally[]): CheckRow[] {
  const rows = new Map<string, CheckRow>();
  for (const identity of store.series('checks', { periods: JUDGED_PERIODS })) {
    const { check: name = '(other checks)', group = '', task = '' } = identity.tags;
    const key = JSON.stringify([task, group, name]);
    if (rows.has(key)) continue;
    const totals = store.rate('checks', { tags: sameCheck(identity), periods: JUDGED_PERIODS });
    const reason = errors.find((error) => error.kind === 'check' && error.name === name)?.sample;
    const passes = totals?.passes ?? 0;
    rows.set(key, { name, group, task, passes, fails: (totals?.count ?? 0) - passes, ...(reason === undefined ? {} : { reason }) });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** The tags that make two series the same row, as far as this one has them. */
function sameCheck({ tags }: SeriesIdentity): Tags {
  return Object.fromEntries(
    ['check', 'group', 'task', OVERFLOW_TAG].filter((tag) => tags[tag] !== undefined).map((tag) => [tag, tags[tag] as string]),
  );
}

function metricRows(store: MetricStore, measuredS: number): Record<string, MetricRow> {
  const rows: [string, MetricRow][] = [];
  for (const definition of store.metrics().sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const values = valuesOf(store, definition, measuredS);
    const unit = unitOf(definition);
    if (values !== undefined) rows.push([definition.name, { type: definition.type, ...(unit === undefined ? {} : { unit }), values }]);
  }
  return Object.fromEntries(rows);
}

/** Undefined when nothing was recorded while it counts. */
function valuesOf(store: MetricStore, { name, type, unit }: MetricDefinition, measuredS: number): Record<string, number> | undefined {
  const where: SeriesFilter = { periods: JUDGED_PERIODS };
  const divisor = unit === 'time' ? 1000 : 1;
  switch (type) {
    case 'counter': {
      const totals = store.counter(name, where);
      const measured = store.counter(name, { periods: ['measured'] })?.sum ?? 0;
      return totals && { count: totals.sum / divisor, rate: perSecond(measured / divisor, measuredS) };
    }
    case 'gauge': {
      const totals = store.gauge(name, where);
      return totals && totals.count > 0
        ? { value: totals.last / divisor, min: totals.min / divisor, max: totals.max / divisor }
        : undefined;
    }
    case 'rate': {
      const totals = store.rate(name, where);
      return totals && totals.count > 0
        ? { rate: totals.passes / totals.count, passes: totals.passes, fails: totals.count - totals.passes }
        : undefined;
    }
    case 'trend':
      return trendValues(store.trend(name, where), divisor);
  }
}

function trendValues(trend: TrendTotals | undefined, divisor: number): Record<string, number> | undefined {
  if (trend === undefined || trend.count === 0) return undefined;
  const at = (ratio: number): number => (trend.percentile(ratio) as number) / divisor;
  return {
    avg: (trend.avg as number) / divisor,
    min: trend.min / divisor,
    med: at(0.5),
    max: trend.max / divisor,
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    count: trend.count,
  };
}

function unitOf({ type, unit }: MetricDefinition): string | undefined {
  if (unit === 'time') return 'ms';
  if (unit === 'data') return 'bytes';
  return type === 'rate' ? 'ratio' : type === 'counter' ? 'count' : undefined;
}
