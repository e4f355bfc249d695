import { type OutcomeTone, outcomeName, toneOf } from '../core/outcome-tone.ts';
import { type Outcome, pairsText, type RunJson, type ThresholdResult } from '../core/run-json.ts';
import { chanceOf } from '../core/threshold-tile.ts';
import { formatDurationUs } from '../core/units.ts';
import { saturationWords, verdictLines, withoutWhy } from '../core/verdict-points.ts';
import type { Page } from './page.ts';
import type { Paint } from './paint.ts';
import { plainLine, plainText, wrapped } from './plain-text.ts';

/** Outcome, exit code and every reason; then what ran. */
export function verdictSection({ run, paint, columns }: Page): string[] {
  const { outcome } = run.verdict;
  const saturated = saturationWords(run);
  const { script, environment, baseUrl, profile, seed, workers, durationS, started } = run.run;
  const scene = [
    `${script} on ${environment}${baseUrl === '' ? '' : ` (${baseUrl})`}`,
    profile === null ? 'no profile' : `profile ${profile}`,
    durationS > 0 ? `${formatDurationUs(durationS * 1_000_000)} measured` : 'nothing measured',
    `seed ${seed}`,
    `${workers} ${workers === 1 ? 'worker' : 'workers'}`,
    `started ${started}`,
    ...labelsOf(run),
  ].join(', ');
  return [
    `Verdict: ${colorOf(outcome, paint)(`${SIGNS[toneOf(outcome)]} ${outcomeName(outcome).toUpperCase()}`)}, exit code ${run.run.exitCode}`,
    ...verdictLines(run).flatMap(({ text, isPart }) => (isPart ? wrapped(plainLine(text), columns, 6) : bullet(text, columns))),
    ...(saturated === '' ? [] : bullet(saturated, columns).map(paint.unsure)),
    ...wrapped(plainLine(scene), columns, 2).map(paint.dim),
  ];
}

/** What tells this run from others: its tags, the script's variables, the commit. */
function labelsOf({ environment: about = {} }: RunJson): string[] {
  const { tags, variables, git } = about;
  return [
    ...(pairsText(tags) === '' ? [] : [`tags ${pairsText(tags)}`]),
    ...(pairsText(variables) === '' ? [] : [`variables ${pairsText(variables)}`]),
    ...(git == null ? [] : [`commit ${git.commit.slice(0, 12)}${git.isDirty ? ' with changes' : ''}`]),
  ];
}

/** Every threshold as it was resolved, with what came of it. */
export function thresholdSection({ run, paint, columns }: Page): string[] {
  if (run.thresholds.length === 0) return [];
  const lines = run.thresholds.flatMap((threshold) => [
    ...thresholdHead(threshold, { paint, columns }),
    ...(isTold(threshold, run.verdict.reasons) ? [] : wrapped(plainLine(withoutWhy(threshold)), columns, 6)),
    ...chanceLines(threshold, columns).map(paint.dim),
  ]);
  return [paint.bold('Thresholds'), ...lines];
}

/** Where it lies by chance alone; the thresholds that have no such range say nothing. */
function chanceLines(threshold: ThresholdResult, columns: number): string[] {
  const chance = chanceOf(threshold);
  return chance === '' ? [] : wrapped(plainLine(chance), columns, 6);
}

/** The sign, the expression, and where it was written: behind it where there is room. */
function thresholdHead(threshold: ThresholdResult, { paint, columns }: Pick<Page, 'paint' | 'columns'>): string[] {
  const [expression, source] = [plainLine(threshold.expression), `(${plainLine(threshold.source)})`];
  const mark = thresholdMark(threshold, paint);
  if (expression.length + source.length + 5 <= columns) return [`  ${mark} ${expression} ${paint.dim(source)}`];
  const lines = wrapped(expression, columns, 4).map((line, i) => (i === 0 ? `  ${mark} ${line.trimStart()}` : line));
  return [...lines, ...wrapped(source, columns, 4).map(paint.dim)];
}

/** The verdict above has said it, as a reason. */
function isTold({ detail }: ThresholdResult, reasons: readonly string[]): boolean {
  return reasons.some((reason) => reason.endsWith(detail));
}

/** Remarks of the run, in order. */
export function noteSection({ run, paint, columns }: Page): string[] {
  if (run.notes.length === 0) return [];
  return [paint.bold('Notes'), ...run.notes.flatMap((note) => bullet(note, columns))];
}

/** Of an error: the deciding reason alone, with the lines that it has. */
export function errorSectionOf({ run, paint, columns }: Page): string[] {
  const { outcome, reasons } = run.verdict;
  return [
    `Verdict: ${colorOf(outcome, paint)(`${SIGNS[toneOf(outcome)]} ${outcomeName(outcome).toUpperCase()}`)}, exit code ${run.run.exitCode}`,
    ...bullet(reasons[0] ?? '', columns),
  ];
}

/** The first line is wrapped; lines behind it are those of a stack or a code frame, and stay. */
function bullet(text: string, columns: number): string[] {
  const [first = '', ...rest] = plainText(text).split('\n');
  return [
    ...wrapped(first, columns, 4).map((line, i) => (i === 0 ? `  - ${line.trimStart()}` : line)),
    ...rest.map((line) => `    ${line}`.trimEnd()),
  ];
}

const SIGNS: Readonly<Record<OutcomeTone, string>> = { good: '✓', bad: '✗', unsure: '?', none: '–' };

function colorOf(outcome: Outcome, paint: Paint): (text: string) => string {
  return { good: paint.good, bad: paint.bad, unsure: paint.unsure, none: paint.unjudged }[toneOf(outcome)];
}

function thresholdMark(threshold: ThresholdResult, paint: Paint): string {
  if (threshold.isExcused === true) return paint.dim('-');
  if (threshold.outcome === 'met') return paint.good('✓');
  return threshold.outcome === 'missed' ? paint.bad('✗') : paint.unsure('?');
}
