import { owns, vuNumberOf } from '../core/partition.ts';
import type { LoadChange, OpenScenarioPlan, PhasePlan } from '../core/plan.ts';
import { ArrivalPacer } from './arrival-pacer.ts';
import { DropLog } from './drop-log.ts';
import type { EngineContext, Executor, ScenarioOptions } from './host.ts';
import { phaseAt, phasesWith } from './phases.ts';
import { Vu } from './vu.ts';
import { type PoolVu, VuPool } from './vu-pool.ts';

/** Starts dropped in one go; then other work has its turn. */
const DROPS_AT_ONCE = 1000;
const SKIPPED_AT_ONCE = 2000;

/**
 * An open model: starts are due when the plan says, and take whichever VU of this worker is free.
 *
 *     pacer (next start) ─▶ due? ─▶ a VU free? ─▶ TurnQueue, one start a task ─▶ Vu
 *                                        │ none, drop: DropLog      none, queue: the pacer stands still until one is
 *
 * The starts that wait are those that the pacer has not been asked for yet, so a long queue needs no memory and a stall loses none.
 */
export class OpenScenario implements Executor {
  readonly vus: number[] = [];
  readonly #context: EngineContext;
  readonly #options: ScenarioOptions<OpenScenarioPlan>;
  readonly #pacer: ArrivalPacer;
  readonly #pool: VuPool;
  readonly #drops: DropLog;
  readonly #members: PoolVu[] = [];
  #busy = 0;
  /** VUs of the scenario that there are, over all workers. */
  #usersMade = 0;
  #phases: readonly PhasePlan[];
  readonly #endUs: number;
  /** When what still runs is interrupted and what still waits is dropped. */
  #deadlineUs: number;
  /** No start due after this is begun or dropped, none at all is begun any more; Infinity: not so far. */
  #fenceUs = Number.POSITIVE_INFINITY;
  #isStarted = false;
  #isStepQueued = false;
  /** Starts due before it came into the run. */
  #skipped = 0;
  #isEnded = false;
  #isDone = false;
  /** What the timer waits for. */
  #timerUs = Number.NaN;
  #cancelTimer: () => void = () => undefined;
  #cancelDeadline: () => void = () => undefined;
  readonly #cancelOthers: (() => void)[] = [];

  constructor(context: EngineContext, options: ScenarioOptions<OpenScenarioPlan>) {
    const { plan, scenario, range } = options;
    this.#context = context;
    this.#options = options;
    this.#phases = plan.phases;
    this.#endUs = plan.startTimeUs + plan.length.durationUs;
    this.#deadlineUs = this.#endUs + plan.gracefulStopUs;
    this.#pacer = new ArrivalPacer({ plan, scenario, range, seed: context.seed });
    this.#pool = new VuPool({ preAllocated: plan.preAllocatedUsers, users: plan.users });
    this.#drops = new DropLog((drop) => context.host.dropped?.({ ...drop, scenario }));
    this.#makeUsers(plan.users);
  }

  start(): void {
    const { clock } = this.#context;
    this.#isStarted = true;
    this.#cancelDeadline = clock.at(this.#deadlineUs, this.#onDeadline);
    this.#cancelOthers.push(clock.at(this.#endUs, this.#onEnd));
    if (this.#options.join === undefined) return this.#pump();
    this.#isStepQueued = true;
    this.#context.turns.push(this.#skip);
  }

  stop(): void {
    this.#stop(this.#context.clock.nowUs() + this.#options.plan.gracefulStopUs);
  }

  stopNow(): void {
    this.#stop(this.#context.clock.nowUs());
  }

  adjust(change: LoadChange): void {
    const { clock } = this.#context;
    const { plan } = this.#options;
    if (this.#fenceUs !== Number.POSITIVE_INFINITY || this.#isDone) return;
    this.#phases = phasesWith(this.#phases, change.phase, change.atUs - plan.startTimeUs);
    this.#pacer.change(change);
    const { users } = change;
    if (users !== undefined) {
      this.#makeUsers(users);
      this.#cancelOthers.push(clock.at(change.atUs, () => this.#resize(users)));
    }
    if (this.#isStarted) this.#pump();
  }

  activeUsers(): number {
    return this.#busy;
  }

  setPaceUs(): void {}

  /** Makes those of this worker's that there are not yet. The pool keeps them back until it is told that they are wanted. */
  #makeUsers(users: number): void {
    const { plan, range } = this.#options;
    const made: PoolVu[] = [];
    for (; this.#usersMade < users; this.#usersMade++) {
      const number = vuNumberOf(plan, this.#usersMade);
      if (!owns(range, number)) continue;
      const member: PoolVu = { v: this.#usersMade, vu: new Vu(number, this.#context, (atUs) => this.#onFree(member, atUs)) };
      made.push(member);
      this.#members.push(member);
      this.vus.push(number);
    }
    // Taken from the end: the lowest number first.
    for (const member of made.reverse()) this.#pool.give(member, Number.NEGATIVE_INFINITY);
  }

  #resize(users: number): void {
    const nowUs = this.#context.clock.nowUs();
    this.#pool.resize(users, nowUs);
    if (this.#pool.hasFree) this.#drops.resolve(nowUs);
    if (this.#isStarted) this.#pump(); // changes before it came into the run are passed on before it starts
  }

  #onFree(member: PoolVu, atUs: number): void {
    this.#busy--;
    this.#pool.give(member, atUs);
    if (this.#pool.hasFree) this.#drops.resolve(atUs);
    this.#pump();
  }

  /** Does what is to be done now: a step, waiting for the next start, or the end. */
  readonly #pump = (): void => {
    if (this.#isStepQueued) return;
    const { clock, turns } = this.#context;
    const dueUs = this.#pacer.nextDueUs;
    if (dueUs === Number.POSITIVE_INFINITY || dueUs > this.#fenceUs) {
      this.#finishIfDone();
    } else if (dueUs > clock.nowUs()) {
      this.#waitUntil(dueUs);
    } else if (this.#isDropping || this.#pool.hasFree) {
      this.#isStepQueued = true;
      turns.push(this.#step);
    }
  };

  /** Whether a start that is due and finds no VU is dropped. */
  get #isDropping(): boolean {
    return this.#options.plan.onBusy === 'drop' || this.#fenceUs !== Number.POSITIVE_INFINITY;
  }

  readonly #step = (): void => {
    this.#isStepQueued = false;
    const nowUs = this.#context.clock.nowUs();
    const isFenced = this.#fenceUs !== Number.POSITIVE_INFINITY;
    if (!isFenced && this.#pool.hasFree && this.#pacer.nextDueUs <= nowUs) this.#beginNext();
    else if (this.#isDropping) this.#drop(Math.min(nowUs, this.#fenceUs));
    this.#pump();
  };

  /** Passes over what was due before it came; those of it that no worker has reported are lost. */
  readonly #skip = (): void => {
    const { atUs, due } = this.#options.join ?? { atUs: 0, due: 0 };
    let dueAtUs = 0;
    for (let i = 0; i < SKIPPED_AT_ONCE && this.#pacer.nextDueUs < atUs; i++) {
      dueAtUs = this.#pacer.nextDueUs;
      this.#pacer.advance();
      this.#skipped++;
    }
    if (this.#pacer.nextDueUs < atUs) return this.#context.turns.push(this.#skip);
    this.#isStepQueued = false;
    this.#lose(this.#skipped - due, dueAtUs);
    this.#pump();
  };

  #lose(count: number, dueAtUs: number): void {
    if (count <= 0) return;
    const { counts, host } = this.#context;
    counts.due += count;
    counts.dropped += count;
    const { scenario } = this.#options;
    host.dropped?.({ scenario, index: -1, dueAtUs, waitedUs: 0, phase: this.#phaseAt(dueAtUs), count, isLost: true });
  }

  #beginNext(): void {
    const { freeSinceUs } = this.#pool;
    const member = this.#pool.take() as PoolVu;
    const { nextIndex, nextDueUs } = this.#pacer;
    this.#pacer.advance();
    this.#busy++;
    const { vu } = member;
    const { scenario } = this.#options;
    const start = {
      vu: vu.number,
      iteration: vu.iterations,
      index: nextIndex,
      scenario,
      phase: this.#phaseAt(nextDueUs),
      dueAtUs: nextDueUs,
    };
    vu.begin(start, freeSinceUs);
  }

  #drop(untilUs: number): void {
    const { counts } = this.#context;
    for (let dropped = 0; dropped < DROPS_AT_ONCE && this.#pacer.nextDueUs <= untilUs; dropped++) {
      counts.due++;
      counts.dropped++;
      this.#drops.add(this.#pacer.nextIndex, this.#pacer.nextDueUs, this.#phaseAt(this.#pacer.nextDueUs));
      this.#pacer.advance();
    }
  }

  /** A start that is due the very moment of the planned end belongs to what was before it. */
  #phaseAt(dueUs: number): string {
    return phaseAt(this.#phases, Math.min(dueUs, this.#endUs - 1) - this.#options.plan.startTimeUs);
  }

  #waitUntil(dueUs: number): void {
    if (dueUs === this.#timerUs) return;
    this.#cancelTimer();
    this.#timerUs = dueUs;
    this.#cancelTimer = this.#context.clock.at(dueUs, () => {
      this.#timerUs = Number.NaN;
      this.#pump();
    });
  }

  #stop(deadlineUs: number): void {
    this.#isEnded = true;
    this.#fence();
    if (!this.#isDone && deadlineUs < this.#deadlineUs) {
      this.#deadlineUs = deadlineUs;
      this.#cancelDeadline();
      this.#cancelDeadline = this.#context.clock.at(deadlineUs, this.#onDeadline);
    }
    this.#pump();
  }

  /** Nothing begins any more; what was due by now is dropped. */
  #fence(): void {
    const untilUs = this.#isStarted ? this.#context.clock.nowUs() : Number.NEGATIVE_INFINITY;
    this.#fenceUs = Math.min(this.#fenceUs, untilUs);
  }

  readonly #onEnd = (): void => {
    this.#isEnded = true;
    this.#pump();
  };

  readonly #onDeadline = (): void => {
    this.#fence();
    const nowUs = this.#context.clock.nowUs();
    for (const { vu } of this.#members) vu.interruptAt(nowUs);
    this.#pump();
  };

  #finishIfDone(): void {
    if (this.#isDone || !this.#isEnded || this.#busy > 0) return;
    this.#isDone = true;
    this.#drops.resolve(this.#context.clock.nowUs());
    this.#cancelTimer();
    this.#cancelDeadline();
    for (const cancel of this.#cancelOthers) cancel();
    const { host, turns } = this.#context;
    for (const { vu } of this.#members) turns.push(() => host.retired?.(vu.number));
    turns.push(this.#options.onDone);
  }
}
