import { monotonicUs } from '../core/clock.ts';
import type { Stage } from '../core/stage.ts';
import type { RunningPeriod } from './replacements.ts';
import type { StopSignal } from './stop-signal.ts';

/** A period that goes on or was the last one. */
interface Period {
  readonly name: RunningPeriod['name'];
  /** Monotonic µs. */
  readonly startUs: number;
  /** Undefined: it ends with its iterations. */
  readonly plannedUs: number | undefined;
}

/** Where the load is, and how long it has been measured. */
export class LoadProgress {
  /** Empty before the first. */
  stage: Stage | '' = '';
  readonly #stop: Pick<StopSignal, 'atUs'>;
  #period: Period | undefined;
  /** Monotonic µs at which the measured period was over. */
  #endUs: number | undefined;

  constructor(stop: Pick<StopSignal, 'atUs'>) {
    this.#stop = stop;
  }

  /** Monotonic µs at which the last period began; undefined before the first. */
  get startUs(): number | undefined {
    return this.#period?.startUs;
  }

  /** Undefined: it is not known how long the period goes on. */
  get plannedUs(): number | undefined {
    return this.#period?.plannedUs;
  }

  begin(period: Period): void {
    this.#period = period;
  }

  /** No user of the period is at work any more. */
  end(endUs: number): void {
    if (this.#period?.name === 'measured') this.#endUs = endUs;
  }

  /** So far and in the end: what rates are over. What graceful stop adds is no part of it, nor is what comes after a stop: that counts as drained, in no rate. */
  get measuredS(): number {
    if (this.#period?.name !== 'measured') return 0;
    const { startUs, plannedUs = Number.POSITIVE_INFINITY } = this.#period;
    const untilUs = Math.min(this.#endUs ?? monotonicUs(), this.#stop.atUs ?? Number.POSITIVE_INFINITY);
    return Math.max(0, Math.min(untilUs - startUs, plannedUs)) / 1_000_000;
  }
}
