import type { FromPool, ToPool } from '../core/hand-over.ts';
import { firstIterations, rangeOf } from '../core/partition.ts';
import type { ScenarioPlan } from '../core/plan.ts';
import type { Fleet } from './fleet.ts';
import { IterationPool } from './iteration-pool.ts';
import type { Replacements, RunningPeriod } from './replacements.ts';
import { StartPool } from './start-pool.ts';

interface HandOverOptions {
  readonly scenarios: readonly ScenarioPlan[];
  /** By seat. */
  readonly workers: readonly number[];
  send(worker: number, parts: FromPool[]): void;
  /** Iterations of a scenario that a worker has reported as begun in this period. */
  begunOf(worker: number, scenario: number): number;
}

/** Work of one period that whoever is free does, over all workers: the coordinator's side. A scenario that has none of it has no pool. */
export class HandOver {
  readonly #options: HandOverOptions;
  readonly #workers: Set<number>;
  readonly #pools: readonly (StartPool | IterationPool | undefined)[];
  #outbox = new Map<number, Map<number, FromPool>>();

  constructor(options: HandOverOptions) {
    this.#options = options;
    this.#workers = new Set(options.workers);
    this.#pools = options.scenarios.map((plan, scenario) => this.#poolOf(plan, scenario));
  }

  /** @throws {ClusterError} when a worker says what it cannot */
  take(worker: number, parts: readonly ToPool[]): void {
    if (!this.#workers.has(worker)) return;
    for (const part of parts) this.#pools[part.scenario]?.take(worker, part);
    this.#flush();
  }

  /** A worker comes into the period in the place of a lost one, after it was told to run. */
  joined(worker: number): void {
    this.#workers.add(worker);
    for (const pool of this.#pools) pool?.joined(worker);
    this.#flush();
  }

  /** A worker was lost, or its part of the period is over. */
  gone(worker: number): void {
    if (!this.#workers.delete(worker)) return;
    for (const pool of this.#pools) pool?.gone(worker);
    this.#flush();
  }

  /** Starts of a scenario that a worker did for others, less those of its own that others did. */
  movedTo(worker: number, scenario: number): number {
    const pool = this.#pools[scenario];
    return pool instanceof StartPool ? pool.movedTo(worker) : 0;
  }

  #poolOf(plan: ScenarioPlan, scenario: number): StartPool | IterationPool | undefined {
    const tell = (worker: number, what: Omit<FromPool, 'scenario'>): void => this.#tell(worker, { scenario, ...what });
    const { workers, begunOf } = this.#options;
    if (plan.kind === 'open') return new StartPool({ isDropping: plan.onBusy === 'drop', workers: this.#workers, tell });
    if (plan.length.kind !== 'iterations' || !plan.length.isShared) return undefined;
    return new IterationPool({
      iterations: plan.length.iterations,
      workers: this.#workers,
      tell,
      firstOf: (worker) => firstIterations(plan, rangeOf(workers.indexOf(worker), workers.length)),
      begunOf: (worker) => begunOf(worker, scenario),
    });
  }

  /** Kept until the message that led to it has been worked off, so that a worker hears of it all at once. */
  #tell(worker: number, what: FromPool): void {
    const ofWorker = this.#outbox.get(worker) ?? new Map<number, FromPool>();
    this.#outbox.set(worker, ofWorker);
    const before = ofWorker.get(what.scenario);
    // a change of lending goes before what is granted by it: what was said before it is sent first
    if (before !== undefined && what.lending !== undefined) {
      this.#options.send(worker, [before]);
      ofWorker.set(what.scenario, what);
      return;
    }
    ofWorker.set(what.scenario, before === undefined ? what : merged(before, what));
  }

  #flush(): void {
    const outbox = this.#outbox;
    this.#outbox = new Map();
    for (const [worker, parts] of outbox) this.#options.send(worker, [...parts.values()]);
  }
}

/** Undefined where there is one worker, who hands nothing over. */
export function handOverOf(
  fleet: Pick<Fleet, 'seats' | 'workerOf' | 'send'>,
  { name, scenarios }: Pick<RunningPeriod, 'name' | 'scenarios'>,
  { lastReportOf }: Pick<Replacements, 'lastReportOf'>,
): HandOver | undefined {
  const workers = fleet.seats.map((seat) => fleet.workerOf(seat));
  if (workers.length < 2) return undefined;
  return new HandOver({
    scenarios,
    workers,
    send: (worker, parts) => fleet.send(worker, { type: 'handed', parts }),
    begunOf: (worker, scenario) => {
      const report = lastReportOf(worker);
      return report?.period === name ? (report.starts[scenario]?.begun ?? 0) : 0;
    },
  });
}

function merged(a: FromPool, b: FromPool): FromPool {
  const lists = (['grants', 'returned', 'iterations'] as const).flatMap((key) =>
    a[key] === undefined && b[key] === undefined ? [] : [[key, [...(a[key] ?? []), ...(b[key] ?? [])]] as const],
  );
  const taken = (a.taken ?? 0) + (b.taken ?? 0);
  return { ...a, ...b, ...Object.fromEntries(lists), ...(taken === 0 ? {} : { taken }) };
}
