import type { CsvFormulas } from '../core/csv-cell.ts';
import type { SampleBatch } from '../core/samples.ts';
import type { Second } from '../record/second.ts';

/** What outputs say of the run beside its numbers. */
export interface OutputMeta {
  readonly runId: string;
  readonly script: string;
  /** Empty: none, as is `profile`. */
  readonly environment: string;
  readonly profile: string;
  readonly version: string;
  /** Unix ms. */
  readonly startedMs: number;
  /** Takes secrets out of tags, which scripts and servers fill. */
  redact(text: string): string;
  /** Of CSV; absent: escaped. */
  readonly csvFormulas?: CsvFormulas;
}

/** What outputs look at of a second. */
export type OutputSecond = Pick<Second, 'atMs' | 'series'>;

/** Somewhere the numbers of a run go while it goes on. */
export interface LiveOutput {
  /** `prometheus=127.0.0.1:9090`: as it was asked for, without a password. */
  readonly name: string;
  /** Takes a second over; nothing is awaited. */
  second?(second: OutputSecond): void;
  /** Takes raw samples over. @throws {ClusterError} when the worker contradicts itself */
  samples?(worker: number, batch: SampleBatch): void;
  /** Sends what is left, within some seconds; never rejects. @returns what people should know, one line each */
  close(): Promise<string[]>;
}
