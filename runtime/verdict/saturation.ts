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
 * error; a met one if, beside that margin, the planned load was offered. Rates have no such error: they become undecided.
 */
export function settle(result: ThresholdResult, generator: Generator): ThresholdResult {
  const isJudged = result.outcome === 'met' || result.outcome === 'missed';
  if (generator.saturated !== true || !isJudged || !SENSITIVE_UNITS.has(result.unit)) return result;
  const { generatorErrorMs } = generator;
  const isClear =
    result.unit === 'ms' &&
    result.actual !== undefined &&
    generatorErrorMs !== undefined &&
    Math.abs(result.actual - result.limit) > generatorErrorMs;
  if (isClear && (result.outcome === 'missed' || generator.isPlannedLoadOffered === true)) return result;
  return { ...result, outcome: 'undecided', detail: `${result.detail}, but the load generator was saturated` };
}
