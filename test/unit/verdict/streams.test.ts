import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { planOf as configPlanOf } from '../config/fixtures.ts';
import { type Streamed, sse, stream } from '../measure/streamed.ts';

const LOCAL = 'environments: { local: { base_url: "http://127.0.0.1:1" } }\n';

/** The plan of a threshold as it stands in config.yaml. */
function planOf(yaml: string) {
  const { thresholds } = configPlanOf({ yaml: `${LOCAL}thresholds: { ${yaml} }`, flags: { users: '1', duration: '10s' } });
  return thresholds;
}

/** What a threshold of config.yaml comes to after these streams, of which each worker iteration asked for one. */
function judge(yaml: string, streams: readonly Streamed[], dropped = 0) {
  const registry = new MetricRegistry();
  registry.counter('iterations', 'measured', {}).add(Math.max(1, streams.length));
  for (const each of streams) stream(registry, each);
  if (dropped > 0) registry.trend('http_req_cut_off', 'measured', { kind: 'dropped' }).record(2_000_000, dropped);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return judgeThresholds(planOf(yaml), store, { measuredS: 10 })[0];
}

const times = <T>(count: number, of: T): T[] => Array.from({ length: count }, () => of);
/** First event 40 ms after it was due, then gaps of 10 and 20 ms. */
const GOOD: Streamed = {
  plan: { stallAfter: 100_000, goals: { firstEvent: 50_000 } },
  dueMs: 0,
  sentMs: 10,
  reads: [
    [40, sse('a')],
    [50, sse('b')],
    [70, sse('c')],
  ],
  endedMs: 71,
};
const SILENT: Streamed = { ...GOOD, reads: [], kind: 'timeout', endedMs: 30 };
const STUCK: Streamed = { ...GOOD, kind: 'timeout', endedMs: 5_070 };

test.each([
  ['max_first_event_p95: 100ms', { outcome: 'met', actual: 40, samples: 20 }],
  ['max_first_event_p99: 30ms', { outcome: 'missed', actual: 40 }],
  ['max_event_gap_p95: 100ms', { outcome: 'met', actual: 20, samples: 40 }],
  ['max_event_gap_p99: 15ms', { outcome: 'missed', actual: 20 }],
  ['max_stalls: 0', { outcome: 'met', actual: 0 }],
  ['min_goodput: 95%', { outcome: 'met', actual: 1, samples: 20 }],
])('%s of twenty good streams', (yaml, wanted) => {
  expect(judge(yaml, times(20, GOOD))).toMatchObject(wanted);
});

test('a stream that timed out before its first event is over any limit of it, and one in which the next event did not come is over a limit of gaps', () => {
  expect(judge('max_first_event_p95: 1s', [...times(90, GOOD), ...times(10, SILENT)])).toMatchObject({
    outcome: 'missed',
    samples: 100,
    detail: 'p95 over 1s, limit 1s: missed, 10 of 100 never got a first event in time (weak: by chance 40ms or any more)',
  });
  // 40 gaps of 10 and 20 ms, and 10 that lasted 5 s without an end
  expect(judge('max_event_gap_p95: 1s', [...times(10, GOOD), ...times(10, STUCK)])).toMatchObject({
    outcome: 'missed',
    samples: 50,
    detail: 'p95 over 1s, limit 1s: missed, 10 of 50 never got their next event in time',
  });
  expect(judge('max_event_gap_p95: 6s', [...times(10, GOOD), ...times(10, STUCK)])).toMatchObject({ outcome: 'met', actual: 20 });
  expect(judge('max_stalls: 9', times(10, STUCK))).toMatchObject({ outcome: 'missed', actual: 10 });
  expect(judge('min_goodput: 95%', [...times(90, GOOD), ...times(10, SILENT)])).toMatchObject({ outcome: 'missed', actual: 0.9 });
});

test('starts that were dropped past the limit never had a first event, in a run that had streams', () => {
  expect(judge('max_first_event_p95: 1s', times(90, GOOD), 10)).toMatchObject({ outcome: 'missed', samples: 100 });
  expect(judge('max_first_event_p95: 1s', [], 10)).toMatchObject({ outcome: 'no-data' });
});

test.each([
  ['max_first_event_p95: 1s', 'p95: no data, no stream came to a first event, limit 1s'],
  ['max_first_token_p99: 1s', 'p99: no data, no stream came to a first token, limit 1s'],
  ['max_event_gap_p99: 1s', 'p99: no data, no stream had two events, limit 1s'],
  ['max_token_gap_p95: 1s', 'p95: no data, no stream had two events with text of tokens, limit 1s'],
  ['max_stalls: 0', 'count: no data, no stream with a stallAfter had two events, limit 0'],
  ['"stream_events": "count<10"', 'count: no data, no stream had any, limit 10'],
  ['min_goodput: 0%', 'rate: no data, no stream had goals, limit at least 0%'],
])('%s is no data, and so never met, when no stream ran', (yaml, detail) => {
  expect(judge(yaml, [])).toMatchObject({ outcome: 'no-data', detail });
});

test('stalls and goodput of streams that asked for neither are no data', () => {
  const plain: Streamed = { ...GOOD, plan: {} };
  expect(judge('max_stalls: 0', times(5, plain))).toMatchObject({ outcome: 'no-data' });
  expect(judge('min_goodput: 0%', times(5, plain))).toMatchObject({ outcome: 'no-data' });
});
