import { HTTP } from '../core/roles.ts';
import type { LiveThreshold, ThresholdResult } from '../core/run-json.ts';
import { isAtLeast } from '../core/threshold-asked.ts';
import { leftOpen } from '../core/verdict-points.ts';

/** What is known of the generator, at the end or so far. See `RunFacts`. */
export interface GeneratorDoubts {
  readonly saturated: boolean | null;
  readonly generatorErrorMs?: number;
  readonly isPlannedLoadOffered?: boolean;
  readonly isClosedModel?: boolean;
  readonly isCpuBound?: boolean;
  readonly starvedRatio?: number;
  readonly dueStarts?: number;
  readonly ownFailures?: number;
  readonly stalledFailures?: number;
}

/** Statistics that are amounts of something. */
const AMOUNTS: ReadonlySet<string> = new Set(['count', 'passes', 'fails']);

const SATURATED = 'the load generator was saturated';

/**
 * What is left of a threshold's result in the light of what the generator was doing. Times that are too long have given back their own stalls already
 * (own-stalls.ts): such a miss stands. So do wrong statuses, failed checks and errors, which no generator makes; failures that it made are taken off. A rate or a
 * count that falls short stands if it still does when the time without a processor is made up for, and the generator was not saturated. What is met stands too: a
 * generator that cannot keep up adds to times and lowers rates. But where it was saturated a latency must be met by more than its error, a planned load must have
 * been offered, and users of a closed model must not have been held up by the generator's own work, which asked less of the target than it will be asked.
 */
export function settle(result: ThresholdResult, generator: GeneratorDoubts): ThresholdResult {
  const why = doubtOf(result, generator);
  return why === undefined ? result : { ...result, ...leftOpen(result.detail, why) };
}

/** The same of a threshold while the run goes on: what would be left open if it ended now. */
export function settleLive(live: LiveThreshold, generator: GeneratorDoubts): LiveThreshold {
  const because = doubtOf({ ...live, detail: '' }, generator);
  return because === undefined ? live : { ...live, outcome: 'undecided', because };
}

function doubtOf(result: ThresholdResult, generator: GeneratorDoubts): string | undefined {
  if (result.outcome === 'missed') return doubtOfMiss(result, generator);
  return result.outcome === 'met' && generator.saturated === true ? doubtOfMet(result, generator) : undefined;
}

function doubtOfMiss(result: ThresholdResult, generator: GeneratorDoubts): string | undefined {
  const { ownFailures = 0, stalledFailures = 0, starvedRatio = 0, saturated } = generator;
  if (wouldBeMetWithout(result, ownFailures))
    return `${ownFailures} of the failures are the generator's own, which had no socket to give: they never reached the target`;
  if (wouldBeMetWithout(result, ownFailures + stalledFailures))
    return `${stalledFailures} of the failures fell into stalls of the load generator, which may have made them`;
  if (!isShortfall(result)) return undefined;
  if (saturated === true) return SATURATED;
  return couldHaveBeen(result, starvedRatio, generator.dueStarts ?? 0)
    ? `the load generator had no processor for ${Math.round(starvedRatio * 100)}% of the time, and would have offered more`
    : undefined;
}

/** Whether a shortfall is no more than what the time without a processor may have cost: starts that were due in it find users busy until it is made up for. */
function couldHaveBeen({ actual, limit }: ThresholdResult, starvedRatio: number, dueStarts: number): boolean {
  if (actual === undefined || starvedRatio === 0) return false;
  if (actual > limit) return actual - 2 * starvedRatio * dueStarts <= limit;
  return actual / Math.max(1 - starvedRatio, Number.EPSILON) >= limit;
}

function doubtOfMet({ unit, secondUnit, actual, limit }: ThresholdResult, generator: GeneratorDoubts): string | undefined {
  if (generator.isClosedModel === true && generator.isCpuBound === true)
    return `${SATURATED} by its own work, and a closed model then offers less`;
  if (generator.isClosedModel !== true && generator.isPlannedLoadOffered !== true)
    return `${SATURATED}, and part of the planned load was not offered`;
  if ((secondUnit ?? unit) === 'per-second') return actual !== undefined && actual >= limit ? undefined : SATURATED;
  if (unit !== 'ms') return undefined;
  const { generatorErrorMs } = generator;
  const isBeyondError = actual !== undefined && generatorErrorMs !== undefined && Math.abs(actual - limit) > generatorErrorMs;
  return isBeyondError ? undefined : `${SATURATED}, and it was met by less than its error`;
}

/** A failure rate that would not have been missed without so many of the failures. */
function wouldBeMetWithout({ asked, unit, samples, actual, limit }: ThresholdResult, failures: number): boolean {
  if (unit !== 'ratio' || failures === 0 || samples === undefined || actual === undefined) return false;
  if (asked.metric !== HTTP.failed || actual <= limit) return false;
  const others = samples - failures;
  return others <= 0 || (actual * samples - failures) / others <= limit;
}

/**
 * Too little of something, or starts that were dropped: what a generator that cannot keep up brings about by itself. A percentile or a mean of plain numbers, or
 * the value of a gauge, is no amount of load: more of the same would not have raised it.
 */
function isShortfall({ asked: { metric, statistic, comparison }, unit, secondUnit }: ThresholdResult): boolean {
  const isFloor = isAtLeast(comparison);
  if ((secondUnit ?? unit) === 'per-second') return isFloor || metric === 'dropped_iterations';
  return unit === 'count' && ((isFloor && AMOUNTS.has(statistic)) || metric === 'dropped_iterations');
}
