import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { csvText } from '../../../runtime/views/csv.ts';
import { exceptionsCsv, failuresCsv, statsCsv, statsHistoryCsv } from '../../../runtime/views/locust-csv.ts';
import { emptyRun, fullRun } from '../report/fixed-runs.ts';
import { hostileReport, passedReport, simulated } from '../report/simulated.ts';

const golden = (name: string): string => `${import.meta.dirname}/../../golden/${name}`;
const headerOf = (text: string): string => text.split('\r\n')[0] ?? '';
const rowsOf = (text: string): Record<string, string>[] => parse(text, { columns: true, record_delimiter: '\r\n' });

/** As Locust 2.46 writes them. */
const STATS =
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%';
const HISTORY =
  'Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,Total Average Response Time,Total Min Response Time,Total Max Response Time,Total Average Content Size';
const FAILURES = 'Method,Name,Error,Occurrences,First Seen,Last Seen';
const EXCEPTIONS = 'Count,Message,Traceback,Nodes';

const history = statsHistoryCsv(simulated.timeline.data());

test("the headers are Locust's 22, 24, 6 and 4 columns, then ours", () => {
  expect(headerOf(statsCsv(passedReport))).toBe(`${STATS},Task,Interrupted,Duration 50%,Duration 95%,Duration 99%,Average Sent Size`);
  expect(headerOf(history)).toBe(
    `${HISTORY},Total 50%,Total 66%,Total 75%,Total 80%,Total 90%,Total 95%,Total 98%,Total 99%,Total 99.9%,Total 99.99%,Total 100%`,
  );
  expect(headerOf(failuresCsv(passedReport))).toBe(`${FAILURES},Kind,Code,Task`);
  expect(headerOf(exceptionsCsv(passedReport))).toBe(`${EXCEPTIONS},Kind,First Seen,Last Seen`);
});

test.each([
  ['stats.csv', statsCsv(passedReport)],
  ['stats_history.csv', history],
  ['failures.csv', failuresCsv(passedReport)],
  ['exceptions.csv', exceptionsCsv(passedReport)],
])('%s is its golden file, and every line ends in \\r\\n', async (name, text) => {
  expect(text.replaceAll('\r\n', '')).not.toMatch(/\r|(?<!"[^"]*)\n(?![^"]*")/);
  await expect(text).toMatchFileSnapshot(golden(name));
});

test('rows are sorted by name and method, Aggregated is last and has no type', () => {
  const rows = rowsOf(statsCsv(passedReport));
  expect(rows.map((row) => [row['Type'], row['Name']])).toEqual([
    ['GET', '/health'],
    ['POST', '/predict'],
    ['', 'Aggregated'],
  ]);
});

test('three tasks that ask for POST /predict have three names, so that no reader takes one for the other', () => {
  const names = rowsOf(statsCsv(fullRun)).map((row) => row['Name']);
  expect(names).toEqual([
    '/health',
    '/predict [predict_large_image]',
    '/predict [predict_no_image]',
    '/predict [predict_with_image]',
    'Aggregated',
  ]);
});

test.each([
  ['stats', rowsOf(statsCsv(passedReport)), 'Median Response Time', 'Max Response Time', ''],
  ['history', rowsOf(history), 'Total Median Response Time', 'Total Max Response Time', 'Total '],
] as const)('in %s no percentile is over the maximum, none falls, and the median is the 50 %% column', (_, rows, median, max, prefix) => {
  for (const row of rows) {
    const ladder = ['50%', '66%', '75%', '80%', '90%', '95%', '98%', '99%', '99.9%', '99.99%', '100%'].map((name) =>
      Number(row[`${prefix}${name}`]),
    );
    expect(ladder).toEqual([...ladder].sort((a, b) => a - b));
    expect(ladder.at(-1)).toBe(Number(row[max]));
    expect(ladder[0]).toBe(Number(row[median]));
  }
});

test('the last line of the history has the totals of the last line of the stats', () => {
  const [last, total] = [rowsOf(history).at(-1), rowsOf(statsCsv(passedReport)).at(-1)];
  expect(last?.['Total Request Count']).toBe(total?.['Request Count']);
  expect(last?.['Total 95%']).toBe(total?.['95%']);
  expect(last?.['Total Average Response Time']).toBe(total?.['Average Response Time']);
  expect(last?.['Timestamp']).toBe(String(Date.parse('2026-11-22T13:35:57Z') / 1000));
});

test('two lines that end within one second have a timestamp each, and none goes back', () => {
  const data = simulated.timeline.data();
  const startMs = 1_700_000_000_000;
  const endS = data.endS.map((_, i) => 1 + 0.4 * i);
  const stamps = rowsOf(statsHistoryCsv({ ...data, startMs, endS })).map((row) => Number(row['Timestamp']));
  expect(stamps[0]).toBe(1_700_000_001);
  expect(stamps).toEqual([...new Set(stamps)].sort((a, b) => a - b));
  expect(stamps).toHaveLength(endS.length);
});

test('a run without a request has one row of zeros, and N/A for its percentiles', () => {
  const all = {
    ...(fullRun.requests.at(-1) as (typeof fullRun.requests)[0]),
    count: 0,
    failed: 0,
    perSecond: 0,
    responseTimeMs: null,
    durationMs: null,
  };
  const [row, ...others] = rowsOf(statsCsv({ ...emptyRun, requests: [all] }));
  expect(others).toEqual([]);
  expect([row?.['Request Count'], row?.['Median Response Time'], row?.['50%'], row?.['100%']]).toEqual(['0', '0', 'N/A', 'N/A']);
});

test('script errors are exceptions, all others are failures', () => {
  expect(rowsOf(failuresCsv(passedReport)).map((row) => [row['Method'], row['Occurrences']])).toEqual([
    ['POST', '1'],
    ['POST', '12'],
  ]);
  expect(rowsOf(exceptionsCsv(passedReport)).map((row) => [row['Count'], row['Message']])).toEqual([
    ['2', 'TypeError: no objects, "none"'],
  ]);
});

test('quotes, commas and line breaks in a cell come back as they were; control characters do not', () => {
  const text = csvText(['a', 'b', 'c'], [['x,"y"', 'two\r\nlines', 'be\u0007ll']]);
  expect(text).toBe('a,b,c\r\n"x,""y""","two\r\nlines",bell\r\n');
  expect(rowsOf(statsCsv(hostileReport))).toHaveLength(3);
});

test('the history of seconds before the first request has zeros, and a size on average only once something was asked', () => {
  const data = simulated.timeline.data();
  const { history } = data;
  const quiet = history.totalRequests.map((total, i) => (i < 3 ? 0 : total));
  const rows = rowsOf(statsHistoryCsv({ ...data, history: { ...history, totalRequests: quiet } }));
  expect(rows.slice(0, 3).map((row) => row['Total Average Content Size'])).toEqual(['0', '0', '0']);
  const at = rows.length - 1;
  expect(Number(rows[at]?.['Total Average Content Size'])).toBeCloseTo((history.totalBytes[at] ?? 0) / (history.totalRequests[at] ?? 0), 6);
  expect(Number(rows[at]?.['Total Average Content Size'])).toBeGreaterThan(0);
});
