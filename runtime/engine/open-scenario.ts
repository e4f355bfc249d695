import type { DueStart, FromPool } from '../core/hand-over.ts';
import { owns, vuNumberOf } from '../core/partition.ts';
import type { LoadChange, OpenScenarioPlan } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import { ArrivalPacer } from './arrival-pacer.ts';
import { DueTimer } from './due-timer.ts';
import type { EngineContext, Executor, ScenarioOptions } from './host.ts';
import { OpenDrops } from './open-drops.ts';
import { passOver } from './pass-over.ts';
import { StartExchange } from './start-exchange.ts';
import { StartQueue } from './start-queue.ts';
import { Vu } from './vu.ts';
import { type PoolVu, VuPool } from './vu-pool.ts';

/** Starts dropped in one go; then other work has its turn. */
const DROPS_AT_ONCE = 1000;

/**
 * An open model: starts are due when the plan says, and take whichever VU is free: of this worker, else of another.
 *
 *     pacer (next start) ─▶ due? ─▶ a VU free? ─▶ TurnQueue, one start a task ─▶ Vu
 *                                        │ none: StartExchange (other workers), else  drop: DropLog   queue: the pacer stands still until one is
 *
 * The starts that wait are those that the pacer has not been asked for yet, but for a few that others were to begin, so a long queue needs no memory
 * and a stall loses none. What still waits at the planned end is never begun.
 */
export class OpenScenario implements Executor {
  readonly vus: number[] = [];
  readonly #context: EngineContext;
  readonly #options: ScenarioOptions<OpenScenarioPlan>;
  readonly #pacer: ArrivalPacer;
  readonly #starts: StartQueue;
  readonly #pool: VuPool;
  readonly #drops: OpenDrops;
  readonly #exchange: StartExchange | undefined;
  readonly #members: PoolVu[] = [];
  #busy = 0;
  /** VUs of the scenario that there are, over all workers. */
  #usersMade = 0;
  readonly #endUs: number;
  /** When what still runs is interrupted and what still waits is dropped. */
  #deadlineUs: number;
  /** No start due after this is begun or dropped, none at all is begun any more; Infinity: not so far. */
  #fenceUs = Number.POSITIVE_INFINITY;
  #isStarted = false;
  #isStepQueued = false;
  #isEnded = false;
  /** The planned end has come: a start begins only if a user is free for it. */
  #isClosing = false;
  #isDone = false;
  readonly #timer: DueTimer;
  #cancelDeadline: () => void = () => undefined;
  readonly #cancelOthers: (() => void)[] = [];

  constructor(context: EngineContext, options: ScenarioOptions<OpenScenarioPlan>) {
    const { plan, scenario, range } = options;
    this.#context = context;
    this.#options = options;
    const { latestUs, withGraceUs } = lengthOf([plan]);
    this.#endUs = latestUs;
    this.#deadlineUs = withGraceUs;
    this.#pacer = new ArrivalPacer({ plan, scenario, range, seed: context.seed });
    this.#starts = new StartQueue(this.#pacer);
    this.#timer = new DueTimer(context.clock, () => this.#pump());
    this.#pool = new VuPool({ preAllocated: plan.preAllocatedUsers, users: plan.users });
    this.#drops = new OpenDrops(context, { plan, scenario });
    const { handOver } = context;
    if (handOver !== undefined)
      this.#exchange = new StartExchange(scenario, handOver, {
        freeUsers: () => (!this.#isStarted || this.#isFenced || this.#isClosing ? 0 : this.#pool.free),
        queues: () => this.#isQueueing,
        giveAway: (most) => (this.#isQueueing ? this.#takeDue(most) : []),
        begin: (start) => this.#beginHanded(start),
        takeBack: (start) => this.#holdOrDrop(start),
        busyUs: (start) => this.#busyUs(start),
        changed: (hasFree) => {
          if (hasFree) this.#drops.resolve(context.clock.nowUs());
          this.#pump();
        },
      });
    this.#makeUsers(plan.users);
  }

  start(): void {
    const { clock } = this.#context;
    this.#isStarted = true;
    this.#cancelDeadline = clock.at(this.#deadlineUs, this.#onDeadline);
    this.#cancelOthers.push(clock.at(this.#endUs, this.#onEnd));
    const { join } = this.#options;
    if (join === undefined) return this.#pump();
    this.#isStepQueued = true;
    passOver(this.#pacer, this.#context.turns, join.atUs, (passed, dueAtUs) => {
      this.#isStepQueued = false;
      this.#drops.lose(passed - join.due, dueAtUs); // those that no worker has reported
      this.#pump();
    });
  }

  stop(): void {
    this.#stop(this.#context.clock.nowUs() + this.#options.plan.gracefulStopUs);
  }

  stopNow(): void {
    this.#stop(this.#context.clock.nowUs());
  }

  adjust(change: LoadChange): void {
    const { clock } = this.#context;
    if (this.#fenceUs !== Number.POSITIVE_INFINITY || this.#isDone) return;
    this.#drops.enterPhase(change.phase, change.atUs);
    this.#pacer.change(change);
    const { users } = change;
    if (users !== undefined) {
      this.#makeUsers(users);
      this.#cancelOthers.push(clock.at(change.atUs, () => this.#resize(users)));
    }
    this.#pump();
  }

  handed(what: FromPool): void {
    this.#exchange?.take(what);
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
    this.#pump();
  }

  #onFree(member: PoolVu, atUs: number): void {
    this.#busy--;
    this.#pool.give(member, atUs);
    if (this.#pool.hasFree) this.#drops.resolve(atUs);
    this.#pump();
  }

  /** Does what is to be done now: a step, waiting for the next start, or the end. */
  readonly #pump = (): void => {
    // before it starts others may have free users or want some, and what was due before it came is not passed over yet
    if (this.#isStepQueued || !(this.#isStarted || this.#isEnded)) return;
    const { clock, turns } = this.#context;
    const dueUs = this.#starts.nextDueUs;
    const isDue = dueUs <= Math.min(clock.nowUs(), this.#fenceUs);
    // at the planned end what finds a user free is begun, however late the generator is; the rest is not begun any more
    if (isDue && this.#isClosing && !this.#canBegin) this.#fence(this.#endUs);
    if (!isDue || !this.#canBegin) this.#exchange?.tellRest();
    if (isDue) {
      if (!this.#canBegin && !this.#isDropping && !this.#canOffer) return;
      this.#isStepQueued = true;
      turns.push(this.#step);
    } else if (dueUs === Number.POSITIVE_INFINITY || dueUs > this.#fenceUs) this.#finishIfDone();
    else this.#timer.waitUntil(dueUs);
  };

  get #canBegin(): boolean {
    return !this.#isFenced && this.#pool.hasFree;
  }

  get #isFenced(): boolean {
    return this.#fenceUs !== Number.POSITIVE_INFINITY;
  }

  /** Whether a start that is due and finds no VU is dropped at once. */
  get #isDropping(): boolean {
    if (this.#isFenced) return true;
    return this.#options.plan.onBusy === 'drop' && this.#exchange?.isAllBusy !== false;
  }

  get #canOffer(): boolean {
    return !this.#isFenced && this.#options.plan.onBusy === 'drop' && this.#exchange !== undefined && this.#exchange.room > 0;
  }

  /** Whether a start waits for a VU. */
  get #isQueueing(): boolean {
    if (this.#isFenced || this.#options.plan.onBusy === 'drop' || this.#pool.hasFree) return false;
    return this.#isStarted && this.#starts.nextDueUs <= this.#context.clock.nowUs();
  }

  readonly #step = (): void => {
    this.#isStepQueued = false;
    const nowUs = this.#context.clock.nowUs();
    if (this.#canBegin && this.#starts.nextDueUs <= nowUs) this.#begin(this.#starts.take());
    else if (this.#isDropping) this.#dropAll(this.#starts.takeDue(Math.min(nowUs, this.#fenceUs), DROPS_AT_ONCE));
    else if (this.#canOffer) this.#exchange?.offer(this.#takeDue(this.#exchange.room));
    this.#pump();
  };

  #takeDue(most: number): DueStart[] {
    return this.#starts.takeDue(this.#context.clock.nowUs(), most);
  }

  /** @returns false when no user is free after all */
  #beginHanded(start: DueStart): boolean {
    if (this.#canBegin && !this.#isClosing)
      this.#begin(start); // however long it was on its way
    else if (this.#options.plan.onBusy === 'drop' && !this.#isFenced && !this.#isClosing) return false;
    else this.#holdOrDrop(start);
    return true;
  }

  #holdOrDrop(start: DueStart): void {
    if (this.#isFenced || this.#isClosing || this.#options.plan.onBusy === 'drop') this.#drops.drop(start);
    else this.#starts.hold(start);
  }

  /** Of what it has waited so far, what this worker's own stalls cannot have made. */
  #busyUs({ dueAtUs }: DueStart): number {
    const waitedUs = Math.max(0, this.#context.clock.nowUs() - dueAtUs);
    return waitedUs - Math.min(waitedUs, this.#context.host.ownWaitUs?.(this.#options.scenario, waitedUs) ?? 0);
  }

  #begin({ index, dueAtUs, busyUs }: DueStart): void {
    // with drop nothing waits for a user: what is begun after one got free was looked at late
    const freeSinceUs = this.#options.plan.onBusy === 'drop' ? Math.min(this.#pool.freeSinceUs, dueAtUs) : this.#pool.freeSinceUs;
    const member = this.#pool.take() as PoolVu;
    this.#busy++;
    const { number: vu, iterations: iteration } = member.vu;
    const { scenario } = this.#options;
    const handed = busyUs === undefined ? {} : { busyUs };
    member.vu.begin({ vu, iteration, index, scenario, phase: this.#drops.phaseAt(dueAtUs), dueAtUs, ...handed }, freeSinceUs);
  }

  #dropAll(starts: readonly DueStart[]): void {
    for (const start of starts) this.#drops.drop(start);
  }

  #stop(deadlineUs: number): void {
    this.#isEnded = true;
    this.#fence(this.#context.clock.nowUs());
    if (!this.#isDone && deadlineUs < this.#deadlineUs) {
      this.#deadlineUs = deadlineUs;
      this.#cancelDeadline();
      this.#cancelDeadline = this.#context.clock.at(deadlineUs, this.#onDeadline);
    }
    this.#pump();
  }

  /** Nothing begins any more; what was due by then is dropped. */
  #fence(atUs: number): void {
    this.#fenceUs = Math.min(this.#fenceUs, this.#isStarted ? atUs : Number.NEGATIVE_INFINITY);
    this.#dropAll(this.#starts.takeHeld());
    this.#exchange?.leave();
  }

  readonly #onEnd = (): void => {
    this.#isEnded = true;
    this.#isClosing = true;
    if (this.#exchange?.isOwn === false) this.#fence(this.#endUs); // somebody waited for a user: none was free for what is due now
    this.#pump();
  };

  readonly #onDeadline = (): void => {
    this.#fence(this.#endUs);
    const nowUs = this.#context.clock.nowUs();
    for (const { vu } of this.#members) vu.interruptAt(nowUs);
    this.#pump();
  };

  #finishIfDone(): void {
    if (this.#isDone || !this.#isEnded || this.#busy > 0 || this.#exchange?.isWaiting === true) return;
    this.#isDone = true;
    this.#drops.resolve(this.#context.clock.nowUs());
    this.#timer.cancel();
    this.#cancelDeadline();
    for (const cancel of this.#cancelOthers) cancel();
    const { host, turns } = this.#context;
    for (const { vu } of this.#members) turns.push(() => host.retired?.(vu.number));
    turns.push(this.#options.onDone);
  }
}
