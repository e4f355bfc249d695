import { expect, test } from 'vitest';
import type { HttpSample, OwnShare } from '../../../runtime/core/records.ts';
import { STALLED_METRIC, STALLED_REST_METRIC } from '../../../runtime/core/roles.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { cutOffSampleOf, hopOf, sampleOf } from './http-samples.ts';

const MS = 1_000;
const NONE = { blockedUs: 0, sendingUs: 0, waitingUs: 0, receivingUs: 0 };

/** Of each metric the stalled samples: how long they were, and what is left of that without the stall; ms. */
function stalledOf(sample: HttpSample, tags: Record<string, string> = {}): Record<string, [measured: number, rest: number]> {
  const registry = new MetricRegistry();
  new HttpRecorder(registry).record(sample);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const metrics = new Set(store.series(STALLED_METRIC).map((series) => series.tags['of'] as string));
  const sumOf = (metric: string, of: string): number => (store.trend(metric, { tags: { ...tags, of } })?.sum ?? Number.NaN) / MS;
  return Object.fromEntries([...metrics].sort().map((of) => [of, [sumOf(STALLED_METRIC, of), sumOf(STALLED_REST_METRIC, of)]]));
}

test('of an answer each part has its own stall, the duration that of its three parts, the response time all', () => {
  const own: OwnShare = {
    totalUs: 31 * MS,
    isInBurst: false,
    hops: [{ blockedUs: 2 * MS, sendingUs: 1 * MS, waitingUs: 8 * MS, receivingUs: 4 * MS }],
  };
  const hop = hopOf({
    blockedUs: 50 * MS,
    connectingUs: 20 * MS,
    tlsUs: 30 * MS,
    sendingUs: 10 * MS,
    waitingUs: 100 * MS,
    receivingUs: 70 * MS,
  });
  expect(stalledOf(sampleOf({ own, tookUs: 200 * MS, outcome: { hops: [hop] } }))).toEqual({
    http_req_blocked: [50, 48],
    http_req_connecting: [20, 18],
    http_req_duration: [180, 167],
    http_req_receiving: [70, 66],
    http_req_response_time: [200, 169],
    http_req_sending: [10, 9],
    http_req_tls_handshaking: [30, 28],
    http_req_waiting: [100, 92],
  });
});

test('less than a millisecond is no stall, nor is one in what took no time; more than all is all', () => {
  const own = (waitingUs: number): OwnShare => ({
    totalUs: waitingUs,
    isInBurst: false,
    hops: [{ ...NONE, blockedUs: 5 * MS, waitingUs }],
  });
  const hop = hopOf({ blockedUs: 0, waitingUs: 20 * MS });
  expect(stalledOf(sampleOf({ own: own(999), outcome: { hops: [hop] } }))).toEqual({});
  expect(stalledOf(sampleOf({ own: own(1_000), outcome: { hops: [hop] } }))).toEqual({
    http_req_duration: [24, 23],
    http_req_response_time: [25, 24],
    http_req_waiting: [20, 19],
  });
  expect(stalledOf(sampleOf({ own: own(90 * MS), outcome: { hops: [hop] } }))).toMatchObject({ http_req_waiting: [20, 0] });
});

test('of a redirect each hop has its own stall under its own status', () => {
  const own: OwnShare = {
    totalUs: 9 * MS,
    isInBurst: false,
    hops: [
      { ...NONE, waitingUs: 3 * MS },
      { ...NONE, waitingUs: 6 * MS },
    ],
  };
  const sample = sampleOf({ own, outcome: { hops: [hopOf({ status: 302 }), hopOf()] } });
  expect(stalledOf(sample, { status: '302' })['http_req_waiting']).toEqual([20, 17]);
  expect(stalledOf(sample, { status: '200' })['http_req_waiting']).toEqual([20, 14]);
});

test('what was cut off has a stall of its wait: a timeout of its parts and its response time too, an interrupted one of nothing else', () => {
  const own: OwnShare = { totalUs: 40 * MS, isInBurst: false, hops: [{ ...NONE, waitingUs: 40 * MS }] };
  expect(Object.keys(stalledOf(cutOffSampleOf('timeout', 100 * MS, { own })))).toEqual([
    ...['http_req_cut_off', 'http_req_duration', 'http_req_response_time', 'http_req_waiting'],
  ]);
  expect(stalledOf(cutOffSampleOf('interrupted', 100 * MS, { own }))).toEqual({ http_req_cut_off: [100, 60] });
});

test('in a burst all that the server says of itself may be of the burst, out of one nothing', () => {
  const serverTimings = [
    { part: 'queue', us: 5 * MS },
    { part: 'inference', us: 15 * MS },
  ];
  const of = (isInBurst: boolean) => {
    const own: OwnShare = { totalUs: 2 * MS, isInBurst, hops: [NONE] };
    return stalledOf(sampleOf({ own, outcome: { serverTimings } }));
  };
  expect(of(true)).toEqual({ http_req_response_time: [25, 23], http_req_server_time: [20, 0] });
  expect(of(false)).toEqual({ http_req_response_time: [25, 23] });
});
