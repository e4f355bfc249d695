import { counted, formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import type { RunJson } from '../core/run-json.ts';
import { formatDurationUs } from '../core/units.ts';
import { aggregatedOf } from './benchmark-block.ts';

export { outcomeWords } from '../core/outcome-tone.ts';

/** What was measured, in two sentences. */
export function measuredWords(run: RunJson): string {
  const all = aggregatedOf(run);
  if (all.count === 0) return 'No request was answered or failed.';
  const seconds = run.run.durationS > 0 ? ` in ${formatDurationUs(run.run.durationS * 1_000_000)} (${formatNumber(all.perSecond)}/s)` : '';
  const failed = all.failed === 0 ? 'none failed' : `${formatNumber(all.failed)} failed (${formatRatio(all.failed / all.count)})`;
  const times = all.responseTimeMs;
  const answered =
    times === null ? '' : ` Half of the expected answers came within ${formatMs(times.p50)}, 95% within ${formatMs(times.p95)}.`;
  return `${counted(all.count, 'request')}${seconds}, ${failed}.${answered}`;
}

/** How the thresholds went, in one sentence; empty when there is none. */
export function thresholdWords(run: RunJson): string {
  const judged = run.thresholds.filter((threshold) => threshold.isExcused !== true);
  if (judged.length === 0) return 'No thresholds were set.';
  const of = (outcome: string): number => judged.filter((threshold) => threshold.outcome === outcome).length;
  const [met, missed] = [of('met'), of('missed')];
  if (met === judged.length) return judged.length === 1 ? 'The threshold was met.' : `All ${met} thresholds were met.`;
  const open = judged.length - met - missed;
  const parts = [missed > 0 ? `${missed} missed` : '', met > 0 ? `${met} met` : '', open > 0 ? `${open} that cannot be judged` : ''];
  return `Of ${judged.length} ${judged.length === 1 ? 'threshold' : 'thresholds'}: ${parts.filter(Boolean).join(', ')}.`;
}
