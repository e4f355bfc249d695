import { expect, test } from 'vitest';
import { ArrivalPacer } from '../../../runtime/engine/arrival-pacer.ts';
import { StartQueue } from '../../../runtime/engine/start-queue.ts';
import { openPlanOf, SECOND_US, WHOLE } from './scripted-host.ts';

/** 10 starts a second for a second: due at 0, 0.1 s, 0.2 s … */
const queueOf = (): StartQueue =>
  new StartQueue(
    new ArrivalPacer({
      plan: openPlanOf({ curve: [{ atUs: 0, rate: 10 }], length: { kind: 'duration', durationUs: SECOND_US } }),
      scenario: 0,
      range: WHOLE,
      seed: 1,
    }),
  );
const at = (index: number, ms: number) => ({ index, dueAtUs: ms * 1_000 });

test('starts that came from others are taken among the own ones, each when it is due', () => {
  const queue = queueOf();
  for (const start of [at(77, 250), at(75, 50), at(76, 150), at(78, 2_000)]) queue.hold(start);
  const taken = Array.from({ length: 14 }, () => queue.take());
  expect(taken.map(({ index }) => index)).toEqual([0, 75, 1, 76, 2, 77, 3, 4, 5, 6, 7, 8, 9, 78]);
  expect(taken.map(({ dueAtUs }) => dueAtUs)).toEqual(taken.map(({ dueAtUs }) => dueAtUs).toSorted((a, b) => a - b));
  expect(queue.nextDueUs).toBe(Number.POSITIVE_INFINITY);
});

test('of two that are due at the same moment the one that waited first is taken first', () => {
  const queue = queueOf();
  for (const start of [at(50, 5_000), at(51, 5_000), at(52, 5_000)]) queue.hold(start);
  expect(queue.takeHeld().map(({ index }) => index)).toEqual([50, 51, 52]);
  expect(queue.takeHeld()).toEqual([]);
});

test('those that are due by 0.3 s are 4, the one at 0.3 s among them; of more than may be taken the first', () => {
  expect(queueOf().takeDue(300_000, 100)).toEqual([at(0, 0), at(1, 100), at(2, 200), at(3, 300)]);
  const queue = queueOf();
  expect(queue.takeDue(SECOND_US, 3)).toEqual([at(0, 0), at(1, 100), at(2, 200)]);
  expect(queue.nextDueUs).toBe(300_000);
});
