import { expect, test } from 'vitest';
import type { Start } from '../../../runtime/core/records.ts';
import { engineOf, isSettled, openPlanOf, type ScriptedHost, SECOND_US } from './scripted-host.ts';

const MS_US = 1000;

function droppedOf(host: ScriptedHost): number {
  return host.drops.reduce((sum, { count }) => sum + count, 0);
}

test('stop() at 4.55 s with 1 user busy drops the 4 starts that wait and begins no more; the one that runs ends', async () => {
  const lengthOf = ({ index }: Start): number => (index === 41 ? 2 * SECOND_US : MS_US);
  const { engine, clock, host } = engineOf({ scenarios: [openPlanOf()], lengthOf });
  engine.start();
  clock.advanceTo(4.55 * SECOND_US);
  engine.stop();
  expect(engine.counts()).toMatchObject({ due: 46, begun: 42, dropped: 4 });
  expect(await isSettled(engine.done)).toBe(false);
  clock.advanceTo(6.1 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  expect(host.drops.map(({ index }) => index)).toEqual([42, 43, 44, 45]);
  expect(clock.waiting).toBe(0);
});

test('stop() at 3 s with 299,999 starts waiting drops these over several turns, and none that is due meanwhile', async () => {
  const plan = openPlanOf({ curve: [{ atUs: 0, rate: 100_000 }] });
  const { engine, clock, host } = engineOf({ scenarios: [plan], turnUs: 1000, lengthOf: () => 'never' });
  engine.start();
  clock.advanceTo(3 * SECOND_US - 1);
  engine.stop();
  const { dropped } = engine.counts();
  expect(dropped).toBeLessThanOrEqual(50_000);
  clock.advanceTo(60 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 300_000, begun: 1, dropped: 299_999 });
  expect(droppedOf(host)).toBe(299_999);
  expect(await isSettled(engine.done)).toBe(true);
});

test('stopNow() at 1 s interrupts at 1 s, also after a stop() that was waiting; a later stop() changes nothing', async () => {
  for (const isStoppingBefore of [false, true]) {
    const { engine, clock, host } = engineOf({ scenarios: [openPlanOf()], lengthOf: () => 'never' });
    engine.start();
    clock.advanceTo(SECOND_US);
    if (isStoppingBefore) engine.stop();
    engine.stopNow();
    engine.stop();
    clock.advanceTo(SECOND_US);
    expect(host.interrupts).toEqual([{ vu: 0, atUs: SECOND_US }]);
    expect(engine.counts()).toEqual({ due: 11, begun: 1, late: 0, queued: 0, dropped: 10, interrupted: 1 });
    expect(await isSettled(engine.done)).toBe(true);
    expect(clock.waiting).toBe(0);
  }
});

test('stop() in the graceful stop of 5 s, at 12 s, does not prolong it: what runs is interrupted at 15 s', () => {
  const { engine, clock, host } = engineOf({ scenarios: [openPlanOf({ gracefulStopUs: 5 * SECOND_US })], lengthOf: () => 'never' });
  engine.start();
  clock.advanceTo(12 * SECOND_US);
  engine.stop();
  expect(engine.counts()).toMatchObject({ due: 100, dropped: 99 });
  clock.advanceTo(60 * SECOND_US);
  expect(host.interrupts).toEqual([{ vu: 0, atUs: 15 * SECOND_US }]);
});

test('stop() before start() is done at once and begins nothing', async () => {
  const { engine, clock, host } = engineOf({ scenarios: [openPlanOf()] });
  engine.stop();
  expect(await isSettled(engine.done)).toBe(true);
  engine.start();
  clock.advanceTo(60 * SECOND_US);
  expect([host.begun.length, engine.counts().due, host.retirements]).toEqual([0, 0, [0]]);
});

test('a host that never answers an interrupt is given up on 2 s later, and the scenario is done', async () => {
  const plan = openPlanOf({ gracefulStopUs: 0, users: 3 });
  const { engine, clock } = engineOf({ scenarios: [plan], lengthOf: () => 'never', isObedient: false });
  engine.start();
  clock.advanceTo(12 * SECOND_US - 1);
  expect(await isSettled(engine.done)).toBe(false);
  clock.advanceTo(12 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  expect(engine.counts()).toEqual({ due: 100, begun: 3, late: 0, queued: 0, dropped: 97, interrupted: 3 });
});
