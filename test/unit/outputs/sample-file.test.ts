import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SeriesIdentity } from '../../../runtime/core/delta.ts';
import type { SampleBatch } from '../../../runtime/core/samples.ts';
import { csvFormat } from '../../../runtime/outputs/k6-csv.ts';
import { jsonFormat } from '../../../runtime/outputs/k6-json.ts';
import { SampleFile } from '../../../runtime/outputs/sample-file.ts';
import { META } from './a-run.ts';

const DURATION: SeriesIdentity = {
  metric: 'http_req_duration',
  type: 'trend',
  unit: 'time',
  period: 'measured',
  tags: { scenario: 'default', name: '/a,b', method: 'GET', status: '200', task: 'predict', token: 'hunter2', group: '' },
};
const CHECKS: SeriesIdentity = { metric: 'checks', type: 'rate', unit: 'default', period: 'measured', tags: { check: 'is "ok"' } };
const AT_US = 1_700_000_000_123_456;

function batch(
  samples: readonly (readonly [id: number, value: number, atUs: number])[],
  series: SampleBatch['series'] = [],
  dropped = 0,
): SampleBatch {
  return { series, bytes: new Uint8Array(new Float64Array(samples.flat()).buffer), dropped };
}

const BOTH = batch(
  [
    [3, 12_345, AT_US],
    [9, 1, AT_US + 1_000_000],
    [3, 500, AT_US + 2_000_000],
  ],
  [
    { id: 3, identity: DURATION },
    { id: 9, identity: CHECKS },
  ],
);

/** A disk that takes what it is given when told to. */
function disk(options: { isStuck?: boolean } = {}) {
  let text = '';
  const held: (() => void)[] = [];
  const stream = new Writable({
    highWaterMark: 16,
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      if (options.isStuck === true) held.push(done);
      else done();
    },
  });
  return { stream, text: () => text, release: () => held.shift()?.() };
}

test('JSON is k6 points in ms, each metric defined before its first point, secrets out', async () => {
  const { stream, text } = disk();
  const file = new SampleFile(jsonFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, BOTH);
  expect(await file.close()).toEqual([]);
  const tags =
    '"tags":{"scenario":"default","name":"/a,b","method":"GET","status":"200","task":"predict","token":"[redacted]","group":"","period":"measured"}';
  expect(text().split('\n')).toEqual([
    '{"type":"Metric","data":{"name":"http_req_duration","type":"trend","contains":"time","thresholds":[],"submetrics":null},"metric":"http_req_duration"}',
    `{"metric":"http_req_duration","type":"Point","data":{"time":"2023-11-14T22:13:20.123456Z","value":12.345,${tags}}}`,
    '{"type":"Metric","data":{"name":"checks","type":"rate","contains":"default","thresholds":[],"submetrics":null},"metric":"checks"}',
    '{"metric":"checks","type":"Point","data":{"time":"2023-11-14T22:13:21.123456Z","value":1,"tags":{"check":"is \\"ok\\"","period":"measured"}}}',
    `{"metric":"http_req_duration","type":"Point","data":{"time":"2023-11-14T22:13:22.123456Z","value":0.5,${tags}}}`,
    '',
  ]);
});

test('CSV has the 19 columns of k6, whole seconds, and other tags in extra_tags', async () => {
  const { stream, text } = disk();
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, BOTH);
  expect(await file.close()).toEqual([]);
  const [header = '', ...lines] = text().split('\n');
  expect(header).toBe(
    'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata',
  );
  expect(lines).toEqual([
    'http_req_duration,1700000000,12.345,,,,,,GET,"/a,b",,default,,200,,,,period=measured&task=predict&token=[redacted],',
    'checks,1700000001,1,"is ""ok""",,,,,,,,,,,,,,period=measured,',
    'http_req_duration,1700000002,0.5,,,,,,GET,"/a,b",,default,,200,,,,period=measured&task=predict&token=[redacted],',
    '',
  ]);
});

test('two workers number their series apart', async () => {
  const { stream, text } = disk();
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, batch([[1, 1, AT_US]], [{ id: 1, identity: CHECKS }]));
  file.take(1, batch([[1, 1_000, AT_US]], [{ id: 1, identity: DURATION }]));
  file.take(0, batch([[1, 0, AT_US]]));
  await file.close();
  expect(
    text()
      .split('\n')
      .map((line) => line.split(',')[0]),
  ).toEqual(['metric_name', 'checks', 'http_req_duration', 'checks', '']);
});

test('a disk that takes nothing costs 32 MB and no more: what comes past it is dropped and counted, the rest is written when it goes on', async () => {
  const { stream, text, release } = disk({ isStuck: true });
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, batch([[1, 1, AT_US]], [{ id: 1, identity: CHECKS }]));
  await turn();
  const large = batch(Array.from({ length: 4_096 }, () => [1, 1, AT_US] as const));
  const batches = (40 << 20) / large.bytes.length;
  for (let i = 0; i < batches; i++) file.take(0, large);
  const closed = file.close();
  let [isClosed, notes]: [boolean, string[]] = [false, []];
  void closed.then((lines) => {
    [isClosed, notes] = [true, lines];
  });
  while (!isClosed) {
    release();
    await turn();
  }
  const match = /^(\d+) of (\d+) samples \((.+)%\) were dropped/.exec(notes[0] ?? '');
  const [dropped, all] = [Number(match?.[1]), Number(match?.[2])];
  expect(all).toBe(1 + Math.ceil(batches) * 4_096);
  expect(dropped).toBeGreaterThan(0.19 * all);
  expect(dropped).toBeLessThan(0.21 * all);
  expect(text().split('\n').length - 2).toBe(all - dropped);
});

test('a full disk ends the file, not the run: the note says so and how many samples are missing', async () => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('ENOSPC: no space left on device')) });
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  await turn();
  file.take(0, BOTH);
  expect(await file.close()).toEqual(['the file is not whole: ENOSPC: no space left on device; 3 of 3 samples were dropped']);
});

test('samples that a worker itself left out are counted as dropped', async () => {
  const { stream } = disk();
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, batch([[1, 1, AT_US]], [{ id: 1, identity: CHECKS }], 3));
  expect(await file.close()).toEqual([expect.stringContaining('3 of 4 samples (75.0%) were dropped')]);
});

test.each([
  ['of a series that was not introduced', batch([[8, 1, AT_US]])],
  ['that is no number', batch([[1, Number.NaN, AT_US]], [{ id: 1, identity: CHECKS }])],
  ['of no time', batch([[1, 1, -1]], [{ id: 1, identity: CHECKS }])],
  ['cut in half', { series: [], bytes: new Uint8Array(12), dropped: 0 }],
])('a sample %s is refused: the worker contradicts itself', (_, bad) => {
  const { stream } = disk();
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  expect(() => file.take(0, bad)).toThrow(expect.objectContaining({ name: 'ClusterError' }));
});

test.each([
  ['CSV', csvFormat],
  ['JSON', jsonFormat],
])('a tag that a secret names is cleaned in %s, and beside another one stays of its own', async (_, format) => {
  const { stream, text } = disk();
  const file = new SampleFile(format(), { disk: stream, into: stream, redact: (secret) => secret.replace(/hunter2|swordfish/g, 'X') });
  file.take(0, batch([[1, 1, AT_US]], [{ id: 1, identity: { ...CHECKS, metric: 'hunter2_ok', tags: { hunter2: 'a', swordfish: 'b' } } }]));
  await file.close();
  expect(text()).not.toMatch(/hunter2|swordfish/);
  expect(text()).toMatch(/"X":"a","X_":"b"|X=a&X_=b/);
});

test('a sample of the last moment that a date knows is written, one beyond it is refused', async () => {
  const { stream, text } = disk();
  const file = new SampleFile(csvFormat(), { disk: stream, into: stream, redact: META.redact });
  file.take(0, batch([[1, 1, 8.64e18]], [{ id: 1, identity: CHECKS }]));
  expect(() => file.take(0, batch([[1, 1, 8.64e18 + 2048]]))).toThrow(expect.objectContaining({ name: 'ClusterError' }));
  await file.close();
  expect(text()).toContain('8640000000000');
});
