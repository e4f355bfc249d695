import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatMs, formatNumber } from '../../runtime/core/page-figures.ts';
import { failedPerSecondOf } from '../../runtime/core/request-figures.ts';
import { isTotalRow } from '../../runtime/core/rows.ts';
import type { RequestRow, RunJson } from '../../runtime/core/run-json.ts';
import { appendSeries, type RunSeries } from '../../runtime/core/run-series.ts';
import type { TimelineData } from '../../runtime/core/timeline-data.ts';
import { isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type EveryView, everyViewOf, fromHistory, reported, type ShownPage, shownAt } from '../support/every-view.ts';
import { frameOf, framesOf, isSame } from '../support/live-frames.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { countedIn, labelsKey, pointOf } from '../support/prometheus-text.ts';
import { csvRowOf, lastHistoryOf, liveRowsOf, locustRowsOf } from '../support/same-rows.ts';
import { expectResult } from '../support/shown-result.ts';
import { startTarget } from '../support/target-server.ts';
import { jsonAt, type ToldSecond, viewAt } from '../support/watched-run.ts';

/** Of the measured load, in seconds: SAME_NUMBERS_S=60 has a minute of it. */
const LENGTH_S = Number(process.env['SAME_NUMBERS_S'] ?? 12);
const PATIENCE_MS = 120_000 + 3_000 * LENGTH_S;
const SIZE = { columns: 110, rows: 40 };

/** Users that become more, and starts that are too many for theirs; a warm-up, failed answers, requests of setup, login and teardown, a group, a check. */
const { folder, at } = project({
  'config.yaml': 'warm_up: 2s\nthresholds: { max_p95: 20s, max_failure_rate: 90%, min_rps: 0.1, max_failed_checks: 90% }\n',
  'shop.ts': `import { check, group, http, sleep } from 'stressrun';
export const options = { scenarios: {
  visitors: { executor: 'ramping-vus', exec: 'visit', startVUs: 1, stages: [{ duration: '3s', target: 6 }, { duration: '${LENGTH_S - 3}s', target: 6 }] },
  orders: { executor: 'constant-arrival-rate', exec: 'order', rate: 20, duration: '${LENGTH_S}s', preAllocatedVUs: 2, maxVUs: 2, onBusy: 'drop' },
} };
export const setup = async () => { await http.post('/login'); };
export const vuSetup = async () => { await http.get('/hello'); };
export async function visit() {
  await group('shop', async () => { check(await http.get('/page'), { 'is there': (r) => r.status === 200 }); });
  await http.get('/flaky');
  await sleep(0.2);
}
export async function order() { await http.post('/order', { body: 'x'.repeat(2000) }); }
export const teardown = async () => { await http.post('/logout'); };
`,
});
const PATHS = {
  '/page': { delayMs: 10, body: 'p'.repeat(5000) },
  '/flaky': { delayMs: 5, failEveryNth: 5 },
  '/order': { delayMs: 130 },
};

/** One writes to pipes and is looked at with a browser, the other is at a terminal. */
let piped: EveryView;
let drawn: EveryView;
let browser: Browser | undefined;

beforeAll(async () => {
  const [one, other] = [await startTarget(PATHS), await startTarget(PATHS)];
  browser = isWithoutBrowser ? undefined : await startBrowser();
  const flags = (url: string) => [at('shop.ts'), '--base-url', url, '--workers', '2'];
  [piped, drawn] = await Promise.all([
    everyViewOf(flags(one.url), { folder, patienceMs: PATIENCE_MS, browser }),
    everyViewOf(flags(other.url), { folder, patienceMs: PATIENCE_MS, size: SIZE }),
  ]);
}, PATIENCE_MS);
afterAll(() => browser?.close());

const views = (): [string, EveryView][] => [
  ['piped', piped],
  ['drawn', drawn],
];
const lastOf = ({ seconds }: EveryView): ToldSecond => seconds.at(-1) as ToldSecond;
const totalOf = ({ requests }: Pick<RunJson, 'requests'>): RequestRow => requests.at(-1) as RequestRow;
const csvOf = (text: string): Record<string, string>[] => parse(text, { columns: true }) as Record<string, string>[];
const keyOf = ({ method, name }: Pick<RequestRow, 'method' | 'name'>): string => `${method} ${name}`;

test('the run has what is compared: a warm-up and failures in it and in the load, starts that were dropped, requests beside the load', () => {
  for (const [, { run, seconds }] of views()) {
    const total = totalOf(run);
    expect(run.requests.map(keyOf)).toEqual(['GET /flaky', 'GET /page', 'POST /order', ' Aggregated']);
    expect(Math.min(total.count, total.failed, run.starts.dropped)).toBeGreaterThan(0);
    expect(run.errors.map(({ period }) => period ?? 'measured').sort()).toEqual(['measured', 'warm-up']);
    expect(run.uncounted?.map(({ period, name }) => [period, name])).toEqual([
      ['setup', '/hello'],
      ['setup', '/login'],
      ['teardown', '/logout'],
    ]);
    expect(run.run.durationS).toBe(LENGTH_S);
    expect(seconds.length).toBeGreaterThan(LENGTH_S);
  }
});

test('the last second that the server told of has the tables of run.json, to the last bit', () => {
  for (const [, view] of views()) {
    const { run } = view;
    const { live } = lastOf(view);
    expect(live.rows.map(({ perSecond: _, failedPerSecond: __, ...row }) => row)).toEqual(liveRowsOf(run));
    expect(live.groups).toEqual(run.groups);
    expect(byKey(live.uncounted)).toEqual(
      byKey(
        (run.uncounted ?? []).map(({ period, task, method, name, count, failed, allResponseTimeMs }) => {
          return { period, task, method, name, count, failed, responseMs: allResponseTimeMs ?? null };
        }),
      ),
    );
    expect(live.checks).toEqual(run.checks.map(({ name, task, passes, fails }) => ({ name, task, passes, fails })));
    expect(live.errors.map(({ name, count, period }) => [name, count, period])).toEqual(
      run.errors.map(({ name, count, period }) => [name, count, period]),
    );
    expect(live.starts).toEqual(run.starts);
    expect(live.countedS).toBe(run.run.durationS);
    // whether one of them is open is asked anew in the end
    const numbersOf = (each: Partial<RunJson['thresholds'][number]>) => [each.source, each.actual, each.limit, each.unit, each.samples];
    expect(live.thresholds.map(numbersOf)).toEqual(run.thresholds.map(numbersOf));
  }
});

test('/stats/requests of a run that is over has the numbers of run.json, its CSV is stats.csv, and rates are those of stats.csv', () => {
  for (const [, { run, stats, statsCsv, folder: runFolder }] of views()) {
    expect(statsCsv).toBe(readFileSync(join(runFolder, 'stats.csv'), 'utf8'));
    expect(stats.stats.map(({ safe_name: _, ...row }) => row)).toEqual(locustRowsOf(run));
    const total = totalOf(run);
    expect(stats).toMatchObject({
      total_rps: total.perSecond,
      total_fail_per_sec: failedPerSecondOf(total),
      fail_ratio: total.failed / total.count,
      state: 'stopped',
      user_count: 0,
    });
    expect(stats.errors.map(({ name, occurrences }) => [name, occurrences])).toEqual([['/flaky', total.failed]]);
  }
});

test('stats.csv has the numbers of run.json to three decimals, and the last line of stats_history.csv its totals', () => {
  for (const [, { run, folder: runFolder }] of views()) {
    const rows = csvOf(readFileSync(join(runFolder, 'stats.csv'), 'utf8'));
    expect(rows.map((row) => `${row['Type']} ${row['Name']}`).sort()).toEqual(run.requests.map(keyOf).sort());
    for (const [i, row] of run.requests.entries()) {
      expect(rows.find(({ Type, Name }) => Type === row.method && Name === row.name)).toMatchObject(csvRowOf(run, i));
    }
    const history = csvOf(readFileSync(join(runFolder, 'stats_history.csv'), 'utf8')).at(-1);
    expect(history).toMatchObject(lastHistoryOf(run));
  }
});

test('Prometheus was written what run.json has: counts exactly, times to a µs, percentiles into the class that they are in; /metrics says the same', () => {
  for (const [, { run, written, metricsText }] of views()) {
    const { labelled, sum } = countedIn(written);
    const metric = (name: string) => run.metrics[name]?.values ?? {};
    for (const [i, row] of run.requests.entries()) {
      const of = isTotalRow(row) ? {} : { method: row.method, name: row.name };
      const expected = { ...of, expected_response: 'true' };
      const detail = run.details?.[i];
      expect([sum('http_reqs_total', of), sum('http_req_failed_true_total', of)]).toEqual([row.count, row.failed]);
      expect([sum('data_received_bytes_total', of), sum('data_sent_bytes_total', of), sum('body_received_bytes_total', of)]).toEqual([
        detail?.bytesReceived,
        detail?.bytesSent,
        detail?.bodyBytes,
      ]);
      const answers = sum('http_req_response_time_seconds_count', expected);
      expect(answers).toBe(row.count - row.failed);
      expect(Math.round(sum('http_req_response_time_seconds_sum', expected) * 1e6)).toBe(
        Math.round((row.responseTimeMs?.avg ?? 0) * answers * 1e3),
      );
      for (const [ratio, p] of [[0.5, 'p50'] as const, [0.95, 'p95'] as const, [0.99, 'p99'] as const]) {
        const upTo = (le: number): number => sum('http_req_response_time_seconds_bucket', { ...expected, le: String(le) });
        const bounds = [
          ...new Set(
            labelled('http_req_response_time_seconds_bucket').map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity'))),
          ),
        ].sort((a, b) => a - b);
        const at = bounds.findIndex((le) => (le === Number.POSITIVE_INFINITY ? answers : upTo(le)) >= Math.ceil(ratio * answers));
        const s = (row.responseTimeMs?.[p] ?? 0) / 1000;
        // a percentile is at most 0.1 % above the answer that it is of
        expect(s / 1.001, `${p} of ${row.name}`).toBeLessThanOrEqual(bounds[at] as number);
        expect(s, `${p} of ${row.name}`).toBeGreaterThan(bounds[at - 1] ?? 0);
      }
    }
    expect([sum('dropped_iterations_total'), sum('iterations_total')]).toEqual([run.starts.dropped, metric('iterations')['count']]);
    expect([sum('checks_samples_total'), sum('checks_true_total')]).toEqual([run.checks[0]?.passes, run.checks[0]?.passes]);
    expect(labelled('vus').map(({ value }) => value)).toEqual([metric('vus')['value']]);
    expect(labelled('vus_max').map(({ value }) => value)).toEqual([metric('vus_max')['value']]);
    const page = new Map(metricsText.split('\n').flatMap((line) => (/^stressrun_/.test(line) ? [pointOf(line)] : [])));
    expect(page).toEqual(new Map(written.map(({ labels, value }) => [labelsKey(labels), value])));
  }
});

test('what the journal alone gives is what the run gave: all rows, rates, metrics, starts and each second of the run', async () => {
  for (const [, view] of views()) {
    const { id, run } = view;
    const runDir = temporaryFolder();
    cpSync(view.folder, join(runDir, id), { recursive: true });
    rmSync(join(runDir, id, 'run.json'));
    const again = await reported({ ...view, runDir });
    const keys = ['requests', 'groups', 'uncounted', 'checks', 'metrics', 'starts', 'series', 'details', 'errors'] as const;
    for (const key of keys) expect(again[key], key).toEqual(run[key]);
    expect(again.run.durationS).toBe(run.run.durationS);
    const { overheadMs: _, ...generator } = run.generator; // the calibration comes before the load, and is in no line
    expect(again.generator).toMatchObject(generator);
  }
});

test('another program shows the run as it was shown: each second, its result and its row; /stats/requests has no run there', async () => {
  for (const [, view] of views()) {
    const { past, stats } = await fromHistory(view, folder, async (address) => ({
      past: await viewAt(address, view.id),
      stats: await jsonAt(address, 'stats/requests'),
    }));
    const ended = view.view;
    expect(past.series).toEqual(ended.series);
    expect([past.edits, past.result]).toEqual([ended.edits, ended.result]);
    expect(past.result).toEqual(view.run);
    expect(past.entry).toEqual({ ...ended.entry, startedMs: past.entry.startedMs });
    expect(stats).toMatchObject({ state: 'ready', stats: [], total_rps: 0 });
  }
});

test('the seconds of the charts add up to run.json: dropped starts, requests with those of the warm-up, the most users', () => {
  for (const [, { run, view, seconds }] of views()) {
    const [first, ...others] = seconds.map(({ series }) => structuredClone(series));
    for (const other of others) appendSeries(first as RunSeries, other);
    expect(first).toEqual(view.series);
    const { version: _, history, rows, errors, heatMap, ...drawn } = run.series as TimelineData;
    expect(drawn).toEqual(view.series);
    const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
    expect(sum(drawn.starts.dropped)).toBe(run.starts.dropped);
    const warmUp = seconds.filter(({ live }) => (live.rows.at(-1)?.count ?? 0) === 0).flatMap(({ series }) => series.requests);
    expect(sum(drawn.requests) - sum(warmUp)).toBe(totalOf(run).count);
  }
});

test('a line of the log has the users, the rate and the totals of a second that the server told of', () => {
  const lines = [
    ...piped.terminal.matchAll(/^\d+:\d\d, .*?([\d,]+) users?, ([\d,.]+) req\/s, ([\d,]+) failed, p95 \S+, ([\d,]+) requests?$/gm),
  ];
  expect(lines.length).toBeGreaterThan(0);
  const told = piped.seconds.map(({ series, live }) => {
    const total = live.rows.at(-1);
    return [series.users[0], series.requests[0], total?.failed, total?.count].map((value) => formatNumber(value));
  });
  for (const [, ...numbers] of lines) expect(told).toContainEqual(numbers);
});

test('every frame at a terminal has the table, the totals and the starts of a second that the server told of', () => {
  const frames = framesOf(drawn.terminal, SIZE.columns);
  const told = drawn.seconds.map(frameOf);
  const first = frames.findIndex((frame) => told.some((each) => isSame(each, frame)));
  const counting = frames.slice(first);
  expect(counting.length).toBeGreaterThan(2);
  for (const frame of counting) expect(told).toContainEqual(frame);
});

test('the result on the console is run.json, as figures are spelled there', () => {
  for (const [, { run, terminal }] of views()) {
    const total = totalOf(run);
    const text = stripVTControlCharacters(terminal).replaceAll('\r', '');
    expect(text).toContain(`Total requests: ${total.count}\nSuccessful: ${total.count - total.failed}\nFailed: ${total.failed}\n`);
    expect(text).toContain(`Requests/second: ${total.perSecond.toFixed(2)}\n`);
    for (const row of run.requests) {
      const times = row.responseTimeMs;
      const cells = [
        row.name,
        ...[row.count, row.failed, row.perSecond].map((value) => formatNumber(value)),
        formatMs(times?.p50),
        formatMs(times?.p95),
        formatMs(times?.p99),
      ];
      expect(text.replace(/ +/g, ' ')).toContain(cells.join(' '));
    }
  }
});

test.skipIf(isWithoutBrowser)(
  'the page showed seconds that the server told of, and in the end, in the history and in the report what run.json has',
  async () => {
    const { pages, seconds, run, id } = piped;
    // sorted as the reader likes
    const told = seconds.map(({ live }) =>
      live.rows
        .map(({ name, count, failed, perSecond, medianMs, p95Ms, p99Ms, averageMs, maxMs }) => {
          const counts = [count, failed, perSecond].map((value) => formatNumber(value));
          return [name, ...counts, ...[medianMs, p95Ms, p99Ms, averageMs, maxMs].map(formatMs)].join(' ');
        })
        .sort(),
    );
    // a result has p90 too
    const live = pages.slice(0, -1).filter(({ rows }) => rows.length > 1 && rows[0]?.['p90'] === undefined);
    expect(live.length).toBeGreaterThan(2);
    const heads = ['Request', 'Requests', 'Failed', 'Req/s', 'p50', 'p95', 'p99', 'Average', 'Max'];
    for (const { rows } of live) expect(told).toContainEqual(rows.map((row) => heads.map((head) => row[head]).join(' ')).sort());
    const page = await (browser as Browser).newPage();
    const past = await fromHistory(piped, folder, (address) => shownAt(page, new URL(`#/runs/${id}?tab=requests`, address).href));
    const report = await shownAt(page, `file://${join(piped.folder, 'report.html')}`);
    for (const one of [pages.at(-1) as ShownPage, past, report]) expectResult(one, run);
  },
);

const byKey = <Row>(rows: readonly Row[]): Row[] => [...rows].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
