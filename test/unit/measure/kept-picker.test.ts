import { expect, test } from 'vitest';
import type { KeptRequest } from '../../../runtime/core/records.ts';
import { KeptPicker } from '../../../runtime/measure/kept-picker.ts';
import { failedOf, keptOf } from './kept-samples.ts';

/** Does as a worker does: a record is made only for what the picker asks for. @returns how many were made */
function offer(picker: KeptPicker, requests: readonly KeptRequest[]): number {
  let made = 0;
  for (const request of requests) {
    if (
      request.why === 'slow'
        ? !picker.isSlow(request.task, request.responseTimeUs)
        : !picker.isFirst(request.task, request.kind, request.errorCode)
    )
      continue;
    made++;
    picker.keep(request);
  }
  return made;
}

const tookMs = (ms: number, task = 'predict'): KeptRequest => keptOf({ task, responseTimeUs: ms * 1000 });

test('of a task and second the 3 slowest are kept, slowest first, whatever the order they come in', () => {
  const picker = new KeptPicker();
  offer(
    picker,
    [5, 90, 1, 70, 3, 80, 2].map((ms) => tookMs(ms)),
  );
  expect(picker.drain().map(({ responseTimeUs }) => responseTimeUs)).toEqual([90_000, 80_000, 70_000]);
});

test('1,000 requests of 10 ms after 3 of 20 ms are not even made', () => {
  const picker = new KeptPicker();
  expect(offer(picker, [tookMs(20), tookMs(20), tookMs(20), ...Array.from({ length: 1000 }, () => tookMs(10))])).toBe(3);
});

test('each task has its own 3, and the next second begins anew', () => {
  const picker = new KeptPicker();
  offer(picker, [tookMs(100, 'a'), tookMs(1, 'b'), tookMs(2, 'a'), tookMs(3, 'b')]);
  expect(picker.drain().map(({ task, responseTimeUs }) => `${task} ${responseTimeUs}`)).toEqual(['a 100000', 'b 3000', 'a 2000', 'b 1000']);
  expect(picker.drain()).toEqual([]);
  expect(offer(picker, [tookMs(1, 'a')])).toBe(1);
});

test('of each error code the first 3 of a task are kept', () => {
  const picker = new KeptPicker();
  const failures = [503, 503, 503, 503, 404, 503].map((status, vu) => failedOf(status, { vu }));
  expect(offer(picker, failures)).toBe(4);
  expect(picker.drain().map(({ status, vu }) => [status, vu])).toEqual([
    [503, 0],
    [404, 4],
    [503, 1],
    [503, 2],
  ]);
});

test('a second keeps at most 50: of 40 tasks each has its slowest', () => {
  const picker = new KeptPicker();
  for (let task = 0; task < 40; task++) offer(picker, [tookMs(3, `task-${task}`), tookMs(2, `task-${task}`), tookMs(1, `task-${task}`)]);
  const kept = picker.drain();
  expect(kept).toHaveLength(50);
  expect(new Set(kept.slice(0, 40).map(({ task }) => task)).size).toBe(40);
  expect(new Set(kept.slice(0, 40).map(({ responseTimeUs }) => responseTimeUs))).toEqual(new Set([3000]));
});

test('10,000 tasks and 10,000 error codes in a second keep no more than 200 and 20', () => {
  const picker = new KeptPicker();
  expect(
    offer(
      picker,
      Array.from({ length: 10_000 }, (_, i) => tookMs(1, `task-${i}`)),
    ),
  ).toBe(200);
  expect(
    offer(
      picker,
      Array.from({ length: 10_000 }, (_, i) => failedOf(i, { task: 'task-0' })),
    ),
  ).toBe(20);
});

test('one that took as long as the third is not among the slowest: the first to come stay', () => {
  const picker = new KeptPicker();
  expect(
    offer(
      picker,
      Array.from({ length: 1000 }, (_, vu) => keptOf({ task: 'predict', responseTimeUs: 20_000, vu })),
    ),
  ).toBe(3);
  expect(picker.drain().map(({ vu }) => vu)).toEqual([0, 1, 2]);
});
