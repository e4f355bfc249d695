import { afterEach, expect, test } from 'vitest';
import { openRemoteWrite } from '../../../runtime/outputs/remote-write.ts';
import { type Sink, startSink } from '../../support/sink.ts';
import { decodeWriteRequest } from '../../support/write-request.ts';
import { aRun, META, twoSeconds } from './a-run.ts';

let sink: Sink | undefined;
afterEach(() => sink?.close());

test('two seconds and the end are three pushes of snappy and protobuf, with name and password', async () => {
  sink = await startSink({ status: 204 });
  const output = openRemoteWrite({ kind: 'prometheus', name: 'p', url: `${sink.url}/write`, auth: { username: 'u', password: 'p' } }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  expect(sink.seen).toHaveLength(3);
  expect(sink.seen[0]?.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
    'user-agent': 'stressrun/0.2.0',
    authorization: `Basic ${btoa('u:p')}`,
  });
  const pushes = sink.seen.map(({ body }) => decodeWriteRequest(body));
  const first = pushes[0]?.map(({ labels: { __name__, le, ...labels }, samples }) => [
    __name__ + (le === undefined ? '' : ` ${le}`),
    labels,
    samples,
  ]);
  const tags = { name: '/predict', scenario: 'default', status: '200', period: 'measured', run_id: 'r1' };
  const at = (value: number) => [{ value, timestamp: 1_700_000_001_000 }];
  expect(first?.slice(0, 4)).toEqual([
    ['stressrun_run_info', { run_id: 'r1', script: 'predict.ts', environment: 'demo', profile: 'smoke', version: META.version }, at(1)],
    ['stressrun_http_reqs_total', tags, at(2)],
    ['stressrun_http_req_failed_samples_total', tags, at(2)],
    ['stressrun_http_req_failed_true_total', tags, at(0)],
  ]);
  expect(first).toContainEqual(['stressrun_http_req_duration_seconds_bucket 0.0025', tags, at(1)]);
  expect(first).toContainEqual(['stressrun_http_req_duration_seconds_sum', tags, at(0.0425)]);
  // totals: the last has everything
  const last = pushes[2]?.find(({ labels }) => labels['__name__'] === 'stressrun_http_reqs_total');
  expect(last?.samples[0]?.value).toBe(3);
});

test('a push that is refused with 400 is dropped with the words of the server, and the next ones are sent', async () => {
  sink = await startSink({ status: 400, body: 'out of order sample' });
  const output = openRemoteWrite({ kind: 'prometheus', name: 'p', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual(['13 of 13 points could not be sent and were dropped: it answered 400 out of order sample']);
  expect(sink.seen).toHaveLength(3);
});

test('labels go out by name, as the receiver wants them, in any writing', async () => {
  sink = await startSink({ status: 204 });
  const output = openRemoteWrite({ kind: 'prometheus', name: 'p', url: sink.url, auth: undefined }, META);
  const { registry, second } = aRun();
  registry.counter('http_reqs', 'measured', { Zone: 'Köln ✓', a: 'x'.repeat(300), B: '' }).add(1e15);
  output.second?.(second(1_700_000_001_000));
  await output.close();
  const series = decodeWriteRequest(sink.seen[0]?.body ?? Buffer.alloc(0))[1];
  expect(Object.entries(series?.labels ?? {})).toEqual([
    ['Zone', 'Köln ✓'],
    ['__name__', 'stressrun_http_reqs_total'],
    ['a', 'x'.repeat(300)],
    ['period', 'measured'],
    ['run_id', 'r1'],
  ]);
  expect(series?.samples[0]?.value).toBe(1e15);
});
