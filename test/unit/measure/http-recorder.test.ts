import { expect, test } from 'vitest';
import type { HttpSample } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { cutOffSampleOf, hopOf, sampleOf } from './http-samples.ts';

function storeOf(samples: readonly HttpSample[], registry = new MetricRegistry()): MetricStore {
  const recorder = new HttpRecorder(registry);
  for (const sample of samples) recorder.record(sample);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return store;
}

test('an answer is 1 request of 24 ms by k6 and 25 ms from its due time', () => {
  const store = storeOf([sampleOf({ outcome: { hops: [hopOf({ blockedUs: 700, connectingUs: 300, tlsUs: 200 })] } })]);
  expect(store.counter('http_reqs')).toMatchObject({ sum: 1 });
  expect(store.trend('http_req_duration')).toMatchObject({ count: 1, sum: 24_000 });
  expect(store.trend('http_req_response_time')).toMatchObject({ count: 1, sum: 25_000 });
  expect(store.trend('http_req_blocked')).toMatchObject({ sum: 700 });
  expect(store.trend('http_req_connecting')).toMatchObject({ sum: 300 });
  expect(store.trend('http_req_tls_handshaking')).toMatchObject({ sum: 200 });
  expect(store.trend('http_req_sending')).toMatchObject({ sum: 1000 });
  expect(store.trend('http_req_waiting')).toMatchObject({ sum: 20_000 });
  expect(store.trend('http_req_receiving')).toMatchObject({ sum: 3000 });
  expect(store.rate('http_req_failed')).toEqual({ count: 1, passes: 0 });
  expect(store.counter('data_sent')).toMatchObject({ sum: 500 });
  expect(store.counter('data_received')).toMatchObject({ sum: 2000 });
  expect(store.trend('http_req_cut_off')).toBeUndefined();
});

test('the tags are the system ones and the script’s own, which cannot replace them', () => {
  const store = storeOf([sampleOf({ phase: 'peak', tags: { model: 'v2', status: 'mine' } })]);
  expect(store.series('http_reqs')[0]?.tags).toEqual({
    scenario: 'default',
    task: 'predict',
    phase: 'peak',
    group: '',
    name: '/predict',
    method: 'POST',
    status: '200',
    expected_response: 'true',
    model: 'v2',
  });
});

test('a redirect of 2 hops is 2 requests, 2 durations, 1 failure sample, 1 response time and the bytes of both', () => {
  const hops = [hopOf({ status: 302, bytesReceived: 100 }), hopOf({ method: 'GET', status: 500, errorCode: 1500 })];
  const store = storeOf([sampleOf({ expected: false, outcome: { status: 500, errorCode: 1500, hops } })]);
  expect(store.counter('http_reqs')).toMatchObject({ sum: 2 });
  expect(store.counter('http_reqs', { tags: { status: '302', expected_response: 'true' } })).toMatchObject({ sum: 1 });
  expect(store.counter('http_reqs', { tags: { status: '500', error_code: '1500', expected_response: 'false' } })).toMatchObject({ sum: 1 });
  expect(store.trend('http_req_duration')?.count).toBe(2);
  expect(store.rate('http_req_failed')).toEqual({ count: 1, passes: 1 });
  expect(store.trend('http_req_response_time')?.count).toBe(1);
  expect(store.counter('data_received')).toMatchObject({ sum: 2100 });
});

test('a timeout after 2 s fails, is in no expected duration, and is cut off after 2 s', () => {
  const store = storeOf([cutOffSampleOf('timeout', 2_000_000, { expected: true })]);
  expect(store.rate('http_req_failed')).toEqual({ count: 1, passes: 1 });
  expect(store.trend('http_req_duration', { tags: { expected_response: 'true' } })).toBeUndefined();
  expect(store.trend('http_req_duration', { tags: { expected_response: 'false', status: '0' } })?.count).toBe(1);
  expect(store.trend('http_req_cut_off', { tags: { kind: 'timeout', task: 'predict' } })).toMatchObject({ count: 1, sum: 2_000_000 });
});

test('an interrupted request is in no rate and no latency, only in what was cut off, its bytes and its finished hop', () => {
  const hops = [hopOf({ status: 302 }), hopOf({ status: 0 })];
  const store = storeOf([cutOffSampleOf('interrupted', 700_000, { outcome: { hops } })]);
  expect(store.rate('http_req_failed')).toBeUndefined();
  expect(store.trend('http_req_response_time')).toBeUndefined();
  expect(store.counter('http_reqs')).toMatchObject({ sum: 1 });
  expect(store.trend('http_req_cut_off', { tags: { kind: 'interrupted' } })).toMatchObject({ count: 1, sum: 700_000 });
  expect(store.counter('data_sent')).toMatchObject({ sum: 1000 });
});

test('a timeout and an interruption with the same status and error code are cut off under their own kind', () => {
  const same = { outcome: { errorCode: 0 } };
  const store = storeOf([cutOffSampleOf('timeout', 5, same), cutOffSampleOf('interrupted', 5, same), cutOffSampleOf('timeout', 5, same)]);
  expect(store.trend('http_req_cut_off', { tags: { kind: 'timeout' } })?.count).toBe(2);
  expect(store.trend('http_req_cut_off', { tags: { kind: 'interrupted' } })?.count).toBe(1);
});

test('the cache tells 12 requests apart that differ in one thing each, in any order', () => {
  const variants: HttpSample[] = [
    sampleOf(),
    sampleOf({ scenario: 'other' }),
    sampleOf({ task: 'other' }),
    sampleOf({ phase: 'other' }),
    sampleOf({ group: '::other' }),
    sampleOf({ name: '/other' }),
    sampleOf({ method: 'PUT' }),
    sampleOf({ period: 'drain' }),
    sampleOf({ outcome: { status: 201 } }),
    sampleOf({ outcome: { errorCode: 1404 } }),
    sampleOf({ expected: false }),
    sampleOf({ tags: { a: '1' } }),
  ];
  const store = storeOf([...variants, ...variants.toReversed(), ...variants]);
  expect(store.series('http_reqs')).toHaveLength(12);
  for (const { tags, period } of store.series('http_reqs')) {
    const others = store.counter('http_reqs', { tags, periods: [period] })?.sum;
    // The plain request's tags are also those of the tagged one and of the one with an error code: 3 × 3.
    expect(others).toBe(period === 'measured' && Object.keys(tags).length === 8 && isPlain(tags) ? 9 : 3);
  }
});

const isPlain = (tags: Record<string, string>): boolean => {
  const { name, scenario, task, phase, group, method, status, expected_response } = tags;
  return [name, scenario, task, phase, group, method, status, expected_response].join() === '/predict,default,predict,,,POST,200,true';
};

test('tags that are equal but not the same object are one series; a tag more, less or other is not', () => {
  const store = storeOf(
    [{ a: '1' }, { a: '1' }, { a: '1', b: '2' }, { b: '2' }, { a: '2' }, {}, undefined].map((tags) => sampleOf({ tags })),
  );
  expect(store.series('http_reqs')).toHaveLength(5);
  expect(store.counter('http_reqs', { tags: { a: '1' } })?.sum).toBe(3);
});

test('5,000 names overflow a cap of 100 series and no request is lost', () => {
  const registry = new MetricRegistry({ seriesMax: 100 });
  const store = storeOf(
    Array.from({ length: 5000 }, (_, i) => sampleOf({ name: `/items/${i}` })),
    registry,
  );
  expect(store.counter('http_reqs')?.sum).toBe(5000);
  expect(store.trend('http_req_response_time', { tags: { expected_response: 'true' } })?.count).toBe(5000);
  expect(store.counter('http_reqs', { tags: { overflow: 'true' } })?.sum).toBeGreaterThan(4900);
  expect(registry.overflowed).toBeGreaterThan(4900);
});

test('server timings are a trend per part, with the tags of the request; an answer without them opens none', () => {
  const serverTimings = [
    { part: 'queue', us: 1500 },
    { part: 'inference', us: 20_000 },
  ];
  const store = storeOf([sampleOf({ outcome: { serverTimings } }), sampleOf({ outcome: { serverTimings } }), sampleOf()]);
  expect(store.trend('http_req_server_time', { tags: { part: 'inference', task: 'predict', status: '200' } })).toMatchObject({
    count: 2,
    sum: 40_000,
  });
  expect(store.trend('http_req_server_time', { tags: { part: 'queue', expected_response: 'true' } })).toMatchObject({
    count: 2,
    sum: 3000,
  });
  expect(storeOf([sampleOf()]).trend('http_req_server_time')).toBeUndefined();
});

test('of 100 different parts 32 have series of their own, and 68 share the part "other"', () => {
  const samples = Array.from({ length: 100 }, (_, i) => sampleOf({ outcome: { serverTimings: [{ part: `part-${i}`, us: 1000 }] } }));
  const store = storeOf([...samples, ...samples]);
  expect(store.series('http_req_server_time')).toHaveLength(33);
  expect(store.trend('http_req_server_time', { tags: { part: 'other' } })?.count).toBe(136);
  expect(store.trend('http_req_server_time', { tags: { part: 'part-31' } })?.count).toBe(2);
});

test('requests of one kind open their series once, with the same tags, with equal ones and with none', () => {
  let opened = 0;
  class Counting extends MetricRegistry {
    override trend(...of: Parameters<MetricRegistry['trend']>): ReturnType<MetricRegistry['trend']> {
      opened++;
      return super.trend(...of);
    }
  }
  const openedBy = (tagsOf: (i: number) => HttpSample['tags']): number => {
    opened = 0;
    storeOf(
      Array.from({ length: 10 }, (_, i) => sampleOf({ tags: tagsOf(i) })),
      new Counting(),
    );
    return opened;
  };
  const [once, same] = [openedBy(() => undefined), { model: 'v2' }];
  expect(once).toBeLessThan(10);
  expect([openedBy(() => same), openedBy(() => ({ model: 'v2' }))]).toEqual([once, once]);
  expect(openedBy((i) => ({ model: `v${i}` }))).toBe(10 * once);
  expect(openedBy((i) => (i % 2 === 0 ? same : { ...same, more: '1' }))).toBe(2 * once);
  expect(openedBy((i) => (i % 2 === 0 ? same : undefined))).toBe(2 * once);
});
