import { bucketIndexOf } from '../runtime/core/buckets.ts';
import { Histogram } from '../runtime/core/histogram.ts';
import { bootstrapShare } from '../runtime/statistics/bootstrap.ts';
import { intervalOf } from '../runtime/verdict/certainty.ts';
import type { MetricSource } from '../runtime/verdict/metric-source.ts';
import { SecondsTally } from '../runtime/verdict/seconds-tally.ts';
import { REQUESTS_PER_SECOND, randomOf, TARGETS, type Target } from '../test/support/dependent-load.ts';
import { thresholdPlanOf } from '../test/support/threshold-plan.ts';

type Random = () => number;

/** Runs whose truth is known: those that the judge of early ends is held to, and one with two kinds of answers. */
const CASES: Readonly<Record<string, (random: Random) => Target>> = {
  ...TARGETS,
  /** One answer in ten takes ten times as long. */
  bimodal: (random) => {
    const single = TARGETS.independent(random);
    return () => single().map((us) => (random() < 0.1 ? 10 * us : us));
  },
};

export interface CoverageRow {
  readonly case: string;
  readonly quantile: string;
  readonly seconds: number;
  readonly runs: number;
  /** Intervals that hold the truth, of all: as the verdict has them, with samples taken for independent, and by moving blocks. */
  readonly covered: number;
  readonly plain: number;
  readonly blocks: number | undefined;
  /** Intervals without an upper end. */
  readonly open: number;
  /** Independent samples, as a share of all, in the median. */
  readonly worthRatio: number;
}

export interface CoverageOptions {
  readonly runs: number;
  readonly seconds: readonly number[];
  readonly ratios: readonly number[];
  readonly only: readonly string[];
  readonly hasBlocks: boolean;
}

/** How often the 95 % interval of a percentile holds the true one. */
export function* coverageRows({ runs, seconds, ratios, only, hasBlocks }: CoverageOptions): Generator<CoverageRow> {
  for (const [name, targetOf] of Object.entries(CASES)) {
    if (only.length > 0 && !only.includes(name)) continue;
    const truth = quantilesOf(targetOf, ratios);
    for (const length of seconds) yield* rowsOf({ name, targetOf, length, runs, ratios, truth, hasBlocks });
  }
}

interface Case {
  readonly name: string;
  readonly targetOf: (random: Random) => Target;
  readonly length: number;
  readonly runs: number;
  readonly ratios: readonly number[];
  readonly truth: readonly number[];
  readonly hasBlocks: boolean;
}

function rowsOf({ name, targetOf, length, runs, ratios, truth, hasBlocks }: Case): CoverageRow[] {
  const counts = ratios.map(() => ({ covered: 0, plain: 0, blocks: 0, open: 0, worths: [] as number[] }));
  for (let run = 0; run < runs; run++) {
    const simulated = simulate(targetOf(randomOf(1 + run)), length, ratios);
    ratios.forEach((ratio, i) => {
      const count = counts[i] as (typeof counts)[number];
      const [of, at] = [simulated.whole.count, truth[i] as number];
      const holds = ({ low, high }: { low: number; high: number }): number => (low <= at && at <= high ? 1 : 0);
      const basis = { source: sourceOf(simulated.whole), seconds: length, isOpen: false };
      const plan = planOf(ratio);
      const measured = { kind: 'value', value: simulated.whole.percentile(ratio) as number, samples: of } as const;
      const interval = intervalOf(plan, measured, { ...basis, tally: simulated.tallies[i] }) as { low: number; high: number };
      count.covered += holds(interval);
      count.open += Number.isFinite(interval.high) ? 0 : 1;
      count.plain += holds(intervalOf(plan, measured, basis) as { low: number; high: number });
      count.worths.push(1 / (simulated.tallies[i] as SecondsTally).weight(ratio).factor);
      if (hasBlocks) count.blocks += byBlocks(simulated.seconds, { value: measured.value, at, ratio, seed: run }) ? 1 : 0;
    });
  }
  return ratios.map((ratio, i) => {
    const { covered, plain, blocks, open, worths } = counts[i] as (typeof counts)[number];
    const worthRatio = worths.sort((a, b) => a - b)[worths.length >> 1] as number;
    return {
      case: name,
      quantile: `p${ratio * 100}`,
      seconds: length,
      runs,
      covered,
      plain,
      blocks: hasBlocks ? blocks : undefined,
      open,
      worthRatio,
    };
  });
}

/** Whether the share of samples over the measured percentile, drawn again in blocks, allows for the share that is truly over the truth. */
function byBlocks(
  seconds: readonly number[][],
  { value, at, ratio, seed }: { value: number; at: number; ratio: number; seed: number },
): boolean {
  const of = seconds.map((second) => second.length);
  // the interval of the share over the truth holds 1 − ratio exactly when that of the percentile holds the truth
  const over = seconds.map((second) => second.filter((us) => us > at).length);
  const { low, high } = bootstrapShare(over, of, { seed, repeats: 300 });
  return value > 0 && low <= 1 - ratio && 1 - ratio <= high;
}

interface Simulated {
  readonly whole: Histogram;
  readonly seconds: readonly number[][];
  readonly tallies: readonly SecondsTally[];
}

function simulate(next: Target, length: number, ratios: readonly number[]): Simulated {
  const whole = new Histogram('time');
  const tallies = ratios.map((ratio) => new SecondsTally(planOf(ratio)));
  const seconds: number[][] = [];
  for (let second = 0; second < length; second++) {
    const times = next().map(Math.round);
    const histogram = new Histogram('time');
    histogram.add(valuesOf(times));
    whole.addAll(histogram);
    for (const tally of tallies) tally.push(sourceOf(histogram));
    seconds.push(times);
  }
  return { whole, seconds, tallies };
}

function valuesOf(times: readonly number[]) {
  const counts = new Map<number, number>();
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, 0];
  for (const us of times) {
    const index = bucketIndexOf(us);
    counts.set(index, (counts.get(index) ?? 0) + 1);
    sum += us;
    min = Math.min(min, us);
    max = Math.max(max, us);
  }
  return { count: times.length, sum, min, max, buckets: [...counts].flat() };
}

function sourceOf(histogram: Histogram): MetricSource {
  const nothing = (): undefined => undefined;
  return { definition: nothing, trend: () => histogram, counter: nothing, rate: nothing, gauge: nothing, hasOverflowed: () => false };
}

const plans = new Map<number, ReturnType<typeof thresholdPlanOf>>();
function planOf(ratio: number): ReturnType<typeof thresholdPlanOf> {
  const plan = plans.get(ratio) ?? thresholdPlanOf('http_req_duration', `p(${ratio * 100})<1000`);
  plans.set(ratio, plan);
  return plan;
}

/** Of 4,000 starts of 100 s: 40 million samples, sorted by steps of 0.02 %. */
function quantilesOf(targetOf: (random: Random) => Target, ratios: readonly number[]): number[] {
  const [starts, seconds, perE] = [4_000, 100, 5_000];
  const counts = new Uint32Array(25 * perE);
  const random = randomOf(7);
  for (let start = 0; start < starts; start++) {
    const next = targetOf(random);
    for (let second = 0; second < seconds; second++)
      for (const us of next()) {
        const at = Math.max(0, Math.floor(Math.log(us) * perE));
        counts[at] = (counts[at] as number) + 1;
      }
  }
  const all = starts * seconds * REQUESTS_PER_SECOND;
  return ratios.map((ratio) => {
    let seen = 0;
    for (let i = 0; i < counts.length; i++) {
      seen += counts[i] as number;
      if (seen >= ratio * all) return Math.exp((i + 0.5) / perE);
    }
    return Number.POSITIVE_INFINITY;
  });
}
