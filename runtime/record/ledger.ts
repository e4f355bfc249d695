import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import { type ErrorTally, type GeneratorSecond, NO_STARTS, type Period, type SecondEvent, type StartCounts } from '../core/records.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { rowKeyOf, rowOfTags } from '../core/rows.ts';
import {
  type CheckSecond,
  type GaugeSecond,
  type GroupSecond,
  type LoadPart,
  type LoadSecond,
  type RowPart,
  type RowSecond,
  type Second,
  SeriesOfSecond,
  Times,
  type WorkerSecond,
} from './second.ts';
import { SecondBook, type Selector } from './second-book.ts';
import { MetricStore } from './store.ts';

/** What is known of a second beside its deltas; as a line of the journal has it. */
export interface SecondFacts {
  readonly second: number;
  readonly atMs: number;
  readonly users: number;
  readonly errors?: readonly ErrorTally[];
  /** Since the measured period began; absent: as before. */
  readonly starts?: Readonly<Record<string, number>>;
  /** `workers`: what each said last. */
  readonly generator?: Readonly<Record<string, unknown>>;
  readonly events?: readonly SecondEvent[];
}

/** What the deltas of a series are to a second. */
type Use = 'requests' | 'answers' | 'durations' | 'sent' | 'received' | 'bodies' | 'checks' | 'gauge' | 'group' | 'samples';

interface SeriesUse {
  readonly use: Use;
  readonly part: RowPart;
  readonly identity: SeriesIdentity;
  /** Of requests: where they are counted. */
  readonly row: OpenRow | undefined;
  /** Of what is judged: the group of the script that it belongs to. */
  readonly group: string | undefined;
}

/** One row of one part, and what came of it in the open second. */
interface OpenRow extends Pick<RowSecond, 'part' | 'who' | 'key' | 'task'> {
  now: RowSecond | undefined;
}

/** Of the users there are everybody asks the line. */
const USER_GAUGES: ReadonlySet<string> = new Set(['vus', 'vus_max']);

/**
 * The only reader of what workers send: of their deltas it makes the totals of the run and, once a second, the `Second`; while a run goes on and read
 * back from its journal alike.
 */
export class Ledger {
  /** The totals of the run, by series. */
  readonly store: MetricStore;
  /** By the store's number of a series; undefined: it has nothing to do with the load. */
  readonly #uses: (SeriesUse | undefined)[] = [];
  /** By the store's number. */
  readonly #identities: SeriesIdentity[] = [];
  readonly #watches: SecondBook[] = [];
  readonly #rows = new Map<string, OpenRow>();
  /** Those with something in them. */
  #openRows: OpenRow[] = [];
  /** Second that each worker told of last. */
  readonly #toldBy: number[] = [];
  #stage = '';
  #starts: Readonly<StartCounts> = NO_STARTS;
  #now = emptySecond();

  constructor(options: { seriesMax?: number } = {}) {
    this.store = new MetricStore(options);
  }

  /**
   * What a worker drained; a journal is read back as the deltas of one worker.
   * @param at - second of its period by the worker's own count; undefined where nobody watches, as in a journal that is read back
   * @throws {ClusterError} when the worker contradicts itself
   */
  take(worker: number, deltas: readonly SeriesDelta[], at?: { readonly period: string; readonly second: number }): void {
    const merged = this.store.merge(worker, deltas);
    for (const delta of merged) {
      if (delta.series !== undefined) {
        this.#identities[delta.id] = delta.series;
        this.#uses[delta.id] = this.#useOf(delta.series);
      }
      const use = this.#uses[delta.id];
      if (use !== undefined) this.#add(use, delta);
      this.#now.deltas.push(delta);
    }
    if (at !== undefined) for (const watch of this.#watches) watch.take(worker, at, merged);
  }

  /** What was taken since the second before, for the journal: see `MetricStore.merge`. */
  get told(): SeriesDelta[] {
    return this.#now.deltas;
  }

  /**
   * The seconds of the measured period as the workers count them, for a few selectors: each is closed when all have reported it, as a judgement needs it.
   * To be asked for before anything is taken.
   * @param workers - no second is closed before each of these has reported
   */
  watch(selectors: readonly Selector[], workers: Iterable<number>): SecondBook {
    const book = new SecondBook(selectors, workers);
    this.#watches.push(book);
    return book;
  }

  /** A worker was lost, or its measured period is over: no watched second waits for it. */
  gone(worker: number): void {
    for (const watch of this.#watches) watch.gone(worker);
  }

  /** A worker takes the place of a lost one: no watched second from this one on is closed before it has reported. */
  joined(worker: number, second: number): void {
    for (const watch of this.#watches) watch.joined(worker, second);
  }

  /** The second is over: what was taken since the one before it. */
  close({ second, atMs, users, errors = [], starts, generator, events = [] }: SecondFacts): Second {
    const { deltas, rows, uncounted, groups, parts, checks, gauges } = this.#now;
    this.#now = emptySecond();
    for (const row of this.#openRows) row.now = undefined;
    this.#openRows = [];
    const [warmUp, judged] = [parts['warm-up'], parts.judged];
    this.#stage = events.findLast(({ kind }) => kind === 'stage')?.text ?? this.#stage;
    const before = this.#starts;
    this.#starts = starts === undefined ? before : { ...NO_STARTS, ...starts };
    return {
      second,
      atMs,
      stage: this.#stage,
      users,
      rows,
      uncounted,
      groups: [...groups.values()],
      warmUp,
      judged,
      all: sumOf(warmUp, judged),
      checks,
      gauges,
      series: new SeriesOfSecond(deltas, this.#identities),
      starts: this.#starts,
      newStarts: startsSince(before, this.#starts),
      workers: this.#workersOf(generator?.['workers']),
      errors,
      events,
    };
  }

  #useOf(identity: SeriesIdentity): SeriesUse | undefined {
    const [part, use] = [partOf(identity.period), useOf(identity)];
    const isOfRow = use === 'requests' || use === 'answers' || (isLoad(part) && (use === 'received' || use === 'bodies'));
    if (!isLoad(part) && !isOfRow) return undefined;
    const row = isOfRow ? this.#rowOf(part, identity.tags) : undefined;
    return { use, part, identity, row, group: (part === 'judged' && identity.tags['group']) || undefined };
  }

  #rowOf(part: RowPart, tags: SeriesIdentity['tags']): OpenRow {
    const who = rowOfTags(tags);
    const [key, task] = [rowKeyOf(who), tags['task'] ?? ''];
    const id = JSON.stringify([part, task, key]);
    const row = this.#rows.get(id) ?? { part, who, key, task, now: undefined };
    this.#rows.set(id, row);
    return row;
  }

  #add(series: SeriesUse, delta: SeriesDelta): void {
    const { part, row, group } = series;
    if (row !== undefined) addToRow(this.#opened(row), series, delta);
    if (!isLoad(part)) return;
    this.#addToLoad(part, series, delta);
    if (group !== undefined) this.#addToGroup(group, series, delta);
  }

  #addToLoad(part: LoadPart, { use, identity }: SeriesUse, delta: SeriesDelta): void {
    const total = this.#now.parts[part];
    if (delta.count > 0) total.hasSamples = true;
    switch (delta.type) {
      case 'rate':
        if (use === 'checks') this.#now.checks.push(checkOf(part, identity, delta));
        if (use !== 'requests') return;
        total.requests += delta.count;
        total.failures += delta.passes;
        return;
      case 'trend':
        if (use === 'durations') total.durations.add(delta);
        if (use === 'answers' && isExpectedAnswer(identity.tags)) total.answers.add(delta);
        return;
      case 'counter':
        if (use === 'sent') total.bytesSent += delta.sum;
        if (use === 'received') total.bytesReceived += delta.sum;
        if (use === 'bodies') total.bodyBytes += delta.sum;
        return;
      case 'gauge':
        if (use === 'gauge' && delta.count > 0)
          this.#now.gauges.push({ metric: identity.metric, unit: identity.unit, tags: identity.tags, last: delta.last });
    }
  }

  #addToGroup(name: string, { use, identity }: SeriesUse, delta: SeriesDelta): void {
    if (use !== 'requests' && use !== 'answers' && use !== 'checks' && use !== 'group') return;
    const counts = { requests: 0, failures: 0, measured: 0, checks: 0, checksFailed: 0 };
    const group = this.#now.groups.get(name) ?? { group: name, ...counts, durations: new Times(), expected: new Times() };
    this.#now.groups.set(name, group);
    if (delta.type === 'rate' && use === 'requests') {
      group.requests += delta.count;
      group.failures += delta.passes;
      if (identity.period === 'measured') group.measured += delta.count;
    } else if (delta.type === 'rate') {
      group.checks += delta.count;
      group.checksFailed += delta.count - delta.passes;
    } else if (delta.type === 'trend' && use === 'group') group.durations.push(delta);
    else if (delta.type === 'trend' && isExpectedAnswer(identity.tags)) group.expected.push(delta);
  }

  #opened(row: OpenRow): RowSecond {
    if (row.now !== undefined) return row.now;
    const { part, who, key, task } = row;
    row.now = {
      ...{ part, who, key, task, requests: 0, failures: 0, bytesReceived: 0, bodyBytes: 0 },
      ...{ expected: new Times(), unexpected: new Times() },
    };
    this.#openRows.push(row);
    (isLoad(part) ? this.#now.rows : this.#now.uncounted).push(row.now);
    return row.now;
  }

  /** A line repeats what a worker said last when it has said nothing since; what is damaged is left out. */
  #workersOf(told: unknown): WorkerSecond[] {
    if (!Array.isArray(told)) return [];
    return (told as Partial<GeneratorSecond | null>[]).flatMap((said, i) => {
      if (typeof said?.second !== 'number' || typeof said.cpu !== 'number' || typeof said.loopLagP99Us !== 'number') return [];
      const isNew = this.#toldBy[i] !== said.second;
      this.#toldBy[i] = said.second;
      return [{ said: said as GeneratorSecond, isNew }];
    });
  }
}

function partOf(period: Period): RowPart {
  return period === 'measured' || period === 'drain' ? 'judged' : period;
}

function isLoad(part: RowPart): part is LoadPart {
  return part === 'warm-up' || part === 'judged';
}

function addToRow(row: RowSecond, { use, identity }: SeriesUse, delta: SeriesDelta): void {
  if (delta.type === 'rate') {
    row.requests += delta.count;
    row.failures += delta.passes;
  } else if (delta.type === 'trend') (isExpectedAnswer(identity.tags) ? row.expected : row.unexpected).push(delta);
  else if (delta.type === 'counter') row[use === 'bodies' ? 'bodyBytes' : 'bytesReceived'] += delta.sum;
}

function useOf({ metric, type, tags }: SeriesIdentity): Use {
  if (type === 'gauge') return USER_GAUGES.has(metric) ? 'samples' : 'gauge';
  if (type === 'trend') {
    if (metric === HTTP.responseTime) return 'answers';
    if (metric === 'group_duration') return 'group';
    return metric === HTTP.duration && isExpectedAnswer(tags) ? 'durations' : 'samples';
  }
  return (type === 'rate' ? RATES : COUNTERS)[metric] ?? 'samples';
}

const RATES: Readonly<Record<string, Use>> = { [HTTP.failed]: 'requests', checks: 'checks' };
const COUNTERS: Readonly<Record<string, Use>> = { data_sent: 'sent', data_received: 'received', body_received: 'bodies' };

function checkOf(part: LoadPart, { tags }: SeriesIdentity, { count, passes }: { count: number; passes: number }): CheckSecond {
  return { part, task: tags['task'] ?? '', check: tags['check'], count, passes };
}

function startsSince(before: Readonly<StartCounts>, now: Readonly<StartCounts>): StartCounts {
  const since = { ...NO_STARTS };
  for (const key of Object.keys(since) as (keyof StartCounts)[]) since[key] = Math.max(0, now[key] - before[key]);
  return since;
}

interface OpenSecond {
  readonly deltas: SeriesDelta[];
  readonly rows: RowSecond[];
  readonly uncounted: RowSecond[];
  readonly groups: Map<string, GroupSecond>;
  readonly parts: Record<LoadPart, LoadSecond>;
  readonly checks: CheckSecond[];
  readonly gauges: GaugeSecond[];
}

function emptySecond(): OpenSecond {
  return {
    deltas: [],
    rows: [],
    uncounted: [],
    groups: new Map(),
    parts: { 'warm-up': emptyLoad(), judged: emptyLoad() },
    checks: [],
    gauges: [],
  };
}

function emptyLoad(): LoadSecond {
  const counts = { requests: 0, failures: 0, bytesSent: 0, bytesReceived: 0, bodyBytes: 0 };
  return { hasSamples: false, ...counts, answers: new Histogram('time'), durations: new Histogram('time') };
}

/** One of them itself where the other is empty, as it is but in the second between them. */
function sumOf(a: LoadSecond, b: LoadSecond): LoadSecond {
  if (!a.hasSamples || !b.hasSamples) return a.hasSamples ? a : b;
  const sum = { ...emptyLoad(), hasSamples: true };
  for (const part of [a, b]) {
    for (const count of ['requests', 'failures', 'bytesSent', 'bytesReceived', 'bodyBytes'] as const) sum[count] += part[count];
    sum.answers.addAll(part.answers);
    sum.durations.addAll(part.durations);
  }
  return sum;
}
