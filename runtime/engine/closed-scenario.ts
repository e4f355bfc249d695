import type { FromPool } from '../core/hand-over.ts';
import { firstIterations, owns, vuNumberOf } from '../core/partition.ts';
import type { ClosedScenarioPlan, LoadChange, PhasePlan } from '../core/plan.ts';
import { lengthOf, longestUs } from '../core/plan-length.ts';
import type { Start } from '../core/records.ts';
import { activeIntervals, usersAtStart } from './curve.ts';
import type { EngineContext, Executor, ScenarioOptions } from './host.ts';
import { iterationsOf, spawnOffsetUs, thinkTimeUs } from './pacing.ts';
import { phaseAt, phasesWith } from './phases.ts';
import { HandedIterations, OwnIterations, type SharedIterations } from './shared-iterations.ts';
import { Timeline } from './timeline.ts';
import { type LoopRules, VuLoop } from './vu-loop.ts';

/** The VU is active from `atUs` until `offUs`, or from `atUs` on no longer. Without a VU: the planned end. */
interface Entry {
  readonly atUs: number;
  readonly loop: VuLoop | undefined;
  readonly offUs: number | undefined;
}

/** A closed model: users that come and go by a curve, and each waits for its answer before it asks again. */
export class ClosedScenario implements Executor {
  readonly vus: number[] = [];
  readonly #context: EngineContext;
  readonly #options: ScenarioOptions<ClosedScenarioPlan>;
  /** By number within the scenario. */
  readonly #loops = new Map<number, VuLoop>();
  readonly #byNumber = new Map<number, VuLoop>();
  readonly #timeline: Timeline<Entry>;
  readonly #rules: LoopRules;
  readonly #shared: SharedIterations | undefined;
  readonly #endUs: number;
  /** VUs of the scenario that there are, over all workers. */
  #usersMade = 0;
  #phases: readonly PhasePlan[];
  #unretired = 0;
  #isStarted = false;
  #isEnded = false;
  #isStopped = false;
  #isDone = false;

  constructor(context: EngineContext, options: ScenarioOptions<ClosedScenarioPlan>) {
    const { plan } = options;
    this.#context = context;
    this.#options = options;
    this.#phases = plan.phases;
    this.#endUs = lengthOf([plan]).latestUs;
    this.#timeline = new Timeline(context.clock, (entry) => this.#onEntry(entry));
    const { length } = plan;
    if (length.kind === 'iterations' && length.isShared) this.#shared = this.#sharedOf(length.iterations);
    this.#rules = this.#makeRules();
    this.#makeUsers(plan.users);
    this.#skip(options.join?.begun ?? 0);
    for (const [v, loop] of this.#loops) this.#planCurve(v, loop);
    this.#timeline.add({ atUs: this.#endUs, loop: undefined, offUs: undefined });
  }

  #sharedOf(iterations: number): SharedIterations {
    const { handOver } = this.#context;
    const { plan, scenario, range, join } = this.#options;
    if (handOver === undefined) return new OwnIterations(iterations);
    return new HandedIterations(scenario, handOver, join === undefined ? firstIterations(plan, range) : []);
  }

  start(): void {
    this.#isStarted = true;
    for (const loop of this.#loops.values()) loop.start();
    this.#timeline.start();
    this.#finishIfDone();
  }

  stop(): void {
    this.#stop(false);
  }

  stopNow(): void {
    this.#stop(true);
  }

  adjust(change: LoadChange): void {
    if (this.#isStopped || this.#isDone) return;
    this.#phases = phasesWith(this.#phases, change.phase, change.atUs - this.#options.plan.startTimeUs);
    const { plan, join } = this.#options;
    if (change.users !== undefined) this.#planConstant(change.users, Math.max(change.atUs, plan.startTimeUs, join?.atUs ?? 0));
    if (this.#isStarted) this.#timeline.start();
  }

  handed(what: FromPool): void {
    if (!(this.#shared instanceof HandedIterations)) return;
    this.#shared.handed(what);
    if (what.isOver === true) this.#releaseAll();
  }

  activeUsers(): number {
    let users = 0;
    for (const loop of this.#loops.values()) if (loop.isBusy) users++;
    return users;
  }

  setPaceUs(vu: number, us: number | undefined): void {
    this.#byNumber.get(vu)?.setPaceUs(us);
  }

  #stop(isNow: boolean): void {
    this.#isStopped = true;
    this.#isEnded = true;
    this.#timeline.clear();
    const nowUs = this.#context.clock.nowUs();
    for (const loop of this.#loops.values()) loop.fence(nowUs);
    // Over several turns: retiring thousands of VUs at once would stall the iterations that still finish.
    for (const loop of this.#loops.values()) this.#context.turns.push(() => loop.stop(nowUs, isNow));
    this.#finishIfDone();
  }

  /** Makes those of this worker's that there are not yet, with nothing to do. */
  #makeUsers(users: number): void {
    const { plan, range } = this.#options;
    for (; this.#usersMade < users; this.#usersMade++) {
      const v = this.#usersMade;
      const vu = vuNumberOf(plan, v);
      if (!owns(range, vu)) continue;
      const loop = new VuLoop(this.#context, this.#rules, {
        vu,
        iterationsMax: iterationsOf(plan.length, v, plan.users),
        onRetired: this.#onRetired,
      });
      this.vus.push(vu);
      this.#loops.set(v, loop);
      this.#byNumber.set(vu, loop);
      this.#unretired++;
    }
  }

  /** Leaves out what was begun before it came into the run; whose iterations they were is not known, so every VU has its part of them. */
  #skip(begun: number): void {
    if (this.#shared !== undefined) return this.#shared.skip(begun);
    let [left, loops] = [begun, this.#loops.size];
    for (const loop of this.#loops.values()) left -= loop.skip(Math.ceil(left / loops--));
  }

  #planCurve(v: number, loop: VuLoop): void {
    const { startTimeUs } = this.#options.plan;
    const fromUs = this.#options.join?.atUs ?? Number.NEGATIVE_INFINITY;
    for (const { onUs, offUs } of this.#intervalsOf(v)) {
      if (startTimeUs + offUs <= fromUs) continue;
      this.#add(loop, Math.max(startTimeUs + onUs, fromUs), startTimeUs + offUs);
      this.#add(loop, startTimeUs + offUs, undefined);
    }
  }

  /** From `atUs` to the end there are `users`, whoever was there before. */
  #planConstant(users: number, atUs: number): void {
    if (atUs >= this.#endUs) return;
    for (const { loop } of this.#timeline.cutFrom(atUs)) loop?.expect(-1);
    this.#makeUsers(users);
    const isCounted = this.#options.plan.length.kind === 'iterations';
    for (const [v, loop] of this.#loops) {
      if (v >= users && loop.isRetired) continue;
      this.#add(loop, atUs, v < users ? this.#endUs : undefined);
      // Who has iterations of its own is not done before the end: it may be called back.
      if (v < users || isCounted) this.#add(loop, this.#endUs, undefined);
      if (loop.revive()) this.#unretired++;
      if (this.#isStarted) loop.start();
    }
    this.#timeline.add({ atUs: this.#endUs, loop: undefined, offUs: undefined });
  }

  #add(loop: VuLoop, atUs: number, offUs: number | undefined): void {
    this.#timeline.add({ atUs, loop, offUs });
    loop.expect(1);
  }

  #onEntry({ atUs, loop, offUs }: Entry): void {
    const { gracefulRampDownUs, gracefulStopUs } = this.#options.plan;
    if (loop === undefined) {
      this.#isEnded = true;
      this.#finishIfDone();
    } else if (offUs !== undefined) {
      loop.activate(atUs, offUs);
    } else {
      const deadlineUs = this.#endUs + gracefulStopUs;
      loop.deactivate(atUs, atUs >= this.#endUs ? deadlineUs : Math.min(atUs + gracefulRampDownUs, deadlineUs));
    }
  }

  /** The curve's, with the beginning of users that are there from the start spread over the spawn window. */
  #intervalsOf(v: number): { onUs: number; offUs: number }[] {
    const { plan, scenario } = this.#options;
    const over = { windowUs: plan.spawnWindowUs, usersAtStart: usersAtStart(plan.curve) };
    const at = { seed: this.#context.seed, scenario, vu: vuNumberOf(plan, v) };
    const delayUs = v < over.usersAtStart ? spawnOffsetUs(at, v, over) : 0;
    const intervals = activeIntervals(plan.curve, v, longestUs(plan.length));
    return intervals.map(({ onUs, offUs }) => ({ onUs: onUs === 0 ? delayUs : onUs, offUs })).filter(({ onUs, offUs }) => onUs < offUs);
  }

  #makeRules(): LoopRules {
    const { plan, scenario } = this.#options;
    const { seed, host } = this.#context;
    const shared = this.#shared;
    return {
      paceUs: plan.paceUs,
      gracefulStopUs: plan.gracefulStopUs,
      shared,
      thinkTimeUs: (vu, iteration) => thinkTimeUs(plan.thinkTime, { seed, scenario, vu }, iteration),
      startOf: (vu, iteration, dueAtUs): Start => {
        const phase = phaseAt(this.#phases, dueAtUs - plan.startTimeUs);
        return { vu, iteration, index: shared === undefined ? -1 : this.#takeShared(shared), scenario, phase, dueAtUs };
      },
      onDropped: (count, dueAtUs, waitedUs) =>
        host.dropped?.({ scenario, index: -1, dueAtUs, waitedUs, phase: phaseAt(this.#phases, dueAtUs - plan.startTimeUs), count }),
    };
  }

  #takeShared(shared: SharedIterations): number {
    const index = shared.take();
    // Who waits for its next one need not wait any more.
    if (shared.isOver) this.#releaseAll();
    return index;
  }

  #releaseAll(): void {
    for (const loop of this.#loops.values()) this.#context.turns.push(() => loop.release());
  }

  readonly #onRetired = (): void => {
    this.#unretired--;
    this.#finishIfDone();
  };

  #finishIfDone(): void {
    const isOver = this.#isEnded || this.#options.plan.length.kind === 'iterations';
    if (this.#unretired > 0 || !isOver || this.#isDone) return;
    this.#isDone = true;
    this.#timeline.clear();
    const shared = this.#shared;
    const isTimeUp = this.#context.clock.nowUs() >= this.#endUs;
    if (shared === undefined || this.#isStopped || shared.isOver || !isTimeUp) return this.#options.onDone();
    const dropLeft = (): void => this.#dropShared(shared.left, shared.next);
    if (!(shared instanceof HandedIterations)) {
      dropLeft();
      return this.#options.onDone();
    }
    // what nobody has yet is counted by one of the workers; some may have been on its way here
    shared.claim(({ count, next }) => {
      dropLeft();
      this.#dropShared(count, next);
      this.#options.onDone();
    });
  }

  /** Shared iterations that the time did not suffice for. */
  #dropShared(count: number, index: number): void {
    if (count === 0) return;
    const { counts, host } = this.#context;
    const { scenario, plan } = this.#options;
    counts.due += count;
    counts.dropped += count;
    const phase = phaseAt(this.#phases, this.#endUs - 1 - plan.startTimeUs);
    host.dropped?.({ scenario, index, dueAtUs: this.#endUs, waitedUs: 0, phase, count });
  }
}
