import { rowKeyOf } from '../core/rows.ts';
import { studentQuantile } from '../statistics/special-functions.ts';
import { RUNS_FIRM } from './compare.ts';
import type { Measure, Regression } from './regression.ts';
import { type RowSummary, rowLabel } from './row-summary.ts';

const TAIL = 0.05;

/** What a set of runs has learned of how much runs differ by themselves, a line for each request: what is smaller than that no single run can show. */
export function toleranceText(runs: readonly (readonly RowSummary[])[], regression: Regression): string[] {
  if (runs.length < 2)
    return [
      `One run tells nothing of how much runs differ by themselves: comparisons with it are weak. ${RUNS_FIRM} make a firm baseline.`,
    ];
  const weak = runs.length < RUNS_FIRM ? [`${runs.length} runs make a weak baseline; ${RUNS_FIRM} a firm one.`] : [];
  const percentiles = (Object.keys(regression) as Measure[]).filter((measure) => measure !== 'failed' && measure !== 'rps');
  const lines = (runs[0] ?? []).flatMap((row) =>
    percentiles.flatMap((measure) => {
      const found = runs.flatMap((rows) => rows.find((each) => rowKeyOf(each) === rowKeyOf(row))?.ms[measure] ?? []);
      if (found.length < 2) return [];
      const logs = found.map(({ value }) => Math.log(value));
      const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
      const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (logs.length - 1));
      const within = Math.sqrt(found.reduce((sum, { error }) => sum + error ** 2, 0) / found.length);
      const reach = studentQuantile(TAIL, logs.length - 1) * Math.max(deviation, within) * Math.sqrt(1 + 1 / logs.length);
      return [
        `  ${rowLabel(row)}: ${measure} ${Math.exp(mean).toFixed(1)} ms, one run shows changes from ${(100 * Math.expm1(reach)).toFixed(0)} % on`,
      ];
    }),
  );
  return [...weak, ...lines];
}
