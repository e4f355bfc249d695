import type { SeriesIdentity } from './delta.ts';

/** A series, and its number within the worker. */
export interface NumberedSeries {
  readonly id: number;
  readonly identity: SeriesIdentity;
}

/** Single samples of a worker, in the order they were recorded. */
export interface SampleBatch {
  /** Those that appear in this batch for the first time. */
  series: NumberedSeries[];
  /** Three little-endian doubles each: number of the series, value in its recording unit, Unix µs. */
  bytes: Uint8Array;
  /** Samples left out since the last batch: more came than may be sent. */
  dropped: number;
}

/** Numbers of a sample in a batch. */
export const SAMPLE_NUMBERS = 3;
export const SAMPLE_BYTES = 8 * SAMPLE_NUMBERS;
