import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { formatMs, formatNumber, formatRatio, formatStat } from '../core/page-figures.ts';
import type { MetricRow } from '../core/run-json.ts';
import { aligned } from './aligned.ts';
import type { Page } from './page.ts';
import { plainLine, wrapped } from './plain-text.ts';

const BUILT_IN = new Set(BUILT_IN_METRICS.map((metric) => metric.name));
const STATS_WIDTH_MIN = 30;
const NARROW_COLUMNS = 80;
/** The type with the spaces around it and the indent. */
const TYPE_WIDTH = 13;

/** What was planned to begin, what did, and how the iterations went. */
export function startSection({ run, paint, columns }: Page): string[] {
  const { due, begun, late, queued, dropped, interrupted } = run.starts;
  const counts = Object.entries({ due, begun, late, queued, dropped, interrupted });
  const iterations = statsOf(run.metrics['iterations']);
  const duration = statsOf(run.metrics['iteration_duration']);
  const threw = run.metrics['iteration_errors']?.values['count'] ?? 0;
  return [
    paint.bold('Iterations'),
    ...wrapped(`starts: ${counts.map(([name, count]) => `${formatNumber(count)} ${name}`).join(', ')}`, columns, 2),
    ...(iterations === '' ? [] : wrapped(`iterations: ${iterations}`, columns, 2)),
    ...(threw > 0 ? [paint.bad(`  ${formatNumber(threw)} threw`)] : []),
    ...(duration === '' ? [] : wrapped(`iteration duration: ${duration}`, columns, 2)),
  ];
}

/** The metrics that the script made. */
export function metricSection({ run, paint, columns }: Page): string[] {
  const own = Object.entries(run.metrics).filter(([name]) => !BUILT_IN.has(name.split('{')[0] ?? name));
  if (own.length === 0) return [];
  const rows = own.map(([name, metric]) => [plainLine(name), metric.type, statsOf(metric)]);
  const nameWidth = Math.max(4, ...rows.map((row) => row[0]?.length ?? 0));
  const nameWidthMax = columns < NARROW_COLUMNS ? 20 : 30;
  const statsWidth = Math.max(STATS_WIDTH_MIN, columns - Math.min(nameWidth, nameWidthMax) - TYPE_WIDTH);
  const lines = aligned(
    [
      { title: 'name', widthMax: nameWidthMax },
      { title: 'type', leavesAs: 1 },
      { title: 'values', widthMax: statsWidth, isText: true },
    ],
    rows,
    { indent: 2, widthMax: columns },
  );
  return [paint.bold('Metrics of the script'), ...lines];
}

/** What the generator says of itself; a run is worth as much as its generator. */
export function generatorSection({ run, paint, columns }: Page): string[] {
  const { saturated, overheadMs, loopLagMs, cpu } = run.generator;
  const measured = [
    cpu === null ? '' : `CPU ${formatRatio(cpu)}`,
    loopLagMs === null ? '' : `loop lag p99 ${formatMs(loopLagMs.p99)}, max ${formatMs(loopLagMs.max)}`,
    overheadMs === null ? '' : `overhead ${formatMs(overheadMs)}`,
  ].filter(Boolean);
  const state = saturated === null ? 'saturation not measured' : saturated ? 'SATURATED, the times are partly its own' : 'not saturated';
  const text = saturated === null && measured.length === 0 ? 'not measured' : [state, ...measured].join('; ');
  return [paint.bold('Generator'), ...wrapped(text, columns, 2).map(saturated === true ? paint.bad : String)];
}

function statsOf(metric: MetricRow | undefined): string {
  if (metric === undefined) return '';
  return Object.entries(metric.values)
    .map(([stat, value]) => `${stat} ${formatStat(stat, value, metric)}`)
    .join(', ');
}
