import { afterEach, expect, test } from 'vitest';
import { openInflux } from '../../../runtime/outputs/influx-output.ts';
import { type Sink, startSink } from '../../support/sink.ts';
import { aRun, META, twoSeconds, twoWorkers } from './a-run.ts';

let sink: Sink | undefined;
afterEach(() => sink?.close());

test('two seconds are points in line protocol with k6 names, times in ms, into a database that is created first', async () => {
  sink = await startSink({ status: 200, body: '{"results":[]}' });
  const output = openInflux({ kind: 'influxdb', name: 'i', url: `${sink.url}/load`, auth: { username: 'u', password: 'p' } }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  const [create, ...writes] = sink.seen;
  expect(create?.url).toBe('/query?q=CREATE+DATABASE+%22load%22');
  expect(writes.map(({ url }) => url)).toEqual(['/write?db=load&precision=ms', '/write?db=load&precision=ms']);
  expect(writes[0]?.headers['authorization']).toBe(`Basic ${btoa('u:p')}`);
  const tags = 'scenario=default,status=200,period=measured,run_id=r1,name=/predict'.split(',').sort();
  const lines = writes.map(({ body }) =>
    body
      .toString()
      .split('\n')
      .map((line) =>
        line.replace(/^([^, ]+),?([^ ]*)/, (_, metric: string, list: string) => [metric, ...list.split(',').sort()].join(',')),
      ),
  );
  const series = tags.join(',');
  expect(lines).toEqual([
    [
      `http_reqs,${series} count=2,value=2 1700000001000`,
      `http_req_failed,${series} count=2,passes=0,value=0 1700000001000`,
      `http_req_duration,${series} count=2,max=40,min=2.5,p50=2.5,p90=40,p95=40,p99=40,sum=42.5,value=21.25 1700000001000`,
      'vus,period=measured,run_id=r1 value=5 1700000001000',
      `data_sent,${series} count=1,value=2048 1700000001000`,
    ],
    [
      `http_reqs,${series} count=1,value=1 1700000002000`,
      `http_req_failed,${series} count=1,passes=1,value=1 1700000002000`,
      `http_req_duration,${series} count=1,max=700,min=700,p50=700,p90=700,p95=700,p99=700,sum=700,value=700 1700000002000`,
    ],
  ]);
});

test('a tag that holds a newline, a space or ends in a backslash makes no second line', async () => {
  sink = await startSink({ status: 200, body: '{"results":[]}' });
  const output = openInflux({ kind: 'influxdb', name: 'i', url: sink.url, auth: undefined }, META);
  const { registry, second } = aRun();
  registry.counter('http_reqs', 'measured', { a: 'x\ny', b: 'c:\\', c: 'k=v w' }).add(1);
  output.second?.(second(5));
  await output.close();
  expect(sink.seen.at(-1)?.url).toContain('db=stressrun');
  expect(sink.seen.at(-1)?.body.toString()).toBe('http_reqs,a=x\\ y,b=c:,c=k\\=v\\ w,period=measured,run_id=r1 count=1,value=1 5');
});

test('a database that may not be created is written to all the same; points that are refused are dropped, counted and not sent again', async () => {
  sink = await startSink({ status: 403, body: '{"error":"no rights"}' });
  const output = openInflux({ kind: 'influxdb', name: 'i', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual(['8 of 8 points could not be sent and were dropped: it answered 403 no rights']);
  expect(sink.seen.map(({ url }) => url.split('?')[0])).toEqual(['/query', '/write', '/write']);
});

test('points that a throttling database put off (429) are sent again, once each, and none is dropped', async () => {
  sink = await startSink({ status: [200, 200, 429, 200], body: '{"results":[]}' });
  const output = openInflux({ kind: 'influxdb', name: 'i', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  const bodies = sink.seen.filter(({ url }) => url.startsWith('/write')).map(({ body }) => body.toString());
  expect(bodies).toHaveLength(3);
  expect(bodies[2]).toBe(bodies[1]);
  expect(bodies[2]).toContain('1700000002000');
});

test('what two workers sent of one series in one second is one point: of two at one moment InfluxDB would keep one', async () => {
  sink = await startSink({ status: 200, body: '{"results":[]}' });
  const output = openInflux({ kind: 'influxdb', name: 'i', url: sink.url, auth: undefined }, META);
  const { registries, second } = twoWorkers();
  for (const [i, registry] of registries.entries()) {
    registry.counter('http_reqs', 'measured', {}).add(i + 1);
    registry.rate('checks', 'measured', {}).record(i === 0);
    registry.trend('http_req_duration', 'measured', {}).record((2 - i) * 1_000); // the first worker's is the larger
    registry.gauge('vus', 'measured', {}).set(3, i);
  }
  output.second?.(second(5));
  await output.close();
  expect(sink.seen.at(-1)?.body.toString().split('\n')).toEqual([
    'http_reqs,period=measured,run_id=r1 count=2,value=3 5',
    'checks,period=measured,run_id=r1 count=2,passes=1,value=0.5 5',
    'http_req_duration,period=measured,run_id=r1 count=2,max=2,min=1,p50=1,p90=2,p95=2,p99=2,sum=3,value=1.5 5',
    'vus,period=measured,run_id=r1 value=6 5',
  ]);
});

test('a database with a % that encodes nothing is a 104', async () => {
  const target = { kind: 'influxdb', name: 'i', url: 'http://h/%zz', auth: undefined } as const;
  expect(() => openInflux(target, META)).toThrow(
    expect.objectContaining({
      exitCode: 104,
      message: '--out: influxdb=URL: expected a database encoded for a URL; got a % that encodes nothing',
      hint: 'write % as %25',
    }) as Error,
  );
});

test('with an organisation it is version 2: a bucket, a token, and no database is asked for', async () => {
  sink = await startSink({ status: 204 });
  const url = `${sink.url}/my%20bucket?org=acme`;
  const output = openInflux({ kind: 'influxdb', name: 'i', url, auth: { username: 'token', password: 't==' } }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  expect(sink.seen.map((seen) => seen.url)).toEqual(new Array(2).fill('/api/v2/write?org=acme&bucket=my+bucket&precision=ms'));
  expect(sink.seen[0]?.headers['authorization']).toBe('Token t==');
  expect(sink.seen[0]?.body.toString()).toContain('http_reqs,name=/predict,');
});
