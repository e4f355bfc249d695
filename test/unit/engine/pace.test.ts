import { expect, test } from 'vitest';
import type { Clock } from '../../../runtime/core/clock.ts';
import { rangeOf } from '../../../runtime/core/partition.ts';
import { Engine } from '../../../runtime/engine/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engineOf, planOf, runOf, ScriptedHost, SECOND_US } from './scripted-host.ts';

/** [due, begun] in seconds. */
function timesOf(begun: readonly { dueAtUs: number; atUs: number }[]): [number, number][] {
  return begun.map(({ dueAtUs, atUs }) => [dueAtUs / SECOND_US, atUs / SECOND_US]);
}

test('a pace of 2 s with iterations of 1 s begins at 0, 2, 4, 6 and 8 s', () => {
  const { host, engine } = runOf({ scenarios: [planOf({ paceUs: 2 * SECOND_US })] });
  expect(timesOf(host.begun)).toEqual([0, 2, 4, 6, 8].map((s) => [s, s]));
  expect(engine.counts()).toMatchObject({ begun: 5, late: 0, queued: 0, dropped: 0 });
});

test('one iteration of 2.5 s at a pace of 1 s: ticks 1 and 2 begin behind time and keep their due times, then it is made up', () => {
  const lengthOf = ({ iteration }: { iteration: number }): number => (iteration === 0 ? 2.5 * SECOND_US : 0.25 * SECOND_US);
  const { host, engine } = runOf({ scenarios: [planOf({ paceUs: SECOND_US })], lengthOf });
  expect(timesOf(host.begun).slice(0, 5)).toEqual([
    [0, 0],
    [1, 2.5],
    [2, 2.75],
    [3, 3],
    [4, 4],
  ]);
  expect(engine.counts()).toEqual({ due: 10, begun: 10, late: 0, queued: 2, dropped: 0, interrupted: 0 });
});

test('iterations of 2 s at a pace of 1 s for 10 s: 5 begin, 4 of them queued, and 5 ticks are dropped at the end', () => {
  const { engine } = runOf({ scenarios: [planOf({ paceUs: SECOND_US })], lengthOf: () => 2 * SECOND_US });
  expect(engine.counts()).toEqual({ due: 10, begun: 5, late: 0, queued: 4, dropped: 5, interrupted: 0 });
});

test('a pace of 3 s that the script sets in its first iteration holds from there on, and 0 ends it', () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf()] });
  engine.start();
  engine.setPaceUs(0, 3 * SECOND_US);
  clock.advanceTo(6.5 * SECOND_US);
  engine.setPaceUs(0, 0);
  clock.advanceTo(60 * SECOND_US);
  expect(timesOf(host.begun).map(([due]) => due)).toEqual([0, 3, 6, 7, 8, 9]);
});

test('the pace of VU 0 is not that of VU 1, and a VU of nobody is ignored', () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 2 })] });
  engine.start();
  engine.setPaceUs(0, 5 * SECOND_US);
  engine.setPaceUs(77, 5 * SECOND_US);
  clock.advanceTo(60 * SECOND_US);
  expect([0, 1].map((vu) => host.begun.filter((start) => start.vu === vu).length)).toEqual([2, 10]);
});

/** One user until 2 s and again from 6.5 s on. */
const GAP = [
  { atUs: 0, users: 1 },
  { atUs: 2 * SECOND_US, users: 1 },
  { atUs: 2 * SECOND_US, users: 0 },
  { atUs: 6.5 * SECOND_US, users: 0 },
  { atUs: 6.5 * SECOND_US, users: 1 },
];

test('a VU that comes back at 6.5 s counts its ticks of 1 s from there', () => {
  const { host } = runOf({ scenarios: [planOf({ curve: GAP, paceUs: SECOND_US })], lengthOf: () => 100_000 });
  expect(host.begun.map(({ dueAtUs }) => dueAtUs / SECOND_US)).toEqual([0, 1, 6.5, 7.5, 8.5, 9.5]);
});

test('a VU that is still busy from 1 s to 7 s when it comes back at 6.5 s has its first tick then, queued', () => {
  const lengthOf = ({ iteration }: { iteration: number }): number => (iteration === 1 ? 6 * SECOND_US : 100_000);
  const { host, engine } = runOf({ scenarios: [planOf({ curve: GAP, paceUs: SECOND_US })], lengthOf });
  expect(timesOf(host.begun)).toEqual([
    [0, 0],
    [1, 1],
    [6.5, 7],
    [7.5, 7.5],
    [8.5, 8.5],
    [9.5, 9.5],
  ]);
  expect(engine.counts()).toMatchObject({ due: 6, queued: 1, dropped: 0 });
});

test('timers that come up to a millisecond early, as those of Node do, add no tick at the end: 10 of 1 s in 10 s', () => {
  const clock = new FakeClock();
  const earlyUs = (atUs: number): number => (atUs - clock.nowUs() > 1_000 ? atUs - 900 : atUs);
  const early: Clock = { nowUs: () => clock.nowUs(), at: (atUs, callback) => clock.at(earlyUs(atUs), callback) };
  const host = new ScriptedHost(clock, { lengthOf: () => 0.25 * SECOND_US });
  const engine = new Engine({ scenarios: [planOf({ paceUs: SECOND_US })], range: rangeOf(0, 1), seed: 1, clock: early, host });
  engine.start();
  clock.advanceTo(60 * SECOND_US);
  expect(timesOf(host.begun).map(([due]) => due)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(engine.counts()).toMatchObject({ due: 10, begun: 10, dropped: 0 });
});
