import type { GeneratorSecond } from '../core/records.ts';
import type { Latency } from '../core/run-json.ts';
import { formatDurationUs } from '../core/units.ts';

/** What the generator says of itself. */
export interface GeneratorAssessment {
  /** Whether the numbers may be the generator's own; null: not measured for long enough to say. */
  saturated: boolean | null;
  /** Why, the commonest cause first, each with a remedy; empty unless saturated. */
  reasons: string[];
  /** Mean share of one core of the busiest worker; null: not measured. */
  cpu: number | null;
  /** Over all workers and seconds, of the second's p99 of the loop lag; `max` is the longest stall. Null: not measured. */
  loopLagMs: Latency | null;
  saturatedSeconds: number;
}

/** The limits that README and reports name. */
export const SATURATION = {
  /** Share of the measured seconds that may be saturated. */
  secondsRatio: 0.05,
  loopLagP99Us: 20_000,
  cpu: 0.9,
  /** Share of a second's starts that may be late: a single pause of the garbage collector is not saturation. */
  lateRatio: 0.01,
  /** Fewer late starts than this in a second are an anecdote. */
  lateMin: 2,
  /** Fewer measured seconds than this say nothing. */
  secondsMin: 3,
} as const;

interface Cause {
  isIn(second: GeneratorSecond): boolean;
  /** @param inSeconds such as `12 of 60 s` */
  describe(seconds: readonly GeneratorSecond[], inSeconds: string): string;
}

const CAUSES: readonly Cause[] = [
  {
    isIn: (second) => second.loopLagP99Us > SATURATION.loopLagP99Us,
    describe: (seconds, inSeconds) =>
      `event-loop lag (p99) over ${formatDurationUs(SATURATION.loopLagP99Us)} in ${inSeconds}, stalls up to ${formatDurationUs(maxOf(seconds, (s) => s.loopLagMaxUs))}: ` +
      'fewer users per worker (--workers), or less work in the script between requests, such as parsing large bodies',
  },
  {
    isIn: (second) => second.cpu > SATURATION.cpu,
    describe: (seconds, inSeconds) =>
      `a worker's CPU over ${percent(SATURATION.cpu)} in ${inSeconds}, up to ${percent(maxOf(seconds, (s) => s.cpu))}: ` +
      'more workers on free cores (--workers), a machine with more cores, or fewer users',
  },
  {
    isIn: ({ lateStarts, begunStarts }) => lateStarts >= SATURATION.lateMin && lateStarts > begunStarts * SATURATION.lateRatio,
    describe: (seconds, inSeconds) =>
      `${seconds.reduce((sum, second) => sum + second.lateStarts, 0)} iterations began over 10 ms late in ${inSeconds}: ` +
      'fewer users per worker, users spread over a longer time at the start and at jumps, or more workers (--workers)',
  },
];

/**
 * Judges the generator: saturated when in more than 5 % of the measured seconds some worker's loop lag, CPU or starts were beyond the limits.
 * @param workers - seconds of each worker, of the measured window only; seconds with the same number happened at the same time
 */
export function assessGenerator(workers: readonly (readonly GeneratorSecond[])[]): GeneratorAssessment {
  const all = workers.flat();
  const measured = new Set(all.map(({ second }) => second)).size;
  if (measured < SATURATION.secondsMin) return { saturated: null, reasons: [], cpu: null, loopLagMs: null, saturatedSeconds: 0 };

  const found = CAUSES.map((cause) => {
    const seconds = all.filter((second) => cause.isIn(second));
    return { cause, seconds, distinct: new Set(seconds.map(({ second }) => second)) };
  }).filter(({ seconds }) => seconds.length > 0);
  const saturatedSeconds = new Set(found.flatMap(({ distinct }) => [...distinct])).size;
  const isSaturated = saturatedSeconds > measured * SATURATION.secondsRatio;
  found.sort((a, b) => b.distinct.size - a.distinct.size);
  return {
    saturated: isSaturated,
    reasons: isSaturated ? found.map(({ cause, seconds, distinct }) => cause.describe(seconds, `${distinct.size} of ${measured} s`)) : [],
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

/** Without spreading: there may be more seconds than a call takes arguments. */
function maxOf(seconds: readonly GeneratorSecond[], amountOf: (second: GeneratorSecond) => number): number {
  return seconds.reduce((max, second) => Math.max(max, amountOf(second)), 0);
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}
