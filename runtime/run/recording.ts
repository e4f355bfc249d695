import type { StackMapper } from '../bundle/stack-mapper.ts';
import type { SnapshotMessage } from '../cluster/messages.ts';
import { type ErrorTally, type GeneratorSecond, NO_STARTS, type StartCounts } from '../core/records.ts';
import type { RunFolder } from '../history/run-folder.ts';
import type { SeriesDelta } from '../metrics/delta.ts';
import { ErrorBook } from '../metrics/error-book.ts';
import { KeptBook } from '../metrics/kept-book.ts';
import type { LiveNumbers } from '../metrics/live-view.ts';
import { MetricStore } from '../metrics/store.ts';

/** What the workers reported, merged, and on its way to the journal. */
export class Recording {
  readonly store = new MetricStore();
  readonly errors = new ErrorBook();
  /** The slowest and the failed requests. */
  readonly kept = new KeptBook();
  /** Seconds of the measured period, by worker. */
  readonly generator = new Map<number, GeneratorSecond[]>();
  readonly #starts = new Map<number, StartCounts>();
  readonly #users = new Map<number, number>();
  readonly #overflowed = new Map<number, number>();
  readonly #mapper: StackMapper;
  #deltas: SeriesDelta[] = [];
  #tallies: ErrorTally[] = [];
  #events: string[] = [];
  #second = 0;

  constructor(mapper: StackMapper) {
    this.#mapper = mapper;
  }

  /** @throws {ClusterError} when the worker contradicts itself */
  take(worker: number, snapshot: SnapshotMessage): void {
    this.#deltas.push(...this.store.merge(worker, snapshot.deltas));
    const tallies = snapshot.errors.map((tally) =>
      tally.kind === 'script' ? { ...tally, sample: this.#mapper.renderScriptError(tally.sample) } : tally,
    );
    this.errors.merge(tallies);
    this.#tallies.push(...tallies);
    this.kept.add(snapshot.kept);
    this.#users.set(worker, snapshot.activeUsers);
    this.#overflowed.set(worker, snapshot.overflowed);
    if (snapshot.period !== 'measured') return;
    this.#starts.set(worker, snapshot.starts);
    if (snapshot.generator !== null) {
      const seconds = this.generator.get(worker) ?? [];
      seconds.push(snapshot.generator);
      this.generator.set(worker, seconds);
    }
  }

  /** A remark for the journal, such as `measuring`. */
  event(text: string): void {
    this.#events.push(text);
  }

  /** Writes what came since the last line. */
  writeLine(folder: RunFolder): LiveNumbers {
    const generator = [...this.generator.values()].flatMap((seconds) => seconds.at(-1) ?? []);
    folder.appendJournal({
      v: 1,
      second: this.#second++,
      atMs: Date.now(),
      users: this.users,
      deltas: this.#deltas,
      ...(this.#tallies.length === 0 ? {} : { errors: this.#tallies }),
      starts: { ...this.starts },
      ...(generator.length === 0 ? {} : { generator: { workers: generator } }),
      ...(this.#events.length === 0 ? {} : { event: this.#events.join('; ') }),
    });
    [this.#deltas, this.#tallies, this.#events] = [[], [], []];
    return this.store.live.closeSecond();
  }

  get users(): number {
    return [...this.#users.values()].reduce((sum, users) => sum + users, 0);
  }

  get overflowed(): number {
    return [...this.#overflowed.values()].reduce((sum, count) => sum + count, 0);
  }

  get starts(): StartCounts {
    const total = { ...NO_STARTS };
    for (const starts of this.#starts.values()) for (const key of Object.keys(total) as (keyof StartCounts)[]) total[key] += starts[key];
    return total;
  }
}
