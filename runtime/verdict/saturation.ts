import type { ThresholdResult } from '../core/run-json.ts';

/** What is known of the generator. See `RunFacts`. */
interface Generator {
  readonly saturated: boolean | null;
  readonly generatorErrorMs?: number;
  readonly isPlannedLoadOffered?: boolean;
}

/** Units in which a generator that cannot keep up shows: it makes answers look late and rates low, but no wrong status and no failed check. */
const SENSITIVE_UNITS: ReadonlySet<string> = new Set(['ms', 'per-second']);

/**
 * What is left of a threshold's result when the generator was saturated. A missed latency stands if it is missed by more than the generator's
 * error; a met one if, beside that margin, the planned load was offered. Rates have no such error: they become undecided, but for one that is met
 * from above its limit, because a generator that cannot keep up only lowers them.
 */
export function settle(result: ThresholdResult, generator: Generator): ThresholdResult {
  const isJudged = result.outcome === 'met' || result.outcome === 'missed';
  if (generator.saturated !== true || !isJudged || !SENSITIVE_UNITS.has(result.unit)) return result;
  const isClear = result.unit === 'ms' ? isBeyondError(result, generator) : result.outcome === 'met' && (result.actual ?? 0) > result.limit;
  if (isClear && (result.outcome === 'missed' || generator.isPlannedLoadOffered === true)) return result;
  return { ...result, outcome: 'undecided', detail: `${result.detail}, but the load generator was saturated` };
}

function isBeyondError({ actual, limit }: ThresholdResult, { generatorErrorMs }: Generator): boolean {
  return actual !== undefined && generatorErrorMs !== undefined && Math.abs(actual - limit) > generatorErrorMs;
}
