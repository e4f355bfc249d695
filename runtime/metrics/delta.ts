import type { MetricType, MetricUnit, Period, Tags } from '../core/records.ts';

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

/** Tag of the series that takes what comes past the cap. */
export const OVERFLOW_TAG = 'overflow';
