import type { SeriesIdentity } from '../core/delta.ts';

/** How samples are written. */
export interface SampleFormat {
  /** First line of the file; empty for none. */
  readonly header: string;
  /** Makes the lines of one series. */
  writer(identity: SeriesIdentity): SampleWriter;
}

export interface SampleWriter {
  /** A line, or several, with the newline. @param value - in the series' recording unit @param atUs - Unix µs */
  line(value: number, atUs: number): string;
}
