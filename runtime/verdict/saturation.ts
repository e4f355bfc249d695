import type { ThresholdResult } from '../core/run-json.ts';
import { askedBy } from '../core/threshold-text.ts';

/** What is known of the generator. See `RunFacts`. */
interface Generator {
  readonly saturated: boolean | null;
  readonly generatorErrorMs?: number;
  readonly isPlannedLoadOffered?: boolean;
  readonly isClosedModel?: boolean;
  readonly ownFailures?: number;
}

/** Units in which a generator that cannot keep up shows: it makes answers look late and rates low, but no wrong status and no failed check. */
const SENSITIVE_UNITS: ReadonlySet<string> = new Set(['ms', 'per-second']);

/**
 * What is left of a threshold's result when the generator was saturated. A miss stands if it cannot be the generator's doing (wrong status,
 * failed checks) or is larger than the generator's error. Whatever is met stands only if the planned load was offered, which nobody can say of
 * a closed model: its users asked for less. Counts that fall short of their limit, and dropped starts, are not held against
 * the target. Latencies must be met by more than the error, rates from above their limit: a generator that cannot keep up
 * only lowers them.
 */
export function settle(result: ThresholdResult, generator: Generator): ThresholdResult {
  if (isOwnFailure(result, generator)) {
    const why = `${generator.ownFailures} of the failures are the generator's own, which had no socket to give: they never reached the target`;
    return { ...result, outcome: 'undecided', detail: `${result.detail}, but ${why}` };
  }
  if (generator.saturated !== true || stands(result, generator)) return result;
  const isUnderfed = result.outcome === 'met' && generator.isClosedModel === true;
  const why = isUnderfed ? 'the load generator was saturated, and a closed model then offers less' : 'the load generator was saturated';
  return { ...result, outcome: 'undecided', detail: `${result.detail}, but ${why}` };
}

/** Whether a result is beyond doubt though the generator was saturated. */
function stands(result: ThresholdResult, generator: Generator): boolean {
  const isSensitive = SENSITIVE_UNITS.has(result.secondUnit ?? result.unit);
  if (result.outcome === 'missed' && isShortfall(result)) return false;
  if (result.outcome === 'missed') return !isSensitive || (result.unit === 'ms' && isBeyondError(result, generator));
  if (result.outcome !== 'met') return true;
  if (generator.isPlannedLoadOffered !== true || generator.isClosedModel === true) return false;
  if (!isSensitive) return true;
  return result.unit === 'ms' ? isBeyondError(result, generator) : result.unit === 'per-second' && (result.actual ?? 0) > result.limit;
}

/** A failure rate that would not have been missed without the requests that the generator itself could not send. */
function isOwnFailure({ expression, outcome, unit, samples, actual, limit }: ThresholdResult, { ownFailures = 0 }: Generator): boolean {
  if (outcome !== 'missed' || unit !== 'ratio' || ownFailures === 0 || samples === undefined || actual === undefined) return false;
  if (askedBy(expression).metric !== 'http_req_failed' || actual <= limit) return false;
  const others = samples - ownFailures;
  return others <= 0 || (actual * samples - ownFailures) / others <= limit;
}

/** Too few of something, or starts that were dropped: what a generator that cannot keep up brings about by itself. */
function isShortfall({ expression, unit }: ThresholdResult): boolean {
  const { metric, isFloor } = askedBy(expression);
  return unit === 'count' && (isFloor || metric === 'dropped_iterations');
}

function isBeyondError({ actual, limit }: ThresholdResult, { generatorErrorMs }: Generator): boolean {
  return actual !== undefined && generatorErrorMs !== undefined && Math.abs(actual - limit) > generatorErrorMs;
}
