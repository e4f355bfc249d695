import { errorKindText, errorPlaceText } from '../core/error-kind.ts';
import { type OutcomeTone, toneOf } from '../core/outcome-tone.ts';
import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import { timesOf } from '../core/request-figures.ts';
import { isTotalRow } from '../core/rows.ts';
import type { RequestRow, RunJson } from '../core/run-json.ts';
import { chanceOf } from '../core/threshold-tile.ts';
import { formatDurationUs } from '../core/units.ts';
import { saturationWords, verdictLines, withoutWhy } from '../core/verdict-points.ts';
import { groupCells } from './group-cells.ts';
import { plainLine, plainText } from './plain-text.ts';
import { saidColumns } from './said-columns.ts';
import { streamTables } from './stream-section.ts';
import { measuredWords, outcomeWords, thresholdWords } from './verdict-words.ts';

const SIGNS: Readonly<Record<OutcomeTone, string>> = { good: '✅', bad: '❌', unsure: '❔', none: '➖' };
const ROWS_MAX = 50;
const NUMBER_TITLES = ['# count', '# failed', '# req/s', '# p50', '# p95', '# p99', '# max'];
const ERRORS_MAX = 10;
const NOTES_MAX = 20;
/** Lines of one frame. */
const FRAME_LINES_MAX = 30;

/** The result for a pull request or a job summary: GitHub's and GitLab's Markdown, text of scripts and targets made harmless. */
export function renderMarkdown(run: RunJson): string {
  const sections = [
    heading(run),
    thresholds(run),
    requests(run),
    byTag(run),
    groups(run),
    streams(run),
    uncounted(run),
    checks(run),
    errors(run),
    notes(run),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function heading(run: RunJson): string[] {
  const { outcome } = run.verdict;
  const reasons = verdictLines(run);
  const { script, environment, profile, seed, durationS, started, exitCode } = run.run;
  const scene = [
    `${code(script)} on ${code(environment)}`,
    profile === null ? '' : `profile ${code(profile)}`,
    durationS > 0 ? `${formatDurationUs(durationS * 1_000_000)} measured` : '',
    `seed ${seed}`,
    `exit code ${exitCode}`,
    `started ${started}`,
  ];
  return [
    `## ${SIGNS[toneOf(outcome)]} stressrun: ${outcomeWords(run)}`,
    '',
    [measuredWords(run), thresholdWords(run), saturationWords(run)].filter(Boolean).join(' '),
    ...(reasons.length === 0 ? [] : ['', ...reasons.flatMap(({ text, isPart }) => bullet(text, isPart ? '  ' : ''))]),
    '',
    scene.filter(Boolean).join(' · '),
  ];
}

function thresholds(run: RunJson): string[] {
  if (run.thresholds.length === 0) return [];
  return table(
    ['', 'Threshold', 'Result', 'By chance'],
    run.thresholds.map(({ isExcused, expression, ...result }) => [
      isExcused === true ? '➖' : result.outcome === 'met' ? '✅' : result.outcome === 'missed' ? '❌' : '❔',
      code(expression),
      harmless(withoutWhy(result)),
      chanceOf(result),
    ]),
  );
}

function requests(run: RunJson): string[] {
  const named = run.requests.slice(0, -1);
  const rows = [...named.slice(0, ROWS_MAX), ...run.requests.slice(-1)];
  if (rows.length === 0) return [];
  const left = named.length - Math.min(named.length, ROWS_MAX);
  return [
    ...table(['Task', 'Request', ...NUMBER_TITLES, '# duration p95'], rows.map(requestCells)),
    ...(left > 0 ? ['', `and ${left} more, in run.json`] : []),
    '',
    'p50 to max: response time of expected answers, from the time they were due; duration: from sent, as k6 has it.',
  ];
}

function requestCells(row: RequestRow): string[] {
  const name = isTotalRow(row) ? '**all**' : code(`${row.method} ${row.name}`.trim());
  return [harmless(row.task), name, ...numberCells(row), formatMs(row.durationMs?.p95)];
}

function numberCells(row: Omit<RequestRow, 'task' | 'method' | 'name'>): string[] {
  const times = timesOf(row);
  return [
    formatNumber(row.count),
    formatNumber(row.failed),
    formatNumber(row.perSecond),
    ...[times?.p50, times?.p95, times?.p99, times?.max].map(formatMs),
  ];
}

function byTag({ byTag: tables = [] }: RunJson): string[] {
  return tables.flatMap(({ tag, rows }, i) => [
    ...(i === 0 ? [] : ['']),
    ...table(
      [code(tag), ...NUMBER_TITLES.toSpliced(3, 0, '# avg')],
      rows.map(({ value, ...row }) => [code(value), ...numberCells(row).toSpliced(3, 0, formatMs(timesOf(row)?.avg))]),
    ),
  ]);
}

const GROUP_TITLES = [
  'Group',
  '# times',
  '# took p50',
  '# took p95',
  '# requests',
  '# failed',
  '# request p95',
  '# checks',
  '# failed checks',
];

function groups({ groups: rows = [] }: RunJson): string[] {
  if (rows.length === 0) return [];
  const cells = rows.slice(0, ROWS_MAX).map((row) => [code(row.group), ...groupCells(row)]);
  return [...table(GROUP_TITLES, cells), ...andMore(rows.length)];
}

function streams({ streams: given = [] }: RunJson): string[] {
  return streamTables(given).flatMap(({ title, legend, heads, rows }, i) => [
    ...(i === 0 ? [] : ['']),
    ...table(
      [title, ...heads.map((head) => (head === 'between' ? head : `# ${head}`))],
      rows.slice(0, ROWS_MAX).map(({ name, cells }) => [code(name), ...cells]),
    ),
    ...andMore(rows.length),
    ...(legend === '' ? [] : ['', `${legend}.`]),
  ]);
}

function uncounted({ uncounted: rows = [] }: RunJson): string[] {
  if (rows.length === 0) return [];
  const titles = ['Part', 'Request', ...NUMBER_TITLES.filter((title) => title !== '# req/s')];
  const cells = rows.slice(0, ROWS_MAX).map(({ period, method, name, ...row }) => {
    const [count = '', failed = '', , ...times] = numberCells(row);
    return [period, code(`${method} ${name}`.trim()), count, failed, ...times];
  });
  return ['Requests of setup and teardown, outside the verdict:', '', ...table(titles, cells), ...andMore(rows.length)];
}

function andMore(rows: number): string[] {
  return rows <= ROWS_MAX ? [] : ['', `and ${rows - ROWS_MAX} more, in run.json`];
}

function checks(run: RunJson): string[] {
  const failed = run.checks.filter((check) => check.fails > 0);
  if (run.checks.length === 0) return [];
  if (failed.length === 0)
    return [run.checks.length === 1 ? 'The check passed every time.' : `All ${run.checks.length} checks passed every time.`];
  return [
    `Checks that failed, of ${run.checks.length}:`,
    '',
    ...table(
      ['Check', '# fails', '# of', '# passed'],
      failed.map(({ name, task, passes, fails }) => [
        harmless(task === '' ? name : `${name} (${task})`),
        formatNumber(fails),
        formatNumber(passes + fails),
        formatRatio(passes / (passes + fails)),
      ]),
    ),
  ];
}

function errors(run: RunJson): string[] {
  if (run.errors.length === 0) return [];
  const left = run.errors.length - ERRORS_MAX;
  const framed = run.errors.slice(0, ERRORS_MAX).filter(({ sample }) => sample.trimEnd().includes('\n'));
  return [
    ...table(
      ['# Errors', 'Kind', 'Where', 'First message'],
      run.errors
        .slice(0, ERRORS_MAX)
        .map((error) => [
          formatNumber(error.count),
          harmless(errorKindText(error)),
          harmless(errorPlaceText(error)),
          harmless(error.sample.split('\n', 1)[0]?.slice(0, 200) ?? ''),
        ]),
    ),
    ...(left > 0 ? ['', `and ${left} more ${left === 1 ? 'kind' : 'kinds'}, in run.json`] : []),
    ...framed.flatMap(({ sample }) => ['', ...fenced(sample)]),
  ];
}

function notes(run: RunJson): string[] {
  return run.notes.slice(0, NOTES_MAX).flatMap((note) => bullet(note, ''));
}

/** A title that begins with `# ` is of a column of numbers; one that says nothing is left out. */
function table(allTitles: readonly string[], allRows: readonly (readonly string[])[]): string[] {
  const { heads: titles, rows } = saidColumns({ heads: allTitles, rows: allRows });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(titles.map((title) => title.replace(/^# /, ''))),
    line(titles.map((title) => (title.startsWith('# ') ? '---:' : '---'))),
    ...rows.map(line),
  ];
}

/** Text that Markdown shows as it is: no markup, no HTML, no mention of anybody. */
function harmless(text: string): string {
  return plainLine(text)
    .replace(/[\\`*_[\]|~#]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=\w)/g, '@\u200b');
}

/** A point of a list: its first line, and those behind it, which are frames of code or of a stack, as they are. */
function bullet(text: string, indent: string): string[] {
  const [first = '', ...rest] = plainText(text).trimEnd().split('\n');
  const frame = rest.length === 0 ? [] : fenced(rest.join('\n')).map((line) => `${indent}  ${line}`.trimEnd());
  return [`${indent}- ${harmless(first)}`, ...frame];
}

/** Lines that stay as they are; the fence is longer than any in them, and none is an order to the runner that prints the file. */
function fenced(text: string): string[] {
  const lines = plainText(text)
    .trimEnd()
    .split('\n')
    .slice(0, FRAME_LINES_MAX)
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1:\u200b'));
  const fence = '`'.repeat(Math.max(3, ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length + 1))));
  return [`${fence}text`, ...lines, fence];
}

/** As code; of one that has backticks itself the fence is longer. A bar would end the cell of a table even there. */
function code(text: string): string {
  const line = plainLine(text).replaceAll('|', '\\|');
  const fence = '`'.repeat(Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const space = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}
