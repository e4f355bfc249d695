import type { RequestDetail } from '../core/request-detail.ts';
import type { RequestRow } from '../core/run-json.ts';
import { valuesAtRanks, valuesAtRanksIn } from '../record/distribution.ts';
import { poisson, quantileRanks, wilson } from '../statistics/interval.ts';

/** From, to; null: too few samples to say. */
type Range = [low: number, high: number] | null;

/** Where figures of a request may lie by chance alone, 95 % of the time, were its requests independent. Repeated runs scatter more. */
export interface ChanceRanges {
  p50Ms: Range;
  p95Ms: Range;
  p99Ms: Range;
  failedRatio: Range;
  perSecond: Range;
}

const RATIOS = { p50Ms: 0.5, p95Ms: 0.95, p99Ms: 0.99 } as const;

/** Percentiles by order statistics, from the histogram that run.json keeps; shares by Wilson, rates by Garwood. */
export function chanceRangesOf(row: RequestRow, detail: RequestDetail | undefined, durationS: number): ChanceRanges {
  const { count, failed } = row;
  const encoded = detail?.responseTimeHdr ?? null;
  const percentile = (ratio: number): Range => {
    const ranksOf = (samples: number): [number, number] | null => {
      const { low, high } = quantileRanks(ratio, samples);
      return low < 1 || high > samples ? null : [low, high];
    };
    if (encoded !== null) return valuesAtRanks(encoded, ranksOf);
    return detail?.responseTimeUs === undefined ? null : valuesAtRanksIn(detail.responseTimeUs, ranksOf);
  };
  const share = wilson(failed, count);
  const events = poisson(count);
  return {
    p50Ms: percentile(RATIOS.p50Ms),
    p95Ms: percentile(RATIOS.p95Ms),
    p99Ms: percentile(RATIOS.p99Ms),
    failedRatio: count === 0 ? null : [share.low, share.high],
    perSecond: durationS <= 0 ? null : [events.low / durationS, events.high / durationS],
  };
}
