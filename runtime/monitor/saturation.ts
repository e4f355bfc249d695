import type { GeneratorSecond } from '../core/records.ts';
import type { Latency } from '../core/run-json.ts';
import { CAUSES, inSeconds, maxOf, OUT_OF_SOCKETS, SATURATION } from './causes.ts';
import { type MachineLoad, whoHadTheCores } from './machine-load.ts';
import { secondsOf } from './seconds-text.ts';

/** What the generator says of itself. */
export interface GeneratorAssessment {
  /** Whether the numbers may be the generator's own; null: not measured for long enough to say. */
  saturated: boolean | null;
  /** Why, the commonest cause first, each with a remedy; empty unless saturated. */
  reasons: string[];
  /** What has to be told although the generator is not saturated, such as sockets it could not open. */
  remarks: string[];
  /** Mean share of one core of the busiest worker; null: not measured. */
  cpu: number | null;
  /** Over all workers and seconds, of the second's p99 of the loop lag; `max` is the longest stall. Null: not measured. */
  loopLagMs: Latency | null;
  saturatedSeconds: number;
}

/**
 * Judges the generator: saturated when in more than 5 % of the measured seconds some worker was beyond a limit.
 * @param workers - seconds of each worker, of the measured window only; seconds with the same number happened at the same time
 * @param machine - over the same time; undefined: not known
 */
export function assessGenerator(workers: readonly (readonly GeneratorSecond[])[], machine?: MachineLoad): GeneratorAssessment {
  const who = (machine && whoHadTheCores(machine)) ?? '';
  const all = workers.flat();
  const measured = new Set(all.flatMap(secondsOf)).size;
  const outOfSockets = all.filter((second) => OUT_OF_SOCKETS.isIn(second));
  const remarks = outOfSockets.length === 0 ? [] : [OUT_OF_SOCKETS.describe(outOfSockets, inSeconds(outOfSockets, measured), who)];
  if (measured < SATURATION.secondsMin) return { saturated: null, reasons: [], remarks, cpu: null, loopLagMs: null, saturatedSeconds: 0 };

  const found = CAUSES.map((cause) => {
    const seconds = all.filter((second) => cause.isIn(second));
    return { cause, seconds, distinct: new Set(seconds.flatMap(secondsOf)) };
  }).filter(({ cause, distinct }) => distinct.size >= (cause.secondsMin ?? 1));
  const saturatedSeconds = new Set(found.flatMap(({ distinct }) => [...distinct])).size;
  const isSaturated = saturatedSeconds >= SATURATION.saturatedSecondsMin && saturatedSeconds > measured * SATURATION.secondsRatio;
  found.sort((a, b) => b.distinct.size - a.distinct.size);
  return {
    saturated: isSaturated,
    reasons: isSaturated ? found.map(({ cause, seconds }) => cause.describe(seconds, inSeconds(seconds, measured), who)) : [],
    remarks: isSaturated ? [] : remarks,
    cpu: Math.max(...workers.filter((seconds) => seconds.length > 0).map((seconds) => meanOf(seconds.map(({ cpu }) => cpu)))),
    loopLagMs: lagOf(all),
    saturatedSeconds,
  };
}

function lagOf(seconds: readonly GeneratorSecond[]): Latency {
  const sortedMs = seconds.map((second) => second.loopLagP99Us / 1000).sort((a, b) => a - b);
  const rank = (ratio: number): number => sortedMs[Math.ceil(ratio * sortedMs.length) - 1] as number;
  return {
    min: sortedMs[0] as number,
    avg: meanOf(sortedMs),
    p50: rank(0.5),
    p90: rank(0.9),
    p95: rank(0.95),
    p99: rank(0.99),
    max: maxOf(seconds, (second) => second.loopLagMaxUs) / 1000,
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
