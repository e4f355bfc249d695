import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { cli, load, REPOSITORY } from '../support/cli.ts';
import { freePort, startInfluxd, startPrometheus } from '../support/databases.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { otlpTotals } from '../support/otlp-totals.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { check, http } from 'stressrun';
export default async () => {
  check(await http.get('/'), { 'is ok': (r) => r.ok });
};
`;
const files = project({ 'get.ts': SCRIPT });
const sinks: Sink[] = [];
afterAll(() => {
  for (const sink of sinks) sink.close();
});

async function sinkOf(answer: Parameters<typeof startSink>[0]): Promise<Sink> {
  const sink = await startSink(answer);
  sinks.push(sink);
  return sink;
}

/** The queries of the Grafana dashboard, with its variables filled in. */
function dashboardQueries(variables: Readonly<Record<string, string>>): { title: string; expr: string }[] {
  const { panels } = JSON.parse(readFileSync(join(REPOSITORY, 'deploy/grafana/stressrun.json'), 'utf8')) as {
    panels: { title: string; targets: { expr: string }[] }[];
  };
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({ title, expr: expr.replace(/\$(\w+)/g, (_, name: string) => variables[name] ?? '') })),
  );
}

/** A run against a target that takes 20 ms, and how many requests that target saw. */
async function run(flags: readonly string[]) {
  const target = await startTarget({ '/': { delayMs: 20 } });
  const result = await load([files.at('get.ts'), '--base-url', target.url, ...flags]);
  const asked = target.seen.filter(({ path }) => path === '/').length;
  return { ...result, asked, count: result.run.requests.at(-1)?.count };
}

test.skipIf(isLeftOutWithout('prometheus'))(
  'Prometheus has the exact number of requests of a run of 4 s, by remote write and from the page it looks at every second',
  async () => {
    const pagePort = await freePort();
    const prometheus = await startPrometheus(pagePort);
    const outputs = ['-o', `prometheus=${prometheus.url}/api/v1/write`, '-o', `metrics=${pagePort}`];
    const { run: result, asked, count, exitCode, stdout } = await run(['--users', '2', '--duration', '4s', ...outputs]);
    expect(exitCode, stdout).toBe(0);
    expect(result.notes.filter((note) => note.startsWith('-o '))).toEqual([]);
    const total = (job: string, more = ''): string =>
      `sum(last_over_time(stressrun_http_reqs_total{job="${job}",run_id="${result.run.id}"${more}}[10m]))`;
    const ofRun = ',period=~"measured|drain"';
    expect(await prometheus.query(total('', ofRun))).toBe(count);
    expect(await prometheus.query(total('', ofRun).replace('http_reqs_total', 'http_req_failed_samples_total'))).toBe(count);
    expect(await prometheus.query(total(''))).toBe(asked);
    expect(await prometheus.query(total('page', ofRun))).toBe(count);
    const p95 = `histogram_quantile(0.95, sum by (le) (last_over_time(stressrun_http_req_duration_seconds_bucket{job=""}[10m])))`;
    const p95S = await prometheus.query(p95);
    expect(p95S).toBeGreaterThan(0.01);
    expect(p95S).toBeLessThan(5);
    // every query of the dashboard has an answer but those on what did not happen
    const empty = [];
    for (const { title, expr } of dashboardQueries({ run: result.run.id, period: 'measured|drain', window: '5m', __range: '10m' }))
      if ((await prometheus.query(expr)) === undefined) empty.push(title);
    expect(empty).toEqual(['Iterations per second']); // no start was dropped
  },
);

test.skipIf(isLeftOutWithout('influxdb'))(
  'InfluxDB has the exact number of requests and checks of a run, in a database made for it',
  async () => {
    const influx = await startInfluxd();
    const {
      run: result,
      asked,
      count,
      exitCode,
      stdout,
    } = await run(['--users', '2', '--duration', '2s', '-o', `influxdb=${influx.url}/load`]);
    expect(exitCode, stdout).toBe(0);
    const where = `run_id = '${result.run.id}'`;
    expect(await influx.query(`SELECT sum(value) FROM http_reqs WHERE ${where} AND period =~ /measured|drain/`, 'load')).toBe(count);
    expect(await influx.query(`SELECT sum(value) FROM http_reqs WHERE ${where}`, 'load')).toBe(asked);
    expect(await influx.query(`SELECT sum(passes) FROM checks WHERE ${where}`, 'load')).toBe(asked);
  },
);

test('an OpenTelemetry collector has the exact number of requests with the last export', async () => {
  const collector = await sinkOf({ status: 200, body: '{}' });
  const { asked, exitCode, stdout } = await run(['--users', '2', '--duration', '2s', '-o', `otlp=${collector.url}`]);
  expect(exitCode, stdout).toBe(0);
  expect(collector.seen.length).toBeGreaterThanOrEqual(3);
  const totals = otlpTotals(collector.seen.at(-1)?.body ?? Buffer.alloc(0));
  expect([totals.get('stressrun.http_reqs'), totals.get('stressrun.checks.true')]).toEqual([asked, asked]);
});

test('-o json and csv have every request, check and iteration, packed and plain', async () => {
  const folder = temporaryFolder();
  const [json, csv] = [join(folder, 'samples.json.gz'), join(folder, 'samples.csv')];
  const { asked, exitCode, stdout } = await run([
    '--iterations',
    '40',
    '--users',
    '4',
    '--workers',
    '2',
    '-o',
    `json=${json}`,
    '-o',
    `csv=${csv}`,
  ]);
  expect(exitCode, stdout).toBe(0);
  const lines = gunzipSync(readFileSync(json)).toString().trimEnd().split('\n');
  const points = lines.map((line) => JSON.parse(line) as { type: string; metric: string }).filter(({ type }) => type === 'Point');
  const rows = readFileSync(csv, 'utf8').trimEnd().split('\n').slice(1);
  for (const metric of ['http_reqs', 'http_req_duration', 'http_req_failed', 'checks', 'iterations']) {
    expect(points.filter((point) => point.metric === metric)).toHaveLength(asked);
    expect(rows.filter((row) => row.startsWith(`${metric},`))).toHaveLength(asked);
  }
});

test('outputs that are refused, hang or answer 500 cost no request: the target sees the same 60, the exit code is the same, and notes say what was dropped', async () => {
  const [hanging, failing] = [await sinkOf({ status: undefined }), await sinkOf({ status: 500 })];
  const refused = `http://127.0.0.1:${await freePort()}`;
  const load60 = ['--iterations', '60', '--users', '3'];
  const without = await run(load60);
  const kinds = ['prometheus', 'influxdb', 'otlp'];
  const outputs = [refused, hanging.url, failing.url].flatMap((url) => kinds.flatMap((kind) => ['-o', `${kind}=${url}`]));
  const broken = await run([...load60, ...outputs]);
  expect([broken.asked, broken.count, broken.exitCode]).toEqual([without.asked, without.count, without.exitCode]);
  expect(broken.count).toBe(60);
  const notes = broken.run.notes.filter((note) => note.startsWith('-o '));
  expect(notes.map((note) => note.replace(/=.*/, ''))).toEqual([...kinds, ...kinds, ...kinds].map((kind) => `-o ${kind}`));
  for (const note of notes) {
    const [, dropped, all] = /: (\d+) of (\d+) points could not be sent and were dropped: ./.exec(note) ?? [];
    expect([note, dropped]).toEqual([note, all]);
  }
});

test.each([
  ['influx=http://127.0.0.1', /--out: expected csv, json, prometheus, influxdb, otlp or metrics; got "influx".*influxdb=/s],
  ['csv=/nowhere/at/all.csv', /--out: csv=\/nowhere\/at\/all.csv: .* cannot be written: ENOENT/],
])('-o %s is a 104 before any load', async (output, words) => {
  const target = await startTarget({ '/': {} });
  const { exitCode, stderr } = await cli([files.at('get.ts'), '--base-url', target.url, '--run-dir', temporaryFolder(), '-o', output]);
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(words);
  expect(target.seen.filter(({ path }) => path === '/')).toEqual([]);
});
