import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { MetricsPage, openMetricsPage } from '../../../runtime/outputs/metrics-page.ts';
import { PROMTOOL } from '../../support/databases.ts';
import { isLeftOutWithout } from '../../support/needs.ts';
import { aRun, META, TAGS, twoSeconds } from './a-run.ts';

const LABELS = 'name="/predict",scenario="default",status="200",period="measured",run_id="r1"';

test('after two seconds the page has 3 requests, 1 of them failed, a histogram in seconds, and what run it is', async () => {
  const page = new MetricsPage(META);
  for (const second of twoSeconds()) page.second(second);
  const text = await page.text();
  const lines = text.split('\n');
  expect(lines).toEqual(
    expect.arrayContaining([
      'stressrun_run_info{run_id="r1",script="predict.ts",environment="demo",profile="smoke",version="0.2.0"} 1',
      '# TYPE stressrun_http_reqs_total counter',
      `stressrun_http_reqs_total{${LABELS}} 3`,
      `stressrun_http_req_failed_samples_total{${LABELS}} 3`,
      `stressrun_http_req_failed_true_total{${LABELS}} 1`,
      '# TYPE stressrun_vus gauge',
      'stressrun_vus{period="measured",run_id="r1"} 5',
      `stressrun_data_sent_bytes_total{${LABELS}} 2048`,
      '# TYPE stressrun_http_req_duration_seconds histogram',
      `stressrun_http_req_duration_seconds_sum{${LABELS}} 0.7425`,
      `stressrun_http_req_duration_seconds_count{${LABELS}} 3`,
    ]),
  );
  expect(
    lines.filter((line) => line.startsWith('stressrun_http_req_duration_seconds_bucket')).map((line) => line.replace(LABELS, '')),
  ).toEqual([
    'stressrun_http_req_duration_seconds_bucket{,le="0.001"} 0',
    ...['0.0025', '0.005', '0.01', '0.025'].map((le) => `stressrun_http_req_duration_seconds_bucket{,le="${le}"} 1`),
    ...['0.05', '0.1', '0.25', '0.5'].map((le) => `stressrun_http_req_duration_seconds_bucket{,le="${le}"} 2`),
    ...['1', '2.5', '5', '10', '30', '60', '+Inf'].map((le) => `stressrun_http_req_duration_seconds_bucket{,le="${le}"} 3`),
  ]);
});

test('labels are cleaned, tags that have the name of one of ours step aside, secrets and empty tags are left out', async () => {
  const { registry, second } = aRun();
  registry.counter('http_reqs', 'measured', { 'a-b': 'say "hi"', period: 'p', le: '1', '0x': 'z', note: 'is hunter2', group: '' }).add(1);
  const page = new MetricsPage(META);
  page.second(second(1));
  expect(await page.text()).toContain(
    'stressrun_http_reqs_total{tag_0x="z",a_b="say \\"hi\\"",exported_le="1",note="is [redacted]",exported_period="p",period="measured",run_id="r1"} 1',
  );
});

test('two series whose tags differ only in what no label may hold stay two', async () => {
  const { registry, second } = aRun();
  registry.counter('http_reqs', 'measured', { 'a-b': '1' }).add(1);
  registry.counter('http_reqs', 'measured', { 'a.b': '1' }).add(2);
  const page = new MetricsPage(META);
  page.second(second(1));
  const text = await page.text();
  expect(text).toContain('{a_b="1",period="measured",run_id="r1"} 1');
  expect(text).toContain('{a_b="1",period="measured",run_id="r1",series="2"} 2');
});

test('-o metrics serves the page at /metrics alone, and a port that is taken is a 104', async () => {
  const output = await openMetricsPage({ kind: 'metrics', name: 'metrics=0', host: '127.0.0.1', port: 0 }, META);
  try {
    const { registry, second } = aRun();
    registry.counter('http_reqs', 'measured', TAGS).add(7);
    output.second?.(second(1));
    const port = output.port;
    const page = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(await page.text()).toContain(`stressrun_http_reqs_total{${LABELS}} 7`);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await expect(openMetricsPage({ kind: 'metrics', name: 'metrics=x', host: '127.0.0.1', port }, META)).rejects.toMatchObject({
      exitCode: 104,
      message: expect.stringContaining('which is in use') as string,
    });
  } finally {
    await output.close();
  }
});

test('two metrics that get one name in Prometheus stay two: a counter "foo_samples" beside a rate "foo", bytes beside a counter of bytes', async () => {
  const { registry, second } = aRun();
  registry.define({ name: 'foo_samples', type: 'counter', unit: 'default' });
  registry.define({ name: 'foo', type: 'rate', unit: 'default' });
  registry.define({ name: 'sent_bytes', type: 'counter', unit: 'default' });
  registry.define({ name: 'sent', type: 'counter', unit: 'data' });
  registry.counter('foo_samples', 'measured', {}).add(5);
  registry.rate('foo', 'measured', {}).record(true);
  registry.counter('sent_bytes', 'measured', {}).add(6);
  registry.counter('sent', 'measured', {}).add(7);
  const page = new MetricsPage(META);
  page.second(second(1));
  const lines = (await page.text()).split('\n').filter((line) => /^stressrun_(foo|sent)/.test(line));
  expect(lines).toEqual([
    'stressrun_foo_samples_total{period="measured",run_id="r1"} 5',
    'stressrun_foo_samples_total{period="measured",run_id="r1",series="2"} 1',
    'stressrun_foo_true_total{period="measured",run_id="r1",series="2"} 1',
    'stressrun_sent_bytes_total{period="measured",run_id="r1"} 6',
    'stressrun_sent_bytes_total{period="measured",run_id="r1",series="2"} 7',
  ]);
});

test('a tag and a metric that a secret names are on no page', async () => {
  const { registry, second } = aRun();
  registry.define({ name: 'hunter2_reqs', type: 'counter', unit: 'default' });
  registry.counter('hunter2_reqs', 'measured', { hunter2: 'a', 'hunter2!': 'b' }).add(1);
  const page = new MetricsPage(META);
  page.second(second(1));
  const text = await page.text();
  expect(text).not.toContain('hunter2');
  expect(text).toContain('stressrun__redacted__reqs_total{_redacted_="a",_redacted__="b",period="measured",run_id="r1"} 1');
});

test.skipIf(isLeftOutWithout('prometheus'))(
  "Prometheus' own parser reads the page, with quotes, backslashes and line breaks in its labels",
  () => {
    const { registry, second } = aRun();
    registry.counter('http_reqs', 'measured', { a: 'C:\\temp\\', b: 'two\nlines', c: '"}', d: 'ü\r' }).add(1);
    const page = new MetricsPage(META);
    for (const each of [...twoSeconds().slice(0, 1), second(2)]) page.second(each);
    const { status, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: page.text(), encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  },
);
