import { HistogramLogWriter } from 'hdr-histogram-js';
import { Histogram } from '../core/histogram.ts';
import { HTTP } from '../core/roles.ts';
import { hdrOf } from './hdr.ts';
import type { RowSecond, Second } from './second.ts';

const INTERVAL_MS = 10_000;
/** After so many intervals the next ones are twice as long: a day is 2,500 of them. */
const INTERVALS_PER_LENGTH = 720;
/** What a tag may not have: it ends at a comma, fields at a blank. */
const NOT_IN_TAG = /[^A-Za-z0-9_.:/-]+/g;

/**
 * Response times of expected answers of the judged periods in HdrHistogram's log format: an interval is 10 s, each task has its tag. All intervals
 * together are what run.json tells.
 * @see https://github.com/HdrHistogram/HdrHistogram (HistogramLogWriter, format 1.3)
 */
export class LatencyLog {
  readonly #intervals: string[] = [];
  /** By task, of the open interval. */
  #open = new Map<string, Histogram>();
  #closed = 0;
  #lengthMs = INTERVAL_MS;
  #startMs: number | undefined;
  #fromMs = 0;
  #lastMs = 0;

  /** Call with every second, in order. */
  add({ atMs, rows }: Pick<Second, 'atMs' | 'rows'>): void {
    if (this.#startMs === undefined) this.#startMs = this.#fromMs = atMs - 1000;
    this.#lastMs = Math.max(atMs, this.#fromMs);
    for (const row of rows) if (row.part === 'judged' && row.expected.count > 0) this.#addRow(row);
    if (this.#lastMs - this.#fromMs >= this.#lengthMs) this.#close();
  }

  /** The log so far. @param about one line for people, such as the run's id */
  text(about: string): string {
    const lines = [...this.#intervals, ...this.#linesOf(this.#open)];
    const startMs = this.#startMs ?? 0;
    return [
      `#[${about.replace(/[\r\n]+/g, ' ')}; ${HTTP.responseTime} of expected answers in microseconds, one tag per task]\n`,
      '#[Histogram log format version 1.3]\n',
      `#[StartTime: ${(startMs / 1000).toFixed(3)} (seconds since epoch), ${new Date(startMs).toISOString()}]\n`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n',
      ...lines,
    ].join('');
  }

  #addRow({ task, expected }: RowSecond): void {
    const tag = task.replace(NOT_IN_TAG, '_');
    let totals = this.#open.get(tag);
    if (totals === undefined) {
      totals = new Histogram('time');
      this.#open.set(tag, totals);
    }
    expected.addTo(totals);
  }

  #close(): void {
    this.#intervals.push(...this.#linesOf(this.#open));
    this.#open = new Map();
    this.#fromMs = this.#lastMs;
    if (++this.#closed % INTERVALS_PER_LENGTH === 0) this.#lengthMs *= 2;
  }

  #linesOf(tasks: ReadonlyMap<string, Histogram>): string[] {
    const lines: string[] = [];
    const writer = new HistogramLogWriter((text) => void lines.push(text));
    for (const [tag, totals] of [...tasks].sort(([a], [b]) => (a < b ? -1 : 1))) {
      // The package types the writer for its own class only, and a tag as one of the interface.
      const tagged = hdrOf(totals);
      if (tag !== '') tagged.tag = tag;
      writer.outputIntervalHistogram(tagged as never, this.#fromMs / 1000, this.#lastMs / 1000);
    }
    return lines;
  }
}
