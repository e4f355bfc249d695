import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { type ErrorTally, type GeneratorSecond, NO_STARTS, type Period, type SecondEvent, type StartCounts } from '../core/records.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { rowKeyOf, rowOfTags } from '../core/rows.ts';
import type { Stage } from '../core/stage.ts';
import { isLoad, type OpenRow, OpenSecond, type SeriesUse, type Use } from './open-second.ts';
import { type RowPart, type SaidSecond, type Second, SeriesOfSecond, type WorkerSecond } from './second.ts';
import { SecondBook, type Selector } from './second-book.ts';
import { MetricStore } from './store.ts';

/** What is known of a second beside its deltas; as a line of the journal has it. */
export interface SecondFacts {
  readonly second: number;
  readonly atMs: number;
  readonly users: number;
  /** Absent: 0, or not known. */
  readonly measuredS?: number;
  readonly errors?: readonly ErrorTally[];
  /** Since the measured period began; absent: as before. */
  readonly starts?: Readonly<Record<string, number>>;
  /** `workers`: what each said last; `said`: all that was said since the line before, absent in older journals. */
  readonly generator?: Readonly<Record<string, unknown>>;
  readonly events?: readonly SecondEvent[];
}

/** Of the users there are everybody asks the line. */
const USER_GAUGES: ReadonlySet<string> = new Set(['vus', 'vus_max']);

const LENGTH_S_MIN = 1;

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
  /** Second that each worker told of last. */
  readonly #toldBy: number[] = [];
  #stage: Stage | '' = '';
  #starts: Readonly<StartCounts> = NO_STARTS;
  #now = new OpenSecond();
  #lastMs: number | undefined;

  constructor(options: { seriesMax?: number } = {}) {
    this.store = new MetricStore(options);
  }

  /**
   * What a worker drained.
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
      this.#now.add(use, delta);
    }
    if (at !== undefined) for (const watch of this.#watches) watch.take(worker, at, merged);
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

  /** A worker was lost: what it counted stays, its part of what all add up to does not, and nobody waits for it. */
  lose(worker: number): void {
    this.store.lost(worker);
    this.gone(worker);
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
  close({ second, atMs, users, measuredS = 0, errors = [], starts, generator, events = [] }: SecondFacts): Second {
    const { deltas, ...found } = this.#now.close();
    this.#now = new OpenSecond();
    this.#stage = events.findLast((event): event is Extract<SecondEvent, { kind: 'stage' }> => event.kind === 'stage')?.text ?? this.#stage;
    const before = this.#starts;
    const workers = this.#workersOf(generator?.['workers']);
    this.#starts = starts === undefined ? before : { ...NO_STARTS, ...starts };
    return {
      second,
      atMs,
      lengthS: this.#lengthOf(atMs),
      stage: this.#stage,
      users,
      measuredS,
      ...found,
      series: new SeriesOfSecond(deltas, this.#identities),
      starts: this.#starts,
      newStarts: startsSince(before, this.#starts),
      workers,
      said: saidOf(generator?.['said']) ?? workers.flatMap(({ said, isNew }, worker) => (isNew ? [{ ...said, worker }] : [])),
      errors,
      events,
    };
  }

  #lengthOf(atMs: number): number {
    const lastMs = this.#lastMs;
    this.#lastMs = lastMs === undefined ? atMs : Math.max(atMs, lastMs + 1);
    return lastMs === undefined ? LENGTH_S_MIN : Math.max(LENGTH_S_MIN, (atMs - lastMs) / 1000);
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

  /** A line repeats what a worker said last when it has said nothing since; what is damaged is left out. */
  #workersOf(told: unknown): WorkerSecond[] {
    if (!Array.isArray(told)) return [];
    return (told as Partial<GeneratorSecond | null>[]).flatMap((said, i) => {
      if (!isSaid(said)) return [];
      const isNew = this.#toldBy[i] !== said.second;
      this.#toldBy[i] = said.second;
      return [{ said, isNew }];
    });
  }
}

/** Undefined: the line does not say. What is damaged is left out. */
function saidOf(told: unknown): SaidSecond[] | undefined {
  if (!Array.isArray(told)) return undefined;
  return (told as Partial<SaidSecond | null>[]).filter(
    (one): one is SaidSecond => isSaid(one) && Number.isInteger((one as SaidSecond).worker),
  );
}

function isSaid(told: Partial<GeneratorSecond> | null | undefined): told is GeneratorSecond {
  return typeof told?.second === 'number' && typeof told.cpu === 'number' && typeof told.loopLagP99Us === 'number';
}

function partOf(period: Period): RowPart {
  return period === 'measured' || period === 'drain' ? 'judged' : period;
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

function startsSince(before: Readonly<StartCounts>, now: Readonly<StartCounts>): StartCounts {
  const since = { ...NO_STARTS };
  for (const key of Object.keys(since) as (keyof StartCounts)[]) since[key] = Math.max(0, now[key] - before[key]);
  return since;
}
