import type { Clock } from '../core/clock.ts';
import { BugError } from '../core/errors.ts';
import type { FromPool } from '../core/hand-over.ts';
import type { IndexRange } from '../core/partition.ts';
import type { JoinPlan, LoadChange, ScenarioPlan } from '../core/plan.ts';
import { NO_STARTS, type StartCounts } from '../core/records.ts';
import { ClosedScenario } from './closed-scenario.ts';
import type { EngineHost, Executor, HandOverPort } from './host.ts';
import { OpenScenario } from './open-scenario.ts';
import { TurnQueue } from './turn-queue.ts';

export interface EngineOptions {
  /** VU numbers of two scenarios must not overlap. */
  readonly scenarios: readonly ScenarioPlan[];
  /** Which VUs are this worker's; ranges of all workers tile the whole. */
  readonly range: IndexRange;
  /** 32-bit unsigned; of the run, not of the worker. */
  readonly seed: number;
  /** Zero is the moment the run begins, the same for all workers. */
  readonly clock: Clock;
  /** The same time for open models, whose starts are due by it; absent: `clock`. */
  readonly exactClock?: Clock;
  readonly host: EngineHost;
  /** Absent: there is no other worker, and `range` is the whole. */
  readonly handOver?: HandOverPort;
  /** Comes into a run that goes on, in the place of a worker that was lost. */
  readonly join?: JoinPlan;
}

const COUNTED = Object.keys(NO_STARTS) as (keyof StartCounts)[];

/** Decides which VU of this worker begins which iteration when. Knows nothing of what an iteration does. */
export class Engine {
  /** Resolves when every VU owned has retired and no planned end is to come; never rejects. */
  readonly done: Promise<void>;
  readonly #executors: readonly Executor[];
  /** By scenario. */
  readonly #counts: readonly StartCounts[];
  #isStarted = false;
  #undone: number;
  #onDone: () => void = () => {};

  /** @throws {BugError} when two scenarios claim the same VU */
  constructor(options: EngineOptions) {
    const { clock, exactClock = clock, host, seed, range, scenarios, join, handOver } = options;
    this.done = new Promise((resolve) => {
      this.#onDone = resolve;
    });
    this.#undone = scenarios.length;
    this.#counts = scenarios.map(() => ({ ...NO_STARTS }));
    const turns = new TurnQueue(clock);
    const onDone = (): void => {
      this.#undone--;
      this.#finishIfDone();
    };
    this.#executors = scenarios.map((plan, scenario) => {
      const counts = this.#counts[scenario] as StartCounts;
      const ownClock = plan.kind === 'open' ? exactClock : clock;
      const context = { clock: ownClock, host, seed, turns, handOver, counts, iterationUsMin: plan.iterationUsMin ?? 0 };
      const { due = 0, begun = 0 } = join?.starts[scenario] ?? {};
      const rest = { scenario, range, onDone, ...(join === undefined ? {} : { join: { atUs: join.atUs, due, begun } }) };
      return plan.kind === 'open' ? new OpenScenario(context, { plan, ...rest }) : new ClosedScenario(context, { plan, ...rest });
    });
    const vus = this.vusOwned();
    if (new Set(vus).size < vus.length) throw new BugError('expected VU numbers of scenarios not to overlap; got some twice');
    for (const change of join?.changes ?? []) this.adjust(change);
  }

  /** Begins the plan; what was due before now is begun late. A second call does nothing. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    for (const executor of this.#executors) executor.start();
    this.#finishIfDone();
  }

  /** No new iterations; running ones have their graceful stop and are then interrupted. */
  stop(): void {
    this.#isStarted = true;
    for (const executor of this.#executors) executor.stop();
    this.#finishIfDone();
  }

  /** No new iterations; running ones are interrupted. */
  stopNow(): void {
    this.#isStarted = true;
    for (const executor of this.#executors) executor.stopNow();
    this.#finishIfDone();
  }

  /**
   * Changes the load of a scenario from `change.atUs` on, and names its phase. Workers that get the same change before that moment
   * stay one plan; one that gets it later makes it up from where it is. VUs that it adds must be there for the host by then.
   * Iterations that are counted are shared out as before: there, it sends users away or back, and added ones only help with shared iterations.
   * @throws {BugError} for a scenario that is not in the plan
   */
  adjust(change: LoadChange): void {
    const executor = this.#executors[change.scenario];
    if (executor === undefined) throw new BugError(`expected a scenario of ${this.#executors.length}; got number ${change.scenario}`);
    executor.adjust(change);
  }

  /** What the coordinator says of work that whoever is free does. */
  handed(what: FromPool): void {
    this.#executors[what.scenario]?.handed(what);
  }

  /** A copy of the counts so far, of all scenarios. */
  counts(): StartCounts {
    const sum = { ...NO_STARTS };
    for (const counts of this.#counts) for (const key of COUNTED) sum[key] += counts[key];
    return sum;
  }

  /** As {@link counts}, by scenario in the order of the plan. */
  countsByScenario(): StartCounts[] {
    return this.#counts.map((counts) => ({ ...counts }));
  }

  /** VUs that are active, or still finish an iteration; of open models those that run one. */
  activeUsers(): number {
    return this.#executors.reduce((users, executor) => users + executor.activeUsers(), 0);
  }

  /** Numbers of all VUs that this worker may run, those included whose time never comes and those that live changes have added. */
  vusOwned(): number[] {
    return this.#executors.flatMap((executor) => executor.vus);
  }

  /** Makes iterations of a VU due this far apart, from the one it runs on; 0: no pace any more. */
  setPaceUs(vu: number, us: number): void {
    const paceUs = Number.isFinite(us) && us >= 1 ? Math.round(us) : undefined;
    for (const executor of this.#executors) executor.setPaceUs(vu, paceUs);
  }

  #finishIfDone(): void {
    if (this.#undone === 0) this.#onDone();
  }
}
