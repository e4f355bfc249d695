import type { Clock } from '../core/clock.ts';
import { LoopLagSampler } from './loop-lag.ts';
import { type GeneratorSecond, UsageMeter, type UsageSource } from './usage.ts';

export interface GeneratorMonitorOptions {
  readonly clock: Clock;
  /** Late starts since the run began: the engine's `counts().late`. */
  readonly lateStarts: () => number;
  readonly source?: UsageSource;
}

/** Watches the worker it runs in; asked once a second, beside the snapshot. */
export class GeneratorMonitor {
  readonly #lag: LoopLagSampler;
  readonly #usage: UsageMeter;
  readonly #lateStarts: () => number;
  #lateStartsBefore: number;

  constructor({ clock, lateStarts, source }: GeneratorMonitorOptions) {
    this.#lag = new LoopLagSampler(clock);
    this.#usage = new UsageMeter(() => clock.nowUs(), source);
    this.#lateStarts = lateStarts;
    this.#lateStartsBefore = lateStarts();
  }

  /** Begins to measure; what the worker did before does not count. */
  start(): void {
    this.#lag.start();
    this.#usage.take();
    this.#lateStartsBefore = this.#lateStarts();
  }

  stop(): void {
    this.#lag.stop();
  }

  /**
   * What has been measured since the last call.
   * @param second - 0-based second of the run that it describes
   * @returns undefined when nothing was measured: not started, or asked within 10 ms
   */
  take(second: number): GeneratorSecond | undefined {
    const lag = this.#lag.take();
    if (lag === undefined) return undefined;
    const { cpu, rssBytes } = this.#usage.take();
    const lateStarts = this.#lateStarts();
    const late = lateStarts - this.#lateStartsBefore;
    this.#lateStartsBefore = lateStarts;
    return { second, loopLagP99Us: lag.p99Us, loopLagMaxUs: lag.maxUs, cpu, lateStarts: late, rssBytes };
  }
}
