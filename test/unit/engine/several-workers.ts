import type { FromPool, ToPool } from '../../../runtime/core/hand-over.ts';
import { rangeOf } from '../../../runtime/core/partition.ts';
import type { ScenarioPlan } from '../../../runtime/core/plan.ts';
import { NO_STARTS, type Start, type StartCounts } from '../../../runtime/core/records.ts';
import { Engine } from '../../../runtime/engine/engine.ts';
import { HandOver } from '../../../runtime/run/hand-over.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type BegunIteration, type IterationLength, ScriptedHost, SECOND_US } from './scripted-host.ts';

interface CrewParts {
  readonly scenarios: readonly ScenarioPlan[];
  readonly workers: number;
  readonly lengthOf?: (start: Start) => IterationLength;
  /** How long a message is on its way, µs. */
  readonly delayUs?: number;
  readonly seed?: number;
  /** Of what a start has waited, what the stalls of its worker may have made. */
  readonly ownWaitUs?: (waitedUs: number) => number;
}

/** Engines of several workers and the coordinator's part of handing over between them, on one clock. */
export class SeveralWorkers {
  readonly clock = new FakeClock();
  readonly engines: Engine[];
  readonly hosts: ScriptedHost[];
  /** Messages so far, both ways. */
  messages = 0;
  readonly #handOver: HandOver | undefined;
  readonly #delayUs: number;

  constructor({ scenarios, workers, lengthOf, delayUs = 200, seed = 1, ownWaitUs }: CrewParts) {
    const { clock } = this;
    this.#delayUs = delayUs;
    this.hosts = Array.from({ length: workers }, () => {
      return new ScriptedHost(clock, {
        ...(lengthOf === undefined ? {} : { lengthOf }),
        ...(ownWaitUs === undefined ? {} : { ownWaitUs }),
      });
    });
    this.engines = this.hosts.map((host, worker) => {
      const handOver = { tell: (what: ToPool) => this.#later(() => this.#handOver?.take(worker, [what])) };
      return new Engine({ scenarios, seed, clock, host, range: rangeOf(worker, workers), ...(workers > 1 ? { handOver } : {}) });
    });
    if (workers === 1) return;
    this.#handOver = new HandOver({
      scenarios,
      workers: this.hosts.map((_, worker) => worker),
      send: (worker, parts: FromPool[]) => this.#later(() => parts.forEach((part) => void this.engines[worker]?.handed(part))),
      begunOf: (worker, scenario) => this.engines[worker]?.countsByScenario()[scenario]?.begun ?? 0,
    });
    for (const [worker, engine] of this.engines.entries()) void engine.done.then(() => this.#handOver?.gone(worker));
  }

  /** In order of their numbers, then of time. */
  get begun(): BegunIteration[] {
    return this.hosts.flatMap(({ begun }) => begun).sort((a, b) => a.index - b.index || a.atUs - b.atUs);
  }

  get counts(): StartCounts {
    const sum = { ...NO_STARTS };
    for (const engine of this.engines) for (const [key, count] of Object.entries(engine.counts())) sum[key as keyof StartCounts] += count;
    return sum;
  }

  run(untilUs = 60 * SECOND_US): this {
    for (const engine of this.engines) engine.start();
    this.clock.advanceTo(untilUs);
    return this;
  }

  #later(act: () => void): void {
    this.messages++;
    this.clock.at(this.clock.nowUs() + this.#delayUs, act);
  }
}
