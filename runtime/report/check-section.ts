import { errorKindText, errorPlaceText } from '../core/error-kind.ts';
import { formatNumber, formatRatio } from '../core/page-figures.ts';
import type { CheckRow, ErrorRow } from '../core/run-json.ts';
import { aligned } from './aligned.ts';
import type { Page } from './page.ts';
import { plainLine, plainText, wrapped } from './plain-text.ts';

/** Kinds of errors told on the console; all of them are in run.json. */
const ERRORS_SHOWN_MAX = 20;
/** Columns that the numbers before a check's name take. */
const CHECK_NUMBERS_WIDTH = 34;

/** Every check with its passes and fails, and why a predicate threw. */
export function checkSection({ run, paint, columns }: Page): string[] {
  if (run.checks.length === 0) return [];
  const rows = run.checks.map((check) => [
    check.fails === 0 ? '✓' : '✗',
    formatNumber(check.passes),
    formatNumber(check.fails),
    formatRatio(check.passes / (check.passes + check.fails)),
    labelOf(check),
  ]);
  const lines = aligned(
    [
      { title: '' },
      { title: 'passes', align: 'right' },
      { title: 'fails', align: 'right' },
      { title: 'passed', align: 'right' },
      { title: 'check', widthMax: Math.max(20, columns - CHECK_NUMBERS_WIDTH), isText: true },
    ],
    rows,
    { indent: 2, widthMax: columns },
  );
  const reasons = run.checks.filter((check) => check.reason !== undefined).flatMap((check) => reasonOf(check, columns));
  return [paint.bold('Checks'), ...lines, ...reasons];
}

/** What went wrong, by kind: how often, when, and the first message with its frames. */
export function errorSection({ run, paint, columns }: Page): string[] {
  if (run.errors.length === 0) return [];
  const shown = run.errors.slice(0, ERRORS_SHOWN_MAX);
  const left = run.errors.length - shown.length;
  const lines = shown.flatMap((error) => [...headOf(error, columns).map(paint.bad), ...sampleOf(error, columns)]);
  return [paint.bold('Errors'), ...lines, ...(left > 0 ? [`  and ${left} more ${left === 1 ? 'kind' : 'kinds'}, in run.json`] : [])];
}

function labelOf(check: CheckRow): string {
  const place = [check.task, check.group].filter(Boolean).map(plainLine).join(' › ');
  return place === '' ? plainLine(check.name) : `${plainLine(check.name)} (${place})`;
}

function reasonOf(check: CheckRow, columns: number): string[] {
  return [...wrapped(`"${labelOf(check)}" threw, first:`, columns, 2), ...indented(check.reason ?? '', columns)];
}

function headOf(error: ErrorRow, columns: number): string[] {
  const seen = error.count === 1 ? `at ${timeOf(error.firstSeen)}` : `first ${timeOf(error.firstSeen)}, last ${timeOf(error.lastSeen)}`;
  return wrapped(plainLine(`${formatNumber(error.count)} × ${errorKindText(error)}: ${errorPlaceText(error)}, ${seen}`), columns, 2);
}

function sampleOf(error: ErrorRow, columns: number): string[] {
  return error.sample === '' ? [] : indented(error.sample, columns);
}

/** The message is wrapped; frames and carets behind it stand as they came, for wrapping would tear them apart. */
function indented(text: string, columns: number): string[] {
  const [message = '', ...frames] = plainText(text).trimEnd().split('\n');
  return [...wrapped(message, columns, 6), ...frames.map((line) => `      ${line}`.trimEnd())];
}

/** `13:35:30Z` of an ISO time; what is none stays as it came. */
function timeOf(iso: string): string {
  return /^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)/.exec(iso)?.[1]?.concat('Z') ?? iso;
}
