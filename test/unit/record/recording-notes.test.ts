import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { recordingNotes, repeatNotes } from '../../../runtime/record/recording-notes.ts';
import { MetricStore } from '../../../runtime/record/store.ts';

function notesAfter(record: (registry: MetricRegistry) => void): string[] {
  const registry = new MetricRegistry();
  registry.define({ name: 'size', type: 'trend', unit: 'default' });
  registry.define({ name: 'made', type: 'counter', unit: 'default' });
  registry.define({ name: 'depth', type: 'gauge', unit: 'default' });
  record(registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return recordingNotes(store);
}

test('numbers that fit leave no note', () => {
  expect(notesAfter((registry) => registry.trend('size', 'measured', {}).record(5))).toEqual([]);
});

test('2 NaN in a trend, over two series, and 1 Infinity in a counter and in a gauge are a note each', () => {
  const notes = notesAfter((registry) => {
    registry.trend('size', 'measured', { task: 'a' }).record(Number.NaN);
    registry.trend('size', 'measured', { task: 'b' }).record(Number.NaN);
    registry.counter('made', 'measured', {}).add(Number.POSITIVE_INFINITY);
    registry.gauge('depth', 'measured', {}).set(Number.POSITIVE_INFINITY);
  });
  expect(notes).toEqual([
    'size: 2 values were left out, being no finite number (such as text, null, NaN)',
    'made: 1 value was left out, being no finite number (such as text, null, NaN)',
    'depth: 1 value was left out, being no finite number (such as text, null, NaN)',
  ]);
});

test('values below 0 and of any size are what a trend is for, and leave no note', () => {
  expect(
    notesAfter((registry) => {
      for (const value of [-1, 1e15, -1e-9]) registry.trend('size', 'measured', {}).record(value);
    }),
  ).toEqual([]);
});

test('3 requests that were sent twice are one note with their number, and those of the warm-up are not in it', () => {
  const registry = new MetricRegistry();
  registry.counter('http_req_repeats', 'measured', { task: 'a' }).add(2);
  registry.counter('http_req_repeats', 'drain', { task: 'a' }).add(1);
  registry.counter('http_req_repeats', 'warm-up', { task: 'a' }).add(5);
  const store = new MetricStore();
  expect(repeatNotes(store)).toEqual([]);
  store.merge(0, registry.drain());
  expect(repeatNotes(store)).toEqual([expect.stringMatching(/^http_req_repeats: 3 requests were sent once more .* may have seen 3 more/)]);
});
