import { expect, test } from 'vitest';
import { Timeline } from '../../../runtime/engine/timeline.ts';
import { FakeClock } from '../../support/fake-clock.ts';

interface Entry {
  readonly atUs: number;
  readonly name: string;
}

/** A timeline and what has run on it, with the moment of the clock. */
function timelineOf(clock: FakeClock): { timeline: Timeline<Entry>; ran: [name: string, atUs: number][] } {
  const ran: [string, number][] = [];
  return { timeline: new Timeline(clock, ({ name }) => void ran.push([name, clock.nowUs()])), ran };
}

test('entries run when they are due, whatever the order they came in, and those of one moment as they came', () => {
  const clock = new FakeClock();
  const { timeline, ran } = timelineOf(clock);
  for (const [atUs, name] of [
    [30, 'c'],
    [10, 'a'],
    [20, 'b1'],
    [20, 'b2'],
  ] as const)
    timeline.add({ atUs, name });
  timeline.start();
  clock.advanceTo(20);
  expect(ran).toEqual([
    ['a', 10],
    ['b1', 20],
    ['b2', 20],
  ]);
  clock.advanceTo(100);
  expect(ran.at(-1)).toEqual(['c', 30]);
  expect(clock.waiting).toBe(0);
});

test('what is due from 20 µs on is taken out, the entry at 20 µs among it; what has run is neither taken out nor run again', () => {
  const clock = new FakeClock();
  const { timeline, ran } = timelineOf(clock);
  for (const atUs of [5, 10, 20, 30]) timeline.add({ atUs, name: `${atUs}` });
  timeline.start();
  clock.advanceTo(5);
  expect(timeline.cutFrom(20).map(({ name }) => name)).toEqual(['20', '30']);
  timeline.add({ atUs: 15, name: 'added' });
  timeline.start();
  clock.advanceTo(100);
  expect(ran.map(([name]) => name)).toEqual(['5', '10', 'added']);
});

test('of 120 entries that are due at once 50 run in a turn, so that three turns are taken', () => {
  const clock = new FakeClock({ turnUs: 1 });
  const { timeline, ran } = timelineOf(clock);
  for (let i = 0; i < 120; i++) timeline.add({ atUs: 0, name: `${i}` });
  timeline.start();
  expect(ran).toHaveLength(50);
  clock.advanceTo(1);
  expect(ran).toHaveLength(100);
  clock.advanceTo(2);
  expect(ran.map(([name]) => name)).toEqual(Array.from({ length: 120 }, (_, i) => `${i}`));
});

test('after clear() nothing runs', () => {
  const clock = new FakeClock();
  const { timeline, ran } = timelineOf(clock);
  timeline.add({ atUs: 10, name: 'a' });
  timeline.start();
  timeline.clear();
  clock.advanceTo(100);
  expect([ran, clock.waiting]).toEqual([[], 0]);
});
