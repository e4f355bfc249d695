import type { Calibration, GeneratorSecond } from '../core/records.ts';

/** What the lag of an idle loop reads: the grain of timers, not a wait. */
const TIMER_GRAIN_US = 2_000;

export interface OverheadFacts {
  /** Of the workers before the load; null: not measured. */
  readonly calibration: Calibration | null;
  /** Seconds of the measured window, by worker. */
  readonly workers: readonly (readonly GeneratorSecond[])[];
}

/**
 * How much of a latency may be the generator's own doing, at most; in ms. The larger of two:
 * - calibrated: the p95 of a request to an echo server on this machine, all of it, loopback and server included;
 * - in the run: of the worst worker the mean over its seconds of what 99 of 100 requests waited at most, to be sent (send lag) or to be read (loop lag, less the
 *   grain of timers). A mean, because a single stall is no error of a run's percentiles.
 * Null: neither was measured.
 */
export function overheadMsOf({ calibration, workers }: OverheadFacts): number | null {
  const waitsUs = workers.filter((seconds) => seconds.length > 0).map((seconds) => meanOf(seconds.map(waitUs)));
  if (calibration === null && waitsUs.length === 0) return null;
  return Math.max(calibration?.overheadUsP95 ?? 0, ...waitsUs) / 1000;
}

function waitUs({ sendLagUsP99 = 0, loopLagP99Us }: GeneratorSecond): number {
  return Math.max(sendLagUsP99, loopLagP99Us - TIMER_GRAIN_US, 0);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
