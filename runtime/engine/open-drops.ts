import type { DueStart } from '../core/hand-over.ts';
import type { OpenScenarioPlan, PhasePlan } from '../core/plan.ts';
import { DropLog } from './drop-log.ts';
import type { EngineContext } from './host.ts';
import { phaseAt, phasesWith } from './phases.ts';

/** What is counted and told of an open scenario's starts that were due and never begun, and which part of its shape a start belongs to. */
export class OpenDrops {
  readonly #context: EngineContext;
  readonly #plan: OpenScenarioPlan;
  readonly #scenario: number;
  readonly #log: DropLog;
  #phases: readonly PhasePlan[];

  constructor(context: EngineContext, { plan, scenario }: { plan: OpenScenarioPlan; scenario: number }) {
    this.#context = context;
    this.#plan = plan;
    this.#scenario = scenario;
    this.#phases = plan.phases;
    this.#log = new DropLog((drop) => context.host.dropped?.({ ...drop, scenario }));
  }

  /** All starts from `atUs` on, since the run began, are of one part. */
  enterPhase(name: string, atUs: number): void {
    this.#phases = phasesWith(this.#phases, name, atUs - this.#plan.startTimeUs);
  }

  /** A start that is due the very moment of the planned end belongs to what was before it. */
  phaseAt(dueUs: number): string {
    const { startTimeUs, length } = this.#plan;
    return phaseAt(this.#phases, Math.min(dueUs - startTimeUs, length.durationUs - 1));
  }

  /** It found every user busy. */
  drop({ index, dueAtUs, busyUs }: DueStart): void {
    this.#context.counts.due++;
    this.#context.counts.dropped++;
    this.#log.add({ index, dueAtUs, phase: this.phaseAt(dueAtUs), ...(busyUs === undefined ? {} : { busyUs }) });
  }

  /** They went with a worker, up to this due time. */
  lose(count: number, dueAtUs: number): void {
    if (count <= 0) return;
    const { counts, host } = this.#context;
    counts.due += count;
    counts.dropped += count;
    host.dropped?.({ scenario: this.#scenario, index: -1, dueAtUs, waitedUs: 0, phase: this.phaseAt(dueAtUs), count, isLost: true });
  }

  /** A user is free, or the run over: what was dropped had waited until now. */
  resolve(atUs: number): void {
    this.#log.resolve(atUs);
  }
}
