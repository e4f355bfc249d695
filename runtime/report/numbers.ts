// How the benchmark block spells its numbers: as the stress-test service did, for other tools read it. Everything else is spelled by `core/page-figures.ts`.

/** What stands where nothing was measured: no data is not zero. */
export const NO_VALUE = 'n/a';

/** Seconds with three decimals: `0.892s`. */
export function blockSeconds(ms: number | null | undefined): string {
  return isNumber(ms) ? `${(ms / 1000).toFixed(3)}s` : NO_VALUE;
}

/**
 * `99.60%`. A share that is not whole is never rounded to 0 or 100 %: 199,999 of 200,000 is `99.99%`.
 * @param ratio 0 to 1
 */
export function blockRatio(ratio: number): string {
  if (!isNumber(ratio)) return NO_VALUE;
  const hundredths = Math.round(ratio * 10_000);
  const kept = ratio < 1 && hundredths === 10_000 ? 9_999 : ratio > 0 && hundredths === 0 ? 1 : hundredths;
  return `${(kept / 100).toFixed(2)}%`;
}

/** Two decimals: `27.10`. */
export function blockRate(perSecond: number): string {
  return isNumber(perSecond) ? perSecond.toFixed(2) : NO_VALUE;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
