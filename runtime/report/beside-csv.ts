import type { CsvFormulas } from '../core/csv-cell.ts';
import { timesOf } from '../core/request-figures.ts';
import type { GroupRow, Latency, RunJson } from '../core/run-json.ts';
import { type CsvCell, csvText } from '../views/csv.ts';

/** Tables that Locust has none of, in the words of its own. Times are ms, of expected answers (where all failed, of those), from the due time to the end. */
const COUNTS = ['Request Count', 'Failure Count', 'Interrupted'];
const TIMES = ['Median Response Time', 'Average Response Time', 'Min Response Time', 'Max Response Time', '90%', '95%', '99%'];
const DURATIONS = ['Median Duration', 'Average Duration', 'Max Duration', 'Duration 95%'];

/** A row for each value of each tag that was asked for. @returns undefined when none was */
export function tagCsv({ byTag = [] }: RunJson, formulas?: CsvFormulas): string | undefined {
  if (byTag.length === 0) return undefined;
  const rows = byTag.flatMap(({ tag, rows: values }) =>
    values.map((row): CsvCell[] => [tag, row.value, row.count, row.failed, row.interrupted, row.perSecond, ...timeCells(timesOf(row))]),
  );
  return csvText(['Tag', 'Value', ...COUNTS, 'Requests/s', ...TIMES], rows, formulas);
}

/** A row for each group of the script. @returns undefined when it has none */
export function groupsCsv({ groups = [] }: RunJson, formulas?: CsvFormulas): string | undefined {
  if (groups.length === 0) return undefined;
  const cells = (row: GroupRow): CsvCell[] => [
    row.group,
    row.times,
    ...[row.durationMs?.p50, row.durationMs?.avg, row.durationMs?.max, row.durationMs?.p95].map((ms) => ms ?? null),
    row.requests,
    row.failed,
    row.perSecond,
    ...timeCells(row.responseTimeMs),
    row.checks,
    row.checksFailed,
  ];
  const requests = ['Request Count', 'Failure Count', 'Requests/s', ...TIMES];
  return csvText(['Group', 'Count', ...DURATIONS, ...requests, 'Check Count', 'Check Failure Count'], groups.map(cells), formulas);
}

/** A row for each request of setup and teardown. @returns undefined when there was none */
export function uncountedCsv({ uncounted = [] }: RunJson, formulas?: CsvFormulas): string | undefined {
  if (uncounted.length === 0) return undefined;
  return csvText(
    ['Part', 'Type', 'Name', ...COUNTS, ...TIMES],
    uncounted.map((row) => [row.period, row.method, row.name, row.count, row.failed, row.interrupted, ...timeCells(timesOf(row))]),
    formulas,
  );
}

function timeCells(times: Latency | null): CsvCell[] {
  return [times?.p50, times?.avg, times?.min, times?.max, times?.p90, times?.p95, times?.p99].map((ms) => ms ?? null);
}
