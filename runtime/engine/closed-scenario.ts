import { type IndexRange, owns } from '../core/partition.ts';
import type { ScenarioPlan } from '../core/plan.ts';
import type { Start } from '../core/records.ts';
import { activeIntervals, usersAtStart } from './curve.ts';
import type { EngineContext, Executor } from './host.ts';
import { iterationsOf, plannedEndUs, spawnOffsetUs, thinkTimeUs } from './pacing.ts';
import { phaseAt } from './phases.ts';
import { Timeline } from './timeline.ts';
import { type LoopRules, VuLoop } from './vu-loop.ts';

export interface ClosedScenarioOptions {
  readonly plan: ScenarioPlan;
  /** Index of the scenario in the plan. */
  readonly scenario: number;
  readonly range: IndexRange;
  /** All VUs owned have retired. */
  readonly onDone: () => void;
}

/** A closed model: users that come and go by a curve, and each waits for its answer before it asks again. */
export class ClosedScenario implements Executor {
  readonly vus: readonly number[];
  readonly #context: EngineContext;
  readonly #options: ClosedScenarioOptions;
  readonly #loops = new Map<number, VuLoop>();
  readonly #timeline: Timeline;
  #unretired: number;
  #isDone = false;

  constructor(context: EngineContext, options: ClosedScenarioOptions) {
    const { plan, range } = options;
    this.#context = context;
    this.#options = options;
    this.#timeline = new Timeline(context.clock);
    const all = Array.from({ length: plan.users }, (_, v) => plan.vuOffset + v);
    this.vus = all.filter((vu) => owns(range, vu));
    this.#unretired = this.vus.length;
    const rules = this.#rules();
    for (const vu of this.vus) this.#loops.set(vu, this.#loopOf(vu, rules));
  }

  start(): void {
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

  activeUsers(): number {
    let users = 0;
    for (const loop of this.#loops.values()) if (loop.isBusy) users++;
    return users;
  }

  setPaceUs(vu: number, us: number | undefined): void {
    this.#loops.get(vu)?.setPaceUs(us);
  }

  #stop(isNow: boolean): void {
    this.#timeline.clear();
    const nowUs = this.#context.clock.nowUs();
    for (const loop of this.#loops.values()) loop.fence(nowUs);
    // Over several turns: retiring thousands of VUs at once would stall the iterations that still finish.
    for (const loop of this.#loops.values()) this.#context.turns.push(() => loop.stop(nowUs, isNow));
    this.#finishIfDone();
  }

  #loopOf(vu: number, rules: LoopRules): VuLoop {
    const { plan } = this.#options;
    const v = vu - plan.vuOffset;
    const intervals = this.#intervalsOf(vu);
    const loop = new VuLoop(this.#context, rules, {
      vu,
      activations: intervals.length,
      iterationsMax: iterationsOf(plan.length, v, plan.users),
      onRetired: () => {
        this.#unretired--;
        this.#finishIfDone();
      },
    });
    for (const { onUs, offUs } of intervals) {
      this.#timeline.add(plan.startTimeUs + onUs, (atUs) => loop.activate(atUs, plan.startTimeUs + offUs));
      this.#timeline.add(plan.startTimeUs + offUs, (atUs) => loop.deactivate(atUs));
    }
    return loop;
  }

  /** The curve's, with the beginning of users that are there from the start spread over the spawn window. */
  #intervalsOf(vu: number): { onUs: number; offUs: number }[] {
    const { plan, scenario } = this.#options;
    const v = vu - plan.vuOffset;
    const over = { windowUs: plan.spawnWindowUs, usersAtStart: usersAtStart(plan.curve) };
    const delayUs = v < over.usersAtStart ? spawnOffsetUs({ seed: this.#context.seed, scenario, vu }, v, over) : 0;
    const intervals = activeIntervals(plan.curve, v, plannedEndUs(plan.length));
    return intervals.map(({ onUs, offUs }) => ({ onUs: onUs === 0 ? delayUs : onUs, offUs })).filter(({ onUs, offUs }) => onUs < offUs);
  }

  #rules(): LoopRules {
    const { plan, scenario } = this.#options;
    const { seed } = this.#context;
    return {
      paceUs: plan.paceUs,
      gracefulStopUs: plan.gracefulStopUs,
      thinkTimeUs: (vu, iteration) => thinkTimeUs(plan.thinkTime, { seed, scenario, vu }, iteration),
      startOf: (vu, iteration, dueAtUs): Start => ({
        vu,
        iteration,
        scenario,
        phase: phaseAt(plan.phases, dueAtUs - plan.startTimeUs),
        dueAtUs,
      }),
    };
  }

  #finishIfDone(): void {
    if (this.#unretired > 0 || this.#isDone) return;
    this.#isDone = true;
    this.#timeline.clear();
    this.#options.onDone();
  }
}
