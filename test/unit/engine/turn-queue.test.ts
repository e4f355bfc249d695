import { expect, test } from 'vitest';
import { TurnQueue } from '../../../runtime/engine/turn-queue.ts';
import { FakeClock } from '../../support/fake-clock.ts';

test('5,000 tasks at once run in order, at most 50 in each of 100 turns', () => {
  const clock = new FakeClock({ turnUs: 1 });
  const turns = new TurnQueue(clock);
  const ran: { task: number; atUs: number }[] = [];
  for (let task = 0; task < 5000; task++) turns.push(() => ran.push({ task, atUs: clock.nowUs() }));
  expect(ran).toHaveLength(50);
  clock.advanceTo(1000);
  expect(ran.map(({ task }) => task)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
  const perTurn = new Map<number, number>();
  for (const { atUs } of ran) perTurn.set(atUs, (perTurn.get(atUs) ?? 0) + 1);
  expect([...perTurn.values()]).toEqual(Array.from({ length: 100 }, () => 50));
});

test('a task that queues itself 1,000 times neither recurses nor keeps other callbacks waiting for over 50 runs', () => {
  const clock = new FakeClock({ turnUs: 1 });
  const turns = new TurnQueue(clock);
  let depth = 0;
  let deepest = 0;
  let runs = 0;
  let runsAtTimer = 0;
  clock.at(1, () => {
    runsAtTimer = runs;
  });
  const task = (): void => {
    deepest = Math.max(deepest, ++depth);
    if (++runs < 1000) turns.push(task);
    depth--;
  };
  turns.push(task);
  clock.advanceTo(100);
  expect({ runs, deepest, runsAtTimer }).toEqual({ runs: 1000, deepest: 1, runsAtTimer: 50 });
});

test('a task now and then asks for no turn before the 16th', () => {
  const clock = new FakeClock({ turnUs: 1 });
  const turns = new TurnQueue(clock);
  for (let i = 0; i < 15; i++) turns.push(() => {});
  expect(clock.waiting).toBe(0);
  turns.push(() => {});
  expect(clock.waiting).toBe(1);
});

test('a task that throws is passed on, and the next one runs', () => {
  const clock = new FakeClock({ turnUs: 1 });
  const turns = new TurnQueue(clock);
  const ran: number[] = [];
  expect(() =>
    turns.push(() => {
      throw new Error('broken');
    }),
  ).toThrow('broken');
  turns.push(() => ran.push(1));
  expect(ran).toEqual([1]);
});
