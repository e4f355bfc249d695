import { afterEach, expect, test } from 'vitest';
import { openOtlp } from '../../../runtime/outputs/otlp-output.ts';
import { otlpTotals } from '../../support/otlp-totals.ts';
import { type Sink, startSink } from '../../support/sink.ts';
import { META, twoSeconds } from './a-run.ts';

let sink: Sink | undefined;
afterEach(() => sink?.close());

test('two seconds and the end are three exports to /v1/metrics: totals of 2, 3 and 3 requests', async () => {
  sink = await startSink({ status: 200, body: '{}' });
  const output = await openOtlp({ kind: 'otlp', name: 'o', url: sink.url, auth: { username: 'u', password: 'p' } }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  expect(sink.seen.map(({ url, headers }) => [url, headers['content-type'], headers['authorization']])).toEqual(
    Array.from({ length: 3 }, () => ['/v1/metrics', 'application/json', `Basic ${btoa('u:p')}`]),
  );
  expect(sink.seen.map(({ body }) => otlpTotals(body).get('stressrun.http_reqs'))).toEqual([2, 3, 3]);
  expect(otlpTotals(sink.seen[2]?.body ?? Buffer.alloc(0)).get('stressrun.http_req_failed.true')).toBe(1);
});

test('a trend is a cumulative histogram in seconds with explicit bounds; the resource says which run it is', async () => {
  sink = await startSink({ status: 200, body: '{}' });
  const output = await openOtlp({ kind: 'otlp', name: 'o', url: `${sink.url}/v1/metrics`, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  await output.close();
  const { resourceMetrics } = JSON.parse(sink.seen.at(-1)?.body.toString() ?? '') as Record<string, unknown[]>;
  const text = JSON.stringify(resourceMetrics);
  expect(text).toContain('{"key":"stressrun.run_id","value":{"stringValue":"r1"}}');
  const duration = sink.metric('stressrun.http_req_duration');
  expect(duration).toMatchObject({
    unit: 's',
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          startTimeUnixNano: '1700000000000000000',
          count: 3,
          sum: 0.7425,
          min: 0.0025,
          max: 0.7,
          bucketCounts: [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        },
      ],
    },
  });
});

test('an export that is refused with 400 is dropped with the words of the server, and the next ones are sent', async () => {
  sink = await startSink({ status: 400, body: '{"message":"no such tenant"}' });
  const output = await openOtlp({ kind: 'otlp', name: 'o', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([
    '13 of 13 points could not be sent and were dropped: it answered 400 {"message":"no such tenant"}',
  ]);
  expect(sink.seen).toHaveLength(3);
});

test('an export that is refused without a word says so by its status', async () => {
  sink = await startSink({ status: 400, body: '' });
  const output = await openOtlp({ kind: 'otlp', name: 'o', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([
    expect.stringMatching(/^13 of 13 points could not be sent and were dropped: it answered 400 (?!undefined)\S+/),
  ]);
});

test.each([
  ['/?k=x', '/v1/metrics?k=x'],
  ['/otel/?k=x', '/otel/v1/metrics?k=x'],
  ['/v1/metrics?k=x', '/v1/metrics?k=x'],
  ['/v1/metrics/', '/v1/metrics'],
])('a URL that ends in %s is sent to %s', async (path, where) => {
  sink = await startSink({ status: 200, body: '{}' });
  const output = await openOtlp({ kind: 'otlp', name: 'o', url: sink.url + path, auth: undefined }, META);
  await output.close();
  expect(sink.seen.map(({ url }) => url)).toEqual([where]);
});
