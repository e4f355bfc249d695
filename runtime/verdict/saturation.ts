import type { ThresholdResult } from '../core/run-json.ts';

/** What is known of the generator. See `RunFacts`. */
interface Generator {
  readonly saturated: boolean | null;
  readonly generatorErrorMs?: number;
  readonly isPlannedLoadOffered?: boolean;
  readonly isClosedModel?: boolean;
}

/** Units in which a generator that cannot keep up shows: it makes answers look late and rates low, but no wrong status and no failed check. */
const SENSITIVE_UNITS: ReadonlySet<string> = new Set(['ms', 'per-second']);

/**
 * What is left of a threshold's result when the generator was saturated. A miss stands if it cannot be the generator's doing (wrong status,
 * failed checks) or is larger than the generator's error. Whatever is met stands only if the planned load was offered, which nobody can say of
 * a closed model: its users asked for less. Latencies must be met by more than the error, rates from above their limit: a generator that cannot keep up
 * only lowers them.
 */
export function settle(result: ThresholdResult, generator: Generator): ThresholdResult {
  if (generator.saturated !== true || stands(result, generator)) return result;
  const isUnderfed = result.outcome === 'met' && generator.isClosedModel === true;
  const why = isUnderfed ? 'the load generator was saturated, and a closed model then offers less' : 'the load generator was saturated';
  return { ...result, outcome: 'undecided', detail: `${result.detail}, but ${why}` };
}

/** Whether a result is beyond doubt though the generator was saturated. */
function stands(result: ThresholdResult, generator: Generator): boolean {
  const isSensitive = SENSITIVE_UNITS.has(result.secondUnit ?? result.unit);
  if (result.outcome === 'missed') return !isSensitive || (result.unit === 'ms' && isBeyondError(result, generator));
  if (result.outcome !== 'met') return true;
  if (generator.isPlannedLoadOffered !== true || generator.isClosedModel === true) return false;
  if (!isSensitive) return true;
  return result.unit === 'ms' ? isBeyondError(result, generator) : result.unit === 'per-second' && (result.actual ?? 0) > result.limit;
}

function isBeyondError({ actual, limit }: ThresholdResult, { generatorErrorMs }: Generator): boolean {
  return actual !== undefined && generatorErrorMs !== undefined && Math.abs(actual - limit) > generatorErrorMs;
}
