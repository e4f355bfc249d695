import { formatMs, formatNumber } from '../core/page-figures.ts';
import { timesOf } from '../core/request-figures.ts';
import { HTTP } from '../core/roles.ts';
import type { Latency, RequestRow, RunJson } from '../core/run-json.ts';
import { modelNote } from '../verdict/wording.ts';
import { aligned, type Column, widthOf } from './aligned.ts';
import { aggregatedOf } from './benchmark-block.ts';
import { groupCells } from './group-cells.ts';
import type { Page } from './page.ts';
import { plainLine, wrapped } from './plain-text.ts';
import { isSaidIn } from './said-columns.ts';

/** Below this many columns the name of a request stands on a line of its own, above its numbers. */
const WIDE_COLUMNS = 110;
const GAP = 2;
/** What a row of latencies is of. */
const LABEL_WIDTH_MAX = 32;
/** Of a tag's value; longer ones wrap. */
const VALUE_WIDTH_MAX = 24;
/** Of the name, among the columns of a wide table. */
const NAME_AT = 2;
/** Columns of numbers; of those with a figure behind them the lowest leaves first where there is no room. */
function numberColumns(titles: readonly string[], leaves: Readonly<Record<string, number>> = {}): Column[] {
  return titles.map((title) => {
    const leavesAs = leaves[title];
    return { title, align: 'right', ...(leavesAs === undefined ? {} : { leavesAs }) };
  });
}
const NUMBERS = numberColumns(['count', 'failed', 'req/s', 'p50', 'p95', 'p99', 'max', 'dur p95'], { 'dur p95': 1, max: 2, p50: 3 });

/** One row for each request; times are response times from the due time, `dur p95` is the plain one. */
export function requestSection(page: Page): string[] {
  const { run, paint, columns } = page;
  if (run.requests.length === 0) return [];
  const lines = columns >= WIDE_COLUMNS ? wideTable(run.requests, columns) : narrowTable(run.requests, columns);
  const cutOff = aggregatedOf(run).interrupted;
  const hasFailedRow = run.requests.some((row) => row.responseTimeMs === null && timesOf(row) !== null);
  const answers = `expected answers${hasFailedRow ? ' (where all failed, of those)' : ''}`;
  const legend = wrapped(`p50 to max: response time of ${answers}, from due; dur p95: ${HTTP.duration}, from sent`, columns, 2);
  return [
    paint.bold('Requests'),
    ...legend.map(paint.dim),
    ...lines,
    ...(cutOff > 0
      ? wrapped(`${formatNumber(cutOff)} cut off at the end of the run, counted neither as successful nor as failed`, columns, 2)
      : []),
  ];
}

/** Requests of setup and teardown, which are in no verdict. */
export function uncountedSection({ run, paint, columns }: Page): string[] {
  const rows = (run.uncounted ?? []).map((row) => ({ ...row, task: row.period }));
  if (rows.length === 0) return [];
  const lines = columns >= WIDE_COLUMNS ? wideTable(rows, columns, { first: 'part', isLastTotal: false }) : narrowTable(rows, columns);
  return [paint.bold('Requests of setup and teardown, outside the verdict'), ...lines];
}

/** A table for each tag that was asked for. */
export function tagSections({ run, paint, columns }: Page): string[] {
  const titles = ['count', 'failed', 'req/s', 'avg', 'p50', 'p95', 'p99'];
  return (run.byTag ?? []).flatMap(({ tag, rows }, i) => {
    const cells = rows.map((row) => {
      const times = timesOf(row);
      const counts = [formatNumber(row.count), formatNumber(row.failed), formatNumber(row.perSecond)];
      return [plainLine(row.value), ...counts, ...[times?.avg, times?.p50, times?.p95, times?.p99].map(formatMs)];
    });
    const all = [{ title: plainLine(tag), widthMax: VALUE_WIDTH_MAX }, ...numberColumns(titles, { avg: 1, p50: 2, p99: 3 })];
    return [
      ...(i === 0 ? [] : ['']),
      paint.bold(`Requests by ${plainLine(tag)}`),
      ...aligned(all, cells, { indent: 2, widthMax: columns }),
    ];
  });
}

/** A row for each group of the script. */
export function groupSection({ run, paint, columns: width }: Page): string[] {
  const { groups = [] } = run;
  if (groups.length === 0) return [];
  const titles = ['times', 'took p50', 'p95', 'requests', 'failed', 'req p95', 'checks', 'failed'];
  const columns: Column[] = [
    { title: 'group', widthMax: width >= WIDE_COLUMNS ? 40 : VALUE_WIDTH_MAX },
    ...numberColumns(titles, { 'took p50': 1, 'req p95': 2 }),
  ];
  const rows = groups.map((row) => [plainLine(row.group), ...groupCells(row)]);
  return [paint.bold('Groups'), ...aligned(columns, rows, { indent: 2, widthMax: width })];
}

/** The same answers timed twice: from when they were due, and from when they were sent; below it what the server says of its own parts. */
export function latencySection({ run, paint, columns }: Page): string[] {
  const all = aggregatedOf(run);
  if (all.count === 0) return [];
  const cells = (label: string, times: Latency | null): string[] => [
    label,
    ...[times?.min, times?.avg, times?.p50, times?.p90, times?.p95, times?.p99, times?.max].map(formatMs),
  ];
  const titles = numberColumns(['min', 'avg', 'p50', 'p90', 'p95', 'p99', 'max'], { min: 1, p90: 2, avg: 3, max: 4, p50: 5 });
  const rows = [
    cells('response time, from due', all.responseTimeMs),
    cells('duration, from sent', all.durationMs),
    cells('duration, all answers', all.allDurationMs),
    ...serverRows(run),
  ];
  const sentence = modelNote(run.run.model);
  const note = sentence === undefined ? [] : wrapped(sentence, columns, 2).map(paint.dim);
  return [
    paint.bold('Latency'),
    ...aligned([{ title: '', widthMax: LABEL_WIDTH_MAX, isText: true }, ...titles], rows, { indent: 2, widthMax: columns }),
    ...note,
  ];
}

/** Of all requests together; of the parts only these three are kept. */
function serverRows({ requests, details = [] }: RunJson): string[][] {
  const parts = details[requests.length - 1]?.serverMs ?? [];
  return parts.map(({ part, avg, p95, max }) => [
    `server: ${plainLine(part)}`,
    ...[undefined, avg, undefined, undefined, p95, undefined, max].map((ms) => (ms === undefined ? '' : formatMs(ms))),
  ]);
}

function wideTable(rows: readonly RequestRow[], columns: number, { first = 'task', isLastTotal = true } = {}): string[] {
  const cells = rows.map((row) => [plainLine(row.task), row.method, plainLine(row.name), ...numbersOf(row)]);
  const all: Column[] = [{ title: first, widthMax: 24 }, { title: 'method' }, { title: 'name' }, ...NUMBERS];
  const titles = all.map((column) => column.title);
  const taken = all.reduce(
    (sum, column, i) =>
      i === NAME_AT || !isSaidIn(cells, i) ? sum : sum + Math.min(widthOf(i, titles, cells), column.widthMax ?? 1000) + GAP,
    GAP,
  );
  const sized = all.map((column, i) => (i === NAME_AT ? { ...column, widthMax: Math.max(12, columns - taken) } : column));
  return aligned(sized, cells, { isLastTotal, indent: 2 });
}

function narrowTable(rows: readonly RequestRow[], columns: number): string[] {
  const [titles = '', rule = '', ...numbers] = aligned(NUMBERS, rows.map(numbersOf), { indent: 4, widthMax: columns });
  const lines = rows.flatMap((row, i) => [
    ...wrapped(
      [row.task, `${row.method} ${row.name}`]
        .map(plainLine)
        .map((part) => part.trim())
        .filter(Boolean)
        .join(' · '),
      columns,
      2,
    ),
    numbers[i] ?? '',
  ]);
  return [titles, rule, ...lines];
}

function numbersOf(row: RequestRow): string[] {
  const times = timesOf(row);
  return [
    formatNumber(row.count),
    formatNumber(row.failed),
    formatNumber(row.perSecond),
    ...[times?.p50, times?.p95, times?.p99, times?.max, (row.durationMs ?? row.allDurationMs)?.p95].map(formatMs),
  ];
}
