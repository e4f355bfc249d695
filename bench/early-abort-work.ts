import { TARGETS, type TargetName, truthOf } from '../test/support/dependent-load.ts';
import { simulateRun } from '../test/support/early-end.ts';

export interface EarlyAbortRow {
  readonly target: TargetName;
  readonly case: string;
  /** Whether the target is as good as its limits. */
  readonly isGood: boolean;
  readonly seconds: number;
  readonly runs: number;
  readonly ended: number;
  /** Ended though they pass when run to their end. */
  readonly wronglyEnded: number;
  readonly passed: number;
  /** Seconds into the run, of those that were ended. */
  readonly endedAtMedianS: number | undefined;
  readonly endedAtP90S: number | undefined;
}

interface Case {
  readonly name: string;
  /** From what is true of a target to its thresholds. */
  readonly thresholds: (truth: Truth) => readonly (readonly [string, string])[];
  readonly failsOverUs?: (truth: Truth) => number;
}

interface Truth {
  /** Response time in µs that this share of requests stays under. */
  readonly quantileUs: (ratio: number) => number;
  readonly meanUs: number;
}

const p95 = (us: number): readonly [string, string] => ['http_req_duration', `p(95)<${us / 1000}`];
const average = (us: number): readonly [string, string] => ['http_req_duration', `avg<${us / 1000}`];

/** Truth at exactly the limit is the hardest that a good target can be; then a tenth and a fifth of the requests over it where 5 % may be. */
const CASES: readonly Case[] = [
  { name: 'p95 at the limit', thresholds: ({ quantileUs }) => [p95(quantileUs(0.95))] },
  { name: 'p95 10 % under', thresholds: ({ quantileUs }) => [p95(1.1 * quantileUs(0.95))] },
  { name: 'average at the limit', thresholds: ({ meanUs }) => [average(meanUs)] },
  {
    name: 'failures at 5 %',
    thresholds: () => [['http_req_failed', 'rate<0.05']],
    failsOverUs: ({ quantileUs }) => quantileUs(0.95),
  },
  {
    name: 'four at their limits',
    thresholds: ({ quantileUs, meanUs }) => [
      p95(quantileUs(0.95)),
      ['http_req_duration', `p(50)<${quantileUs(0.5) / 1000}`],
      average(meanUs),
      ['http_req_failed', 'rate<0.05'],
    ],
    failsOverUs: ({ quantileUs }) => quantileUs(0.95),
  },
  { name: '10 % over, 5 % may', thresholds: ({ quantileUs }) => [p95(quantileUs(0.9))] },
  { name: '20 % over, 5 % may', thresholds: ({ quantileUs }) => [p95(quantileUs(0.8))] },
  { name: '60 % over, 5 % may', thresholds: ({ quantileUs }) => [p95(quantileUs(0.4))] },
];

/** @param only - names of targets; all of them when empty */
export function* earlyAbortRows(options: { runs: number; seconds: readonly number[]; only: readonly string[] }): Generator<EarlyAbortRow> {
  for (const target of Object.keys(TARGETS) as TargetName[]) {
    if (options.only.length > 0 && !options.only.includes(target)) continue;
    const truth = truthOf(target);
    for (const seconds of options.seconds) for (const each of CASES) yield rowOf(each, { target, seconds, truth, runs: options.runs });
  }
}

function rowOf(
  each: Case,
  { target, seconds, truth, runs }: { target: TargetName; seconds: number; truth: Truth; runs: number },
): EarlyAbortRow {
  const endedAtS: number[] = [];
  let [wronglyEnded, passed] = [0, 0];
  const failsOverUs = each.failsOverUs?.(truth);
  for (let seed = 1; seed <= runs; seed++) {
    const run = { target, seed, seconds, thresholds: each.thresholds(truth), ...(failsOverUs === undefined ? {} : { failsOverUs }) };
    const { endedAfterS, isPassed } = simulateRun(run);
    if (endedAfterS !== undefined && endedAfterS < seconds) endedAtS.push(endedAfterS);
    if (isPassed) passed++;
    if (isPassed && endedAfterS !== undefined) wronglyEnded++;
  }
  endedAtS.sort((a, b) => a - b);
  const at = (ratio: number): number | undefined => endedAtS[Math.floor(ratio * endedAtS.length)];
  const found = { ended: endedAtS.length, wronglyEnded, passed, endedAtMedianS: at(0.5), endedAtP90S: at(0.9) };
  return { target, case: each.name, isGood: !each.name.includes('over'), seconds, runs, ...found };
}
