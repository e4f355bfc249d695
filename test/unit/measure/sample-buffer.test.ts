import { expect, test } from 'vitest';
import { SAMPLE_NUMBERS, type SampleBatch } from '../../../runtime/core/samples.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { SampleBuffer } from '../../../runtime/measure/sample-buffer.ts';

function recorded(samplesMax?: number) {
  const batches: SampleBatch[] = [];
  const buffer = new SampleBuffer((batch) => batches.push(batch), samplesMax);
  const registry = new MetricRegistry();
  registry.onSample = buffer.add;
  return { batches, buffer, registry };
}

function valuesOf({ bytes }: SampleBatch): number[][] {
  const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  return Array.from({ length: numbers.length / SAMPLE_NUMBERS }, (_, i) => [
    ...numbers.subarray(i * SAMPLE_NUMBERS, i * SAMPLE_NUMBERS + 2),
  ]);
}

test('every sample of all four types is in a batch, its series introduced once', () => {
  const { batches, buffer, registry } = recorded();
  registry.counter('http_reqs', 'measured', {}).add(1);
  registry.trend('http_req_duration', 'measured', {}).record(2_500);
  registry.rate('checks', 'measured', {}).record(true);
  registry.gauge('vus', 'measured', {}).set(7);
  buffer.closeSecond();
  registry.rate('checks', 'measured', {}).record(false);
  buffer.closeSecond();
  expect(batches.map(({ series }) => series.map(({ identity }) => identity.metric))).toEqual([
    ['http_reqs', 'http_req_duration', 'checks', 'vus'],
    [],
  ]);
  expect(batches.map(valuesOf)).toEqual([
    [
      [0, 1],
      [1, 2_500],
      [2, 1],
      [3, 7],
    ],
    [[2, 0]],
  ]);
});

test('a value that is refused is no sample, and one that came 3 times is three', () => {
  const { batches, buffer, registry } = recorded();
  const trend = registry.trend('http_req_cut_off', 'measured', {});
  trend.record(Number.NaN);
  trend.record(10, 3);
  buffer.closeSecond();
  expect(batches.map(valuesOf)).toEqual([
    [
      [0, 10],
      [0, 10],
      [0, 10],
    ],
  ]);
});

test('4,096 samples are a batch; what is left comes with the end of the second, and a second without any has none', () => {
  const { batches, buffer, registry } = recorded();
  const counter = registry.counter('http_reqs', 'measured', {});
  for (let i = 0; i < 5_000; i++) counter.add(1);
  expect(batches).toHaveLength(1);
  buffer.closeSecond();
  buffer.closeSecond();
  expect(batches.map((batch) => valuesOf(batch).length)).toEqual([4_096, 904]);
});

test('past the bound of 10 a second the rest is dropped and counted, and the next second begins anew', () => {
  const { batches, buffer, registry } = recorded(10);
  const counter = registry.counter('http_reqs', 'measured', {});
  for (let second = 0; second < 2; second++) {
    for (let i = 0; i < 25; i++) counter.add(1);
    buffer.closeSecond();
  }
  expect(batches.map((batch) => [valuesOf(batch).length, batch.dropped])).toEqual([
    [10, 15],
    [10, 15],
  ]);
});

test('without anybody who wants samples a series tells nobody', () => {
  const { batches, registry, buffer } = recorded();
  registry.onSample = undefined;
  registry.counter('http_reqs', 'measured', {}).add(1);
  buffer.closeSecond();
  expect(batches).toEqual([]);
});
