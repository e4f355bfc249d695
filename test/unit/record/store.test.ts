import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { rankOf } from '../../../runtime/core/histogram.ts';
import type { MetricUnit, Period } from '../../../runtime/core/records.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { seriesDeltaSchema } from '../../../runtime/record/delta-schema.ts';
import { recordingNotes } from '../../../runtime/record/recording-notes.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { summaryOf } from '../../../runtime/record/summary.ts';

const RATIOS = [0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];

/** One thing that happens on a worker; `drain` ends its second. */
type Step = { worker: number; kind: 'trend' | 'counter' | 'rate' | 'gauge' | 'drain'; value: number; task: string; period: Period };

const anyStep: fc.Arbitrary<Step> = fc.record({
  worker: fc.integer({ min: 0, max: 3 }),
  kind: fc.constantFrom('trend', 'trend', 'trend', 'counter', 'rate', 'gauge', 'drain'),
  value: fc.oneof(fc.integer({ min: 0, max: 4_000_000_000 }), fc.integer({ min: 0, max: 3000 })),
  task: fc.constantFrom('a', 'b'),
  period: fc.constantFrom('measured', 'drain', 'warm-up'),
});

/** Plays the steps on `workers` workers, through JSON and the schema, into one store. */
function storeOf(steps: readonly Step[], workers: number): { store: MetricStore; journal: SeriesDelta[][] } {
  const registries = Array.from({ length: workers }, () =>
    registryWith((registry) => registry.define({ name: 'group_size', type: 'gauge', unit: 'default' })),
  );
  const store = new MetricStore();
  const journal: SeriesDelta[][] = [];
  const drain = (worker: number): void => {
    const received: unknown[] = JSON.parse(JSON.stringify((registries[worker] as MetricRegistry).drain()));
    journal.push(
      store.merge(
        worker,
        received.map((delta) => seriesDeltaSchema.parse(delta)),
      ),
    );
  };
  steps.forEach(({ worker, kind, value, task, period }, i) => {
    const registry = registries[worker % workers] as MetricRegistry;
    if (kind === 'trend') registry.trend('http_req_duration', period, { task }).record(value);
    else if (kind === 'counter') registry.counter('iterations', period, { task }).add(value);
    else if (kind === 'rate') registry.rate('checks', period, { task }).record(value % 2 === 0);
    else if (kind === 'gauge') registry.gauge('group_size', period, { task }).set(value, i);
    else drain(worker % workers);
  });
  for (let worker = 0; worker < workers; worker++) drain(worker);
  return { store, journal };
}

function everythingIn(store: MetricStore): unknown {
  const filters = [
    {},
    { tags: { task: 'a' } },
    { periods: ['measured', 'drain'] as Period[] },
    { tags: { task: 'b' }, periods: ['warm-up'] as Period[] },
  ];
  return filters.map((where) => {
    const trend = store.trend('http_req_duration', where);
    const numbers = trend && { count: trend.count, sum: trend.sum, min: trend.min, max: trend.max, clamped: trend.clamped };
    return [
      store.counter('iterations', where),
      store.rate('checks', where),
      store.gauge('group_size', where),
      numbers,
      RATIOS.map((ratio) => trend?.percentile(ratio)),
    ];
  });
}

function registryWith(prepare: (registry: MetricRegistry) => void): MetricRegistry {
  const registry = new MetricRegistry();
  prepare(registry);
  return registry;
}

test('what 4 workers saw merges to what 1 would have seen, in 200 random runs, and the journal gives it again', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 300 }), (steps) => {
      const { store: many, journal } = storeOf(steps, 4);
      const { store: one } = storeOf(steps, 1);
      expect(everythingIn(many)).toEqual(everythingIn(one));

      const replayed = new MetricStore();
      for (const line of JSON.parse(JSON.stringify(journal)) as SeriesDelta[][])
        replayed.merge(
          0,
          line.map((delta) => seriesDeltaSchema.parse(delta)),
        );
      expect(everythingIn(replayed)).toEqual(everythingIn(many));
    }),
    { numRuns: 200 },
  );
});

test('percentiles of 3 merged series equal those of hdr-histogram-js fed with all values, clamped to the exact extremes', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 3_600_000_000 }), fc.constantFrom('a', 'b', 'c')), { minLength: 1, maxLength: 500 }),
      (samples) => {
        const registry = new MetricRegistry();
        const reference = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3, bitBucketSize: 64 });
        for (const [value, task] of samples) {
          registry.trend('http_req_duration', 'measured', { task }).record(value);
          reference.recordValue(value);
        }
        const store = new MetricStore();
        store.merge(0, registry.drain());
        const values = samples.map(([value]) => value);
        for (const ratio of RATIOS.slice(1)) {
          const isLowest = rankOf(ratio, values.length) === 1;
          const highest = Math.min(reference.getValueAtPercentile(ratio * 100), Math.max(...values));
          const expected = isLowest ? Math.min(...values) : highest;
          expect(store.trend('http_req_duration')?.percentile(ratio)).toBe(expected);
        }
        expect(store.trend('http_req_duration')?.percentile(0)).toBe(Math.min(...values));
      },
    ),
    { numRuns: 300 },
  );
});

test('of 1 to 1,000 ms the p95 is 950 ms to 0.1 %, the rank at an exact product is not rounded up, and 50 are over 950 ms', () => {
  const registry = new MetricRegistry();
  for (let ms = 1; ms <= 1000; ms++) registry.trend('http_req_duration', 'measured', {}).record(ms * 1000);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const trend = store.trend('http_req_duration');
  expect(Math.abs((trend?.percentile(0.95) ?? 0) - 950_000)).toBeLessThanOrEqual(950);
  expect(trend?.percentile(0.07)).toBeLessThan(70_100);
  expect(trend?.percentile(1)).toBe(1_000_000);
  expect(trend?.countOver(950_500, false)).toBe(50);
  expect(trend?.countOver(1_000_000, false)).toBe(0);
  expect(trend?.countOver(1_000_000, true)).toBe(1);
  expect(trend?.countOver(0, false)).toBe(1000);
  expect(trend?.avg).toBe(500_500);
});

test.each<[MetricUnit, number[], number]>([
  ['default', [0.125, 0.5, 0.875], 0.5],
  ['default', [-3, -2, -1], -2],
  ['data', [100, 200, 300], 200],
])('the median of a trend of unit %s over %j is %d', (unit, values, median) => {
  const registry = new MetricRegistry();
  registry.define({ name: 'custom', type: 'trend', unit });
  for (const value of values) registry.trend('custom', 'measured', {}).record(value);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  expect(store.trend('custom')?.percentile(0.5)).toBe(median);
});

test('what a query gives back does not change with the next merge of another series', () => {
  const registry = new MetricRegistry();
  registry.trend('http_req_duration', 'measured', { task: 'a' }).record(10);
  registry.trend('http_req_duration', 'measured', { task: 'b' }).record(20);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  expect(store.trend('http_req_duration')?.count).toBe(2);
  expect(store.trend('http_req_duration')?.count).toBe(2);
  expect(store.trend('http_req_duration', { tags: { task: 'a' } })?.count).toBe(1);
});

test('6 VUs on one worker and 4 on another are 10, and stay 10 when the journal is read', () => {
  const store = new MetricStore();
  const first = registryWith((registry) => registry.gauge('vus', 'measured', {}).set(6, 100));
  const second = registryWith((registry) => registry.gauge('vus', 'measured', {}).set(4, 50));
  const journal = [store.merge(1, first.drain()), store.merge(2, second.drain())];
  expect(store.gauge('vus')?.max).toBe(10);
  const replayed = new MetricStore();
  for (const line of journal) replayed.merge(0, line);
  expect(replayed.gauge('vus')?.max).toBe(10);
});

test('of 6 VUs on one worker and 4 on another, 4 are left when the first is lost; what comes in its place is added', () => {
  const store = new MetricStore();
  const vus = (count: number, atUs: number) => registryWith((registry) => registry.gauge('vus', 'measured', {}).set(count, atUs)).drain();
  store.merge(1, vus(6, 100));
  store.merge(2, vus(4, 100));
  store.lost(1);
  store.merge(2, vus(4, 200));
  expect(store.gauge('vus')?.last).toBe(4);
  store.merge(3, vus(5, 300));
  expect(store.gauge('vus')?.last).toBe(9);
});

test('of a custom gauge the value set last wins, whichever worker came first', () => {
  const store = new MetricStore();
  const gauge = (value: number, atUs: number): SeriesDelta[] =>
    registryWith((registry) => {
      registry.define({ name: 'queue', type: 'gauge', unit: 'default' });
      registry.gauge('queue', 'measured', {}).set(value, atUs);
    }).drain();
  store.merge(1, gauge(7, 200));
  store.merge(2, gauge(3, 100));
  expect(store.gauge('queue')).toMatchObject({ last: 7, min: 3, max: 7, count: 2 });
});

test('the journal introduces a series once, though 2 workers do', () => {
  const store = new MetricStore();
  const drained = (): SeriesDelta[] =>
    registryWith((registry) => registry.counter('iterations', 'measured', { scenario: 's' }).add(1)).drain();
  expect(store.merge(1, drained())[0]?.series?.metric).toBe('iterations');
  expect(store.merge(2, drained())).toEqual([{ id: 0, type: 'counter', count: 1, sum: 1, refused: 0 }]);
  expect(store.counter('iterations')?.sum).toBe(2);
});

test('a worker that uses an unknown number, another type or too many series is refused', () => {
  const store = new MetricStore({ seriesMax: 1 });
  const counter = { type: 'counter', count: 1, sum: 1, refused: 0 } as const;
  const series = { metric: 'iterations', type: 'counter', unit: 'default', period: 'measured', tags: {} } as const;
  expect(() => store.merge(1, [{ id: 7, ...counter }])).toThrow(new ClusterError('worker 1 sent series 7, which it has not introduced'));
  store.merge(1, [{ id: 7, series, ...counter }]);
  expect(() => store.merge(1, [{ id: 7, type: 'rate', count: 1, passes: 1 }])).toThrow(ClusterError);
  expect(() => store.merge(2, [{ id: 1, series: { ...series, type: 'rate' }, type: 'rate', count: 1, passes: 1 }])).toThrow(ClusterError);
  expect(() => store.merge(2, [{ id: 1, series: { ...series, tags: { a: 'b' } }, ...counter }])).toThrow('more than 1 series');
});

test('past 50 rows whose names are paths further ones share a row, names that a script made do not, and the note has the remedy', () => {
  const registry = new MetricRegistry({ seriesMax: 10_000 });
  const record = (name: string) => registry.rate('http_req_failed', 'measured', { task: 't', method: 'GET', name }).record(false);
  for (let i = 0; i < 60; i++) record(`/items/${i}`);
  for (let i = 0; i < 60; i++) record(`item ${i}`);
  record(`/orders/\${id}`);
  const store = new MetricStore();
  const journal = store.merge(0, registry.drain());
  const { requests } = summaryOf(store, { measuredS: 1 });
  expect(requests).toHaveLength(50 + 60 + 1 + 2);
  expect(requests.at(-2)).toMatchObject({ task: '', method: '', name: '(other requests)', count: 10 });
  expect(requests.at(-1)).toMatchObject({ name: 'Aggregated', count: 121 });
  expect(recordingNotes(store)).toEqual([
    `10 paths share the row "(other requests)", such as /items/50: http.url\`/items/\${id}\` gives all that differ in a value one name, and so does the option name`,
  ]);
  const names = new Set(journal.flatMap(({ series }) => series?.tags['name'] ?? []));
  expect(names.size).toBe(50 + 60 + 1 + 1);
});
