import { monotonicUs } from '../core/clock.ts';
import { ErrorBook } from '../core/error-book.ts';
import { type ErrorTally, type GeneratorSecond, NO_STARTS, type SecondEvent, type StartCounts } from '../core/records.ts';
import type { Stage } from '../core/stage.ts';
import type { SnapshotMessage } from '../messages/messages.ts';
import type { JournalLine } from './journal.ts';
import { KeptBook } from './kept-book.ts';
import { LatencyLog } from './latency-log.ts';
import { Ledger } from './ledger.ts';
import type { RunEdit } from './run-edit.ts';
import { RunTimeline } from './run-timeline.ts';
import type { SaidSecond, Second } from './second.ts';
import type { SecondBook, Selector } from './second-book.ts';
import type { MetricStore } from './store.ts';
import { ToldSecond } from './told-lines.ts';

/** What a worker said last of a period. */
export interface LastReport {
  readonly period: string;
  /** Monotonic µs. */
  readonly atUs: number;
  readonly starts: readonly StartCounts[];
  readonly requestsInFlight: number;
  readonly iterationsInFlight: readonly number[];
}

/** Puts the places of a bundle's stack into the script's own. */
export interface ErrorMapper {
  renderScriptError(stack: string): string;
}

/** Where lines are written to. */
export interface JournalSink {
  appendJournal(line: JournalLine): void;
}

/** What the workers reported, merged, and on its way to the journal. */
export class Recording {
  readonly errors = new ErrorBook();
  /** The run second by second. */
  readonly timeline: RunTimeline;
  readonly latencyLog = new LatencyLog();
  /** The slowest and the failed requests. */
  readonly kept = new KeptBook();
  /** Seconds of the measured period, by worker. */
  readonly generator = new Map<number, GeneratorSecond[]>();
  /** Told of every second, once it stands in the journal. */
  onSecond: ((second: Second) => void) | undefined;
  readonly #ledger = new Ledger();
  readonly #starts = new Map<number, StartCounts>();
  readonly #startsByScenario = new Map<number, readonly StartCounts[]>();
  readonly #inFlight = new Map<number, number>();
  readonly #users = new Map<number, number>();
  readonly #overflowed = new Map<number, number>();
  readonly #lastReports = new Map<number, LastReport>();
  readonly #lostStarts = new Map<number, number>();
  readonly #lost = new Set<number>();
  readonly #mapper: ErrorMapper;
  #tallies: ErrorTally[] = [];
  #said: SaidSecond[] = [];
  #events: SecondEvent[] = [];
  #edits: RunEdit[] = [];
  #told = new ToldSecond();
  #second = 0;

  readonly #nowMs: () => number;

  /** @param options.isFullHistory rows of requests have a history each; `nowMs` is Unix time */
  constructor(mapper: ErrorMapper, options: { isFullHistory?: boolean; nowMs?: () => number } = {}) {
    this.#nowMs = options.nowMs ?? Date.now;
    this.#mapper = mapper;
    this.timeline = new RunTimeline(options);
  }

  /** The totals of the run. */
  get store(): MetricStore {
    return this.#ledger.store;
  }

  /** See `Ledger.watch`. */
  watch(selectors: readonly Selector[], workers: Iterable<number>): SecondBook {
    return this.#ledger.watch(selectors, workers);
  }

  /** @throws {ClusterError} when the worker contradicts itself */
  take(worker: number, snapshot: SnapshotMessage): void {
    this.#ledger.take(worker, snapshot.deltas, snapshot);
    this.#told.add(worker, snapshot);
    this.#takeRest(worker, snapshot);
  }

  /** The worker's measured period is over: no second waits for it. */
  finished(worker: number): void {
    this.#ledger.gone(worker);
  }

  /** The worker takes the place of a lost one, from this second of the measured period on. */
  joined(worker: number, second: number): void {
    this.#ledger.joined(worker, second);
  }

  #takeRest(worker: number, snapshot: SnapshotMessage): void {
    const tallies = snapshot.errors.map((tally) =>
      tally.kind === 'script' ? { ...tally, sample: this.#mapper.renderScriptError(tally.sample) } : tally,
    );
    this.errors.merge(tallies);
    this.#tallies.push(...tallies);
    this.kept.add(snapshot.kept);
    this.#users.set(worker, snapshot.activeUsers);
    this.#inFlight.set(worker, snapshot.inFlight);
    this.#overflowed.set(worker, snapshot.overflowed);
    const { period, startsByScenario, inFlight, running = [], lostStarts = 0 } = snapshot;
    this.#lastReports.set(worker, {
      period,
      atUs: monotonicUs(),
      starts: startsByScenario,
      requestsInFlight: inFlight,
      iterationsInFlight: running,
    });
    this.#lostStarts.set(worker, lostStarts);
    if (snapshot.period !== 'measured') return;
    this.#starts.set(worker, snapshot.starts);
    this.#startsByScenario.set(worker, snapshot.startsByScenario);
    if (snapshot.generator !== null) {
      const seconds = this.generator.get(worker) ?? [];
      seconds.push(snapshot.generator);
      this.generator.set(worker, seconds);
      this.#said.push({ ...snapshot.generator, worker });
    }
  }

  /** A worker is gone: what it had reported stays, what it was at is cut short. */
  lose(worker: number): void {
    this.#lost.add(worker);
    this.#users.delete(worker);
    this.#inFlight.delete(worker);
    this.#ledger.lose(worker);
    this.#told.lost(worker);
    const last = this.#lastReports.get(worker);
    if (last?.period !== 'measured') return;
    const byScenario = last.starts.map((starts, i) => ({
      ...starts,
      interrupted: starts.interrupted + (last.iterationsInFlight[i] ?? 0),
    }));
    const total = { ...NO_STARTS };
    for (const starts of byScenario) addStarts(total, starts);
    this.#starts.set(worker, total);
    this.#startsByScenario.set(worker, byScenario);
  }

  /** Undefined: it has not said anything. */
  lastReportOf(worker: number): LastReport | undefined {
    return this.#lastReports.get(worker);
  }

  /** Starts that were due before the worker took its place, and that nobody had reported. */
  lostStartsOf(worker: number): number {
    return this.#lostStarts.get(worker) ?? 0;
  }

  stage(text: Stage): void {
    this.#events.push({ kind: 'stage', text });
  }

  /** A remark for the journal. */
  note(text: string): void {
    this.#events.push({ kind: 'note', text });
  }

  /** Somebody changed the load. */
  adjusted(edit: RunEdit): void {
    this.#edits.push(edit);
    this.#events.push({ kind: 'change', text: `adjusted: ${edit.change}` });
  }

  /** Writes what came since the last line. @param measuredS - so long the load has been measured @returns it as a second */
  writeLine(folder: JournalSink, measuredS = 0): Second {
    const generator = [...this.generator].flatMap(([worker, seconds]) => (this.#lost.has(worker) ? [] : (seconds.at(-1) ?? [])));
    const line: JournalLine = {
      v: 3,
      second: this.#second++,
      atMs: this.#nowMs(),
      users: this.users,
      ...(measuredS === 0 ? {} : { measuredS }),
      ...(this.#tallies.length === 0 ? {} : { errors: this.#tallies }),
      starts: { ...this.starts },
      ...(generator.length === 0 ? {} : { generator: { workers: generator, said: this.#said } }),
      ...(this.#events.length === 0 ? {} : { events: this.#events }),
      ...(this.#edits.length === 0 ? {} : { adjust: this.#edits }),
      told: this.#told.told,
      numbers: this.#told.numbers,
    };
    folder.appendJournal(line);
    const second = this.#ledger.close(line);
    this.timeline.add(second);
    this.latencyLog.add(second);
    [this.#tallies, this.#said, this.#events, this.#edits, this.#told] = [[], [], [], [], new ToldSecond()];
    this.onSecond?.(second);
    return second;
  }

  /** The last second of each worker. */
  lastGenerator(): (GeneratorSecond & { worker: number; users: number })[] {
    return [...this.generator].flatMap(([worker, seconds]) => {
      const last = seconds.at(-1);
      return last === undefined || this.#lost.has(worker) ? [] : [{ ...last, worker, users: this.#users.get(worker) ?? 0 }];
    });
  }

  get inFlight(): number {
    return [...this.#inFlight.values()].reduce((sum, count) => sum + count, 0);
  }

  /** By scenario in the order of the plan; of the measured period, empty before it. */
  get startsByScenario(): StartCounts[] {
    const totals: StartCounts[] = [];
    for (const scenarios of this.#startsByScenario.values())
      scenarios.forEach((starts, i) => {
        totals[i] = addStarts(totals[i] ?? { ...NO_STARTS }, starts);
      });
    return totals;
  }

  get users(): number {
    return [...this.#users.values()].reduce((sum, users) => sum + users, 0);
  }

  get overflowed(): number {
    return [...this.#overflowed.values()].reduce((sum, count) => sum + count, 0);
  }

  get starts(): StartCounts {
    const total = { ...NO_STARTS };
    for (const starts of this.#starts.values()) addStarts(total, starts);
    return total;
  }
}

function addStarts(into: StartCounts, from: StartCounts): StartCounts {
  for (const key of Object.keys(NO_STARTS) as (keyof StartCounts)[]) into[key] += from[key];
  return into;
}
