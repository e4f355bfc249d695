import type { RequestDetail } from '../core/request-detail.ts';
import { rowKeyOf } from '../core/rows.ts';
import type { RequestRow, RunJson } from '../core/run-json.ts';
import { valuesAtRanks } from '../record/distribution.ts';
import { DEPENDENCE_SECONDS_MIN, longRunVariance } from '../statistics/dependence.ts';
import { quantileRanks } from '../statistics/interval.ts';
import { studentQuantile } from '../statistics/special-functions.ts';

/** Percentiles that runs are compared by. */
export const PERCENTILES = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;
export type Percentile = keyof typeof PERCENTILES;

/** A number of one run, and how far it may be off within that run. */
export interface Estimate {
  readonly value: number;
  /** Standard error of the logarithm of `value`. */
  readonly error: number;
}

/** What a run says of one request, small enough to be kept for years. */
export interface RowSummary {
  readonly task: string;
  readonly method: string;
  readonly name: string;
  readonly count: number;
  readonly failed: number;
  readonly perSecond: Estimate;
  /** In ms, of expected answers from the due time; those that too few answers tell are absent. */
  readonly ms: { readonly [P in Percentile]?: Estimate };
}

/** A request for people: by its task, which two of the same address may differ in. */
export function rowLabel({ task, method, name }: Pick<RowSummary, 'task' | 'method' | 'name'>): string {
  return [task, method, name].filter((part) => part !== '').join(' ');
}

/** Standard deviations from end to end of a 95 % interval. */
const WIDTH = 2 * 1.959_963_984_540_054;

/** Every request of a run, without the row of all: a mix that shifts would look like a target that has become slower. */
export function rowSummariesOf(run: RunJson): RowSummary[] {
  const seriesOf = new Map(run.series?.rows.map((row) => [rowKeyOf(row), row]));
  return run.requests.slice(0, -1).map((row, i) => {
    const series = seriesOf.get(rowKeyOf(row));
    return summaryOf(row, run.details?.[i], { p95: series?.responseTimeMsP95 ?? [], requests: series?.requests ?? [] });
  });
}

interface Seconds {
  readonly p95: readonly (number | null)[];
  readonly requests: readonly (number | null)[];
}

function summaryOf(row: RequestRow, detail: RequestDetail | undefined, { p95, requests }: Seconds): RowSummary {
  const { task, method, name, count, failed, perSecond } = row;
  const encoded = detail?.responseTimeHdr ?? null;
  const alone = (percentile: Percentile): Estimate | undefined => {
    const value = row.responseTimeMs?.[percentile];
    if (encoded === null || value === undefined || value <= 0) return undefined;
    const range = valuesAtRanks(encoded, (samples) => {
      const { low, high } = quantileRanks(PERCENTILES[percentile], samples);
      return low < 1 || high > samples ? null : [low, high];
    });
    return range === null || range[0] <= 0 ? undefined : { value, error: Math.log(range[1] / range[0]) / WIDTH };
  };
  const widening = wideningOf(alone('p95'), p95);
  const ms = Object.fromEntries(
    (Object.keys(PERCENTILES) as Percentile[]).flatMap((percentile) => {
      const estimate = alone(percentile);
      return estimate === undefined ? [] : [[percentile, { value: estimate.value, error: estimate.error * widening }]];
    }),
  );
  return { task, method, name, count, failed, perSecond: { value: perSecond, error: errorOfRate(count, requests) }, ms };
}

/** By how much seconds that hang together widen what independent samples would say: by how the p95 of the seconds wanders. At least 1. */
function wideningOf(alone: Estimate | undefined, p95: readonly (number | null)[]): number {
  const logs = p95.flatMap((ms) => (ms === null || ms <= 0 ? [] : [Math.log(ms)]));
  if (alone === undefined || alone.error <= 0 || logs.length < DEPENDENCE_SECONDS_MIN) return 1;
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  const { variance, freedom } = longRunVariance(logs.map((each) => each - mean));
  const error = (Math.sqrt(variance) / logs.length) * (studentQuantile(0.025, freedom) / (WIDTH / 2));
  return Math.max(1, error / alone.error);
}

/** Of requests a second: by how their number scatters from second to second; of few seconds, as events that come by themselves. */
function errorOfRate(count: number, requests: readonly (number | null)[]): number {
  if (count === 0) return Number.POSITIVE_INFINITY;
  // the first and the last second are cut short by the clock
  const whole = requests.slice(1, -1).map((each) => each ?? 0);
  if (whole.length < DEPENDENCE_SECONDS_MIN) return 1 / Math.sqrt(count);
  const mean = whole.reduce((sum, each) => sum + each, 0) / whole.length;
  return mean <= 0 ? Number.POSITIVE_INFINITY : Math.sqrt(longRunVariance(whole.map((each) => each - mean)).variance) / whole.length / mean;
}
