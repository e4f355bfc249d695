import type { Outcome, ThresholdResult } from '../core/run-json.ts';
import { formatDurationUs } from '../core/units.ts';
import type { Page } from './page.ts';
import type { Paint } from './paint.ts';
import { plainLine, wrapped } from './plain-text.ts';
import { sharedCause } from './shared-cause.ts';

/** Outcome, exit code and every reason; then what ran. */
export function verdictSection({ run, paint, columns }: Page): string[] {
  const { outcome } = run.verdict;
  const { cause, texts: reasons } = sharedCause(run.verdict.reasons);
  const { script, environment, baseUrl, profile, seed, workers, durationS, started } = run.run;
  const scene = [
    `${script} on ${environment}${baseUrl === '' ? '' : ` (${baseUrl})`}`,
    profile === null ? 'no profile' : `profile ${profile}`,
    durationS > 0 ? `${formatDurationUs(durationS * 1_000_000)} measured` : 'nothing measured',
    `seed ${seed}`,
    `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    `started ${started}`,
  ].join(', ');
  return [
    `Verdict: ${colorOf(outcome, paint)(`${symbolOf(outcome)} ${outcome.toUpperCase()}`)}, exit code ${run.run.exitCode}`,
    ...(cause === undefined ? [] : bullet(`${cause}, so these are not decided:`, columns)),
    ...reasons.flatMap((reason) => bullet(reason, columns)),
    ...wrapped(plainLine(scene), columns, 2).map(paint.dim),
  ];
}

/** Every threshold as it was resolved, with what came of it. */
export function thresholdSection({ run, paint, columns }: Page): string[] {
  if (run.thresholds.length === 0) return [];
  const { texts: details } = sharedCause(run.thresholds.map(({ detail }) => plainLine(detail)));
  const lines = run.thresholds.flatMap((threshold, i) => [
    `  ${thresholdMark(threshold, paint)} ${plainLine(threshold.expression)} ${paint.dim(`(${plainLine(threshold.source)})`)}`,
    ...wrapped(details[i] ?? '', columns, 6),
  ]);
  return [paint.bold('Thresholds'), ...lines];
}

/** Remarks of the run, in order. */
export function noteSection({ run, paint, columns }: Page): string[] {
  if (run.notes.length === 0) return [];
  return [paint.bold('Notes'), ...run.notes.flatMap((note) => bullet(note, columns))];
}

function bullet(text: string, columns: number): string[] {
  return wrapped(plainLine(text), columns, 4).map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line));
}

function symbolOf(outcome: Outcome): string {
  if (outcome === 'passed') return '✓';
  return outcome === 'inconclusive' || outcome === 'degraded' || outcome === 'interrupted' ? '?' : '✗';
}

function colorOf(outcome: Outcome, paint: Paint): (text: string) => string {
  const symbol = symbolOf(outcome);
  return symbol === '✓' ? paint.good : symbol === '?' ? paint.unsure : paint.bad;
}

function thresholdMark(threshold: ThresholdResult, paint: Paint): string {
  if (threshold.isExcused === true) return paint.dim('-');
  if (threshold.outcome === 'met') return paint.good('✓');
  return threshold.outcome === 'missed' ? paint.bad('✗') : paint.unsure('?');
}
