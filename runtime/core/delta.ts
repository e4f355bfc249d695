import { BugError } from './errors.ts';
import { addExact } from './histogram.ts';
import type { MetricType, MetricUnit, Period, Tags } from './records.ts';

/** What makes a series: a metric, the part of the run, and its tags. */
export interface SeriesIdentity {
  readonly metric: string;
  readonly type: MetricType;
  readonly unit: MetricUnit;
  readonly period: Period;
  readonly tags: Tags;
}

/** `sum` in the metric's recording unit; `count` is how many additions it took. */
export interface CounterValues {
  type: 'counter';
  count: number;
  sum: number;
  /** Additions that were no finite number; they are in nothing else. */
  refused: number;
}

/** `last` is the one set at `atUs` (monotonic µs), the latest. With a count of 0 the other numbers mean nothing. */
export interface GaugeValues {
  type: 'gauge';
  count: number;
  last: number;
  atUs: number;
  min: number;
  max: number;
  refused: number;
}

export interface RateValues {
  type: 'rate';
  /** Samples. */
  count: number;
  /** Samples that were true. */
  passes: number;
  /** Values that were neither true, false nor a number; they are in nothing else. Absent: none. */
  refused?: number;
}

/** Sum, min and max are exact and in the metric's recording unit; with a count of 0 min and max mean nothing. */
export interface TrendValues {
  type: 'trend';
  count: number;
  sum: number;
  min: number;
  max: number;
  /** Values counted in the first or last bucket because they have none of their own: only in journals before version 0.2. */
  clamped: number;
  refused: number;
  /** Bucket index, count, bucket index, count …: only the buckets that changed; the counts add up to `count`. See buckets.ts. */
  buckets: number[];
  /** Lowest and highest value, lowest and highest … of each wide one of `buckets`, in their order. Absent: there are none. */
  ends?: number[];
}

/** What any number of counters' deltas come to, in the metric's recording unit; as of rates and gauges below. */
export type CounterTotals = Omit<CounterValues, 'type'>;
export type RateTotals = Omit<RateValues, 'type'>;
export type GaugeTotals = Omit<GaugeValues, 'type'>;

export type SeriesValues = CounterValues | GaugeValues | RateValues | TrendValues;

/**
 * What happened to one series since the last drain: plain JSON, the stuff of snapshots and of the journal. Deltas of any number of workers
 * add up to what one would have seen.
 */
export type SeriesDelta = SeriesValues & {
  /** Number of the series within the stream (a worker, a journal). */
  id: number;
  /** Given the first time that the stream mentions `id`. */
  series?: SeriesIdentity;
};

export function addCounter(into: CounterTotals, from: CounterTotals): void {
  into.count += from.count;
  into.sum += from.sum;
  into.refused += from.refused;
}

export function addRate(into: RateTotals, from: RateTotals): void {
  into.count += from.count;
  into.passes += from.passes;
  if (from.refused !== undefined) into.refused = (into.refused ?? 0) + from.refused;
}

/** Of two values the later one is the gauge's. */
export function addGauge(into: GaugeTotals, from: GaugeTotals): void {
  into.refused += from.refused;
  if (from.count === 0) return;
  into.min = into.count === 0 ? from.min : Math.min(into.min, from.min);
  into.max = into.count === 0 ? from.max : Math.max(into.max, from.max);
  if (into.count === 0 || from.atUs >= into.atUs) {
    into.last = from.last;
    into.atUs = from.atUs;
  }
  into.count += from.count;
}

function addTrend(into: TrendValues, from: TrendValues): void {
  addExact(into, from);
  into.clamped += from.clamped;
  into.refused += from.refused;
  for (const number of from.buckets) into.buckets.push(number);
  if (from.ends !== undefined) into.ends = [...(into.ends ?? []), ...from.ends];
}

/**
 * The one addition of deltas: what both come to. The first is changed and comes back; undefined: a copy of the second, without its number and identity.
 * @throws {BugError} when they are of two types
 */
export function sumOf(into: SeriesValues | undefined, from: SeriesValues): SeriesValues {
  if (into === undefined) return copyOf(from);
  if (into.type === 'counter' && from.type === 'counter') addCounter(into, from);
  else if (into.type === 'rate' && from.type === 'rate') addRate(into, from);
  else if (into.type === 'gauge' && from.type === 'gauge') addGauge(into, from);
  else if (into.type === 'trend' && from.type === 'trend') addTrend(into, from);
  else throw new BugError(`a ${from.type} cannot be added to a ${into.type}`);
  return into;
}

function copyOf(values: SeriesValues): SeriesValues {
  const { id: _, series: __, ...copy } = values as SeriesDelta;
  if (copy.type === 'trend') return { ...copy, buckets: [...copy.buckets], ...(copy.ends && { ends: [...copy.ends] }) };
  return copy;
}
