import type { Clock } from '../../../runtime/core/clock.ts';
import type { IndexRange } from '../../../runtime/core/partition.ts';
import type { ClosedScenarioPlan, JoinPlan, OpenScenarioPlan, ScenarioPlan } from '../../../runtime/core/plan.ts';
import type { IterationEnd, Start } from '../../../runtime/core/records.ts';
import { Engine } from '../../../runtime/engine/engine.ts';
import type { DroppedStarts, EngineHost } from '../../../runtime/engine/host.ts';
import { FakeClock } from '../../support/fake-clock.ts';

export const SECOND_US = 1_000_000;

/** `sync`: ends before `begin` returns; `never`: runs until interrupted. */
export type IterationLength = number | 'sync' | 'never';

export interface BegunIteration extends Start {
  atUs: number;
}

interface HostOptions {
  lengthOf?: (start: Start) => IterationLength;
  /** Whether an interrupted iteration ends. */
  isObedient?: boolean;
  /** Of what a start has waited, what the worker's stalls may have made. */
  ownWaitUs?: (waitedUs: number) => number;
}

/** Iterations that take as long as they are told to, on the fake clock. */
export class ScriptedHost implements EngineHost {
  readonly begun: BegunIteration[] = [];
  readonly ends: { vu: number; iteration: number; atUs: number; kind: IterationEnd['kind'] }[] = [];
  readonly interrupts: { vu: number; atUs: number }[] = [];
  readonly retirements: number[] = [];
  readonly drops: DroppedStarts[] = [];
  /** Ends of iterations that run, by VU. */
  readonly running = new Map<number, (end: IterationEnd) => void>();
  readonly #clock: Clock;
  readonly #lengthOf: (start: Start) => IterationLength;
  readonly #isObedient: boolean;
  readonly #ownWaitUs: (waitedUs: number) => number;

  constructor(clock: Clock, { lengthOf = () => SECOND_US, isObedient = true, ownWaitUs = () => 0 }: HostOptions = {}) {
    this.#ownWaitUs = ownWaitUs;
    this.#clock = clock;
    this.#lengthOf = lengthOf;
    this.#isObedient = isObedient;
  }

  begin(start: Start, onEnd: (end: IterationEnd) => void): void {
    this.begun.push({ ...start, atUs: this.#clock.nowUs() });
    const end = ({ kind }: IterationEnd): void => {
      this.running.delete(start.vu);
      this.ends.push({ vu: start.vu, iteration: start.iteration, atUs: this.#clock.nowUs(), kind });
      onEnd({ kind });
    };
    const length = this.#lengthOf(start);
    if (length === 'sync') {
      end({ kind: 'done' });
      return;
    }
    this.running.set(start.vu, end);
    if (length !== 'never') this.#clock.at(this.#clock.nowUs() + length, () => this.running.get(start.vu) === end && end({ kind: 'done' }));
  }

  interrupt(vu: number): void {
    this.interrupts.push({ vu, atUs: this.#clock.nowUs() });
    if (this.#isObedient) this.running.get(vu)?.({ kind: 'interrupted' });
  }

  retired(vu: number): void {
    this.retirements.push(vu);
  }

  ownWaitUs(_scenario: number, waitedUs: number): number {
    return this.#ownWaitUs(waitedUs);
  }

  dropped(drop: DroppedStarts): void {
    this.drops.push(drop);
  }
}

/** One scenario of constant users for 10 s, no spawn window, no think time; `parts` replaces any of it. */
export function planOf(parts: Partial<ClosedScenarioPlan> = {}): ClosedScenarioPlan {
  const users = parts.users ?? 1;
  return {
    kind: 'closed',
    name: 'default',
    exec: 'default',
    executor: 'constant-vus',
    users,
    vuOffset: 0,
    extraVuOffset: 1_000_000,
    curve: [{ atUs: 0, users }],
    spawnWindowUs: 0,
    phases: [],
    length: { kind: 'duration', durationUs: 10 * SECOND_US },
    startTimeUs: 0,
    gracefulStopUs: 30 * SECOND_US,
    gracefulRampDownUs: 30 * SECOND_US,
    thinkTime: undefined,
    paceUs: undefined,
    tags: {},
    env: {},
    ...parts,
  };
}

/** One scenario of 10 starts a second for 10 s by one user, who waits for nobody; `parts` replaces any of it. */
export function openPlanOf(parts: Partial<OpenScenarioPlan> = {}): OpenScenarioPlan {
  const users = parts.users ?? 1;
  return {
    kind: 'open',
    name: 'default',
    exec: 'default',
    executor: 'constant-arrival-rate',
    users,
    preAllocatedUsers: users,
    vuOffset: 0,
    extraVuOffset: 1_000_000,
    timeUnitUs: SECOND_US,
    curve: [{ atUs: 0, rate: 10 }],
    arrivals: 'from-zero',
    onBusy: 'queue',
    phases: [],
    length: { kind: 'duration', durationUs: 10 * SECOND_US },
    startTimeUs: 0,
    gracefulStopUs: 30 * SECOND_US,
    tags: {},
    env: {},
    ...parts,
  };
}

export const WHOLE: IndexRange = { from: 0, to: 4_294_967_296 };

interface RunParts extends HostOptions {
  scenarios: readonly ScenarioPlan[];
  range?: IndexRange;
  join?: JoinPlan;
  seed?: number;
  turnUs?: number;
}

/** An engine with its clock and host, not started. */
export function engineOf({ scenarios, range = WHOLE, seed = 1, turnUs = 0, join, ...options }: RunParts): {
  engine: Engine;
  host: ScriptedHost;
  clock: FakeClock;
} {
  const clock = new FakeClock({ turnUs });
  const host = new ScriptedHost(clock, options);
  return { engine: new Engine({ scenarios, range, seed, clock, host, ...(join === undefined ? {} : { join }) }), host, clock };
}

/** As {@link engineOf}, run for `untilUs`. */
export function runOf({ untilUs = 60 * SECOND_US, ...parts }: RunParts & { untilUs?: number }): ReturnType<typeof engineOf> {
  const made = engineOf(parts);
  made.engine.start();
  made.clock.advanceTo(untilUs);
  return made;
}

/** Whether a promise has resolved by now. */
export async function isSettled(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), Promise.resolve().then(() => Promise.resolve(false))]);
}
