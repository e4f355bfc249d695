import type { BucketPairs } from '../core/buckets.ts';
import { type SeriesDelta, type SeriesIdentity, type SeriesValues, sumOf } from '../core/delta.ts';
import type { ExactNumbers, Histogram } from '../core/histogram.ts';
import type { ErrorTally, GeneratorSecond, SecondEvent, StartCounts } from '../core/records.ts';
import type { RowIdentity } from '../core/rows.ts';
import type { Stage } from '../core/stage.ts';

/** Parts of a run that are load: what counts in the verdict, and what comes before it. Setup and teardown are neither. */
export type LoadPart = 'warm-up' | 'judged';
/** What asks for something, load or not. */
export type RowPart = LoadPart | 'setup' | 'teardown';

/** Times of requests, µs, as they came: who wants percentiles adds them to a histogram. */
export class Times {
  count = 0;
  readonly #parts: (ExactNumbers & BucketPairs)[] = [];

  push(values: ExactNumbers & BucketPairs): void {
    if (values.count === 0) return;
    this.count += values.count;
    this.#parts.push(values);
  }

  addTo(histogram: Histogram): void {
    for (const values of this.#parts) histogram.add(values);
  }
}

/** What ended of one row of requests in one part of the run. A part and a row come more than once where several tasks share the row. */
export interface RowSecond {
  readonly part: RowPart;
  readonly who: RowIdentity;
  /** `rowKeyOf(who)`. */
  readonly key: string;
  /** Also of the rows that are of more than one. */
  readonly task: string;
  /** Logical requests, failures included. */
  requests: number;
  failures: number;
  /** From the due time to the end, of expected answers. */
  readonly expected: Times;
  /** Those of the others: a failure may be quick or take its whole time limit. */
  readonly unexpected: Times;
  /** On the wire. */
  bytesReceived: number;
  /** Of bodies, decoded. */
  bodyBytes: number;
}

/** What ended of a part of the run, or of all load, over all rows. */
export interface LoadSecond {
  /** Samples of any metric came. */
  hasSamples: boolean;
  requests: number;
  failures: number;
  /** Expected answers, from the due time to the end, µs. */
  readonly answers: Histogram;
  /** Expected answers, from sent to the end, µs. */
  readonly durations: Histogram;
  bytesSent: number;
  bytesReceived: number;
  /** Of bodies, decoded. */
  bodyBytes: number;
}

/** What ended of a group of the script, of what is judged. */
export interface GroupSecond {
  readonly group: string;
  requests: number;
  failures: number;
  /** Requests of the measured period alone. */
  measured: number;
  checks: number;
  checksFailed: number;
  /** How long the group took, µs. */
  readonly durations: Times;
  /** As of a row. */
  readonly expected: Times;
}

export interface CheckSecond {
  readonly part: LoadPart;
  readonly task: string;
  /** Undefined: past the cap of series. */
  readonly check: string | undefined;
  readonly count: number;
  readonly passes: number;
}

export interface GaugeSecond {
  readonly metric: string;
  readonly unit: 'time' | 'data' | 'default';
  readonly tags: Readonly<Record<string, string>>;
  /** In the metric's recording unit. */
  readonly last: number;
}

/** What came of one series in a second, over all workers. */
export interface SeriesSecond {
  /** The same in every second. */
  readonly id: number;
  readonly identity: SeriesIdentity;
  readonly values: SeriesValues;
}

/** All that came in a second, by series; only who sends everything elsewhere asks for it, so it is added up when somebody does. */
export class SeriesOfSecond {
  readonly #deltas: readonly SeriesDelta[];
  readonly #identities: readonly SeriesIdentity[];
  #sums: readonly SeriesSecond[] | undefined;

  /** @param identities - by the number of the series */
  constructor(deltas: readonly SeriesDelta[], identities: readonly SeriesIdentity[]) {
    this.#deltas = deltas;
    this.#identities = identities;
  }

  /** In the order in which they came. */
  get all(): readonly SeriesSecond[] {
    this.#sums ??= this.#added();
    return this.#sums;
  }

  #added(): SeriesSecond[] {
    const sums = new Map<number, SeriesValues>();
    for (const delta of this.#deltas) sums.set(delta.id, sumOf(sums.get(delta.id), delta));
    return Array.from(sums, ([id, values]) => ({ id, identity: this.#identities[id] as SeriesIdentity, values }));
  }
}

/** What a worker said last of itself. */
export interface WorkerSecond {
  readonly said: GeneratorSecond;
  /** False: it had said so by the second before, and nothing since. */
  readonly isNew: boolean;
}

/** What a worker said of one of its seconds. */
export interface SaidSecond extends GeneratorSecond {
  readonly worker: number;
}

/**
 * What all workers told of about one second: the ledger makes it once, live and read back alike, and everything that shows a run over time is made of it.
 * Do not change it: it is shared.
 */
export interface Second {
  /** 0-based, since the run began: preparing, warm-up and teardown have seconds too. */
  readonly second: number;
  /** Unix ms. */
  readonly atMs: number;
  /** So long it is since the second before; 1 at least: a line that comes sooner, such as the very last, still tells of whole seconds of workers. */
  readonly lengthS: number;
  /** By its end; empty before the first. */
  readonly stage: Stage | '';
  readonly users: number;
  /** So long the load has been measured: what rates of the whole run are over. 0 before, and where an older journal does not say. */
  readonly measuredS: number;
  /** Rows of the load, in the order in which they came; only those of which something came. */
  readonly rows: readonly RowSecond[];
  /** Those of setup and teardown: no load. */
  readonly uncounted: readonly RowSecond[];
  readonly groups: readonly GroupSecond[];
  readonly warmUp: LoadSecond;
  /** Of the measured period and its drain. */
  readonly judged: LoadSecond;
  /** Both. */
  readonly all: LoadSecond;
  readonly checks: readonly CheckSecond[];
  readonly gauges: readonly GaugeSecond[];
  /** Of every metric and part of the run. */
  readonly series: SeriesOfSecond;
  /** Since the measured period began. */
  readonly starts: Readonly<StartCounts>;
  /** Those of this second. */
  readonly newStarts: Readonly<StartCounts>;
  readonly workers: readonly WorkerSecond[];
  /** All that workers said of themselves since the second before, in order. Of an older journal what each said last, which may leave out one. */
  readonly said: readonly SaidSecond[];
  readonly errors: readonly ErrorTally[];
  readonly events: readonly SecondEvent[];
}

/** Whether the run entered the stage in that second. */
export function enters({ events }: Pick<Second, 'events'>, stage: Stage): boolean {
  return events.some(({ kind, text }) => kind === 'stage' && text === stage);
}
