import { expect, test } from 'vitest';
import type { ToPool } from '../../../runtime/core/hand-over.ts';
import { type IndexRange, rangeOf } from '../../../runtime/core/partition.ts';
import type { JoinPlan, LoadChange, ScenarioPlan } from '../../../runtime/core/plan.ts';
import { Engine } from '../../../runtime/engine/engine.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { engineOf, openPlanOf, planOf, runOf, ScriptedHost, SECOND_US } from './scripted-host.ts';

const SECOND_OF_TWO = rangeOf(1, 2);
const joining = (atS: number, starts: { due: number; begun: number }, changes: LoadChange[] = []): JoinPlan => ({
  atUs: atS * SECOND_US,
  starts: [starts],
  changes,
});

interface Late {
  plan: ScenarioPlan;
  join: JoinPlan;
  range?: IndexRange;
  lengthUs?: number;
}

/** A worker that comes into the run at the moment of its `join`. */
function lateWorker({ plan, join, range = SECOND_OF_TWO, lengthUs = 100_000 }: Late) {
  const { engine, host, clock } = engineOf({ scenarios: [plan], range, join, lengthOf: () => lengthUs });
  clock.advanceTo(join.atUs);
  engine.start();
  clock.advanceTo(60 * SECOND_US);
  return { engine, host };
}

const duesOf = (begun: readonly { dueAtUs: number }[]): number[] => begun.map(({ dueAtUs }) => dueAtUs);

test('10/s for 10 s: who comes at 4 s begins its starts from 4 s on, and of those before loses what was not reported by 3 s', () => {
  const plan = openPlanOf({ users: 100 });
  const whole = runOf({ scenarios: [plan], range: SECOND_OF_TWO, lengthOf: () => 100_000 });
  const all = duesOf(whole.host.begun);
  const reported = all.filter((dueUs) => dueUs < 3 * SECOND_US).length;
  const { engine, host } = lateWorker({ plan, join: joining(4, { due: reported, begun: reported }) });
  expect(all).toHaveLength(49);
  expect(duesOf(host.begun)).toEqual(all.filter((dueUs) => dueUs >= 4 * SECOND_US));
  const lost = all.filter((dueUs) => dueUs >= 3 * SECOND_US && dueUs < 4 * SECOND_US).length;
  expect(lost).toBe(4);
  expect(host.drops).toMatchObject([{ count: lost, waitedUs: 0, isLost: true }]);
  expect(engine.counts()).toMatchObject({ due: 49 - reported, begun: 49 - reported - lost, dropped: lost, late: 0 });
});

test('5,000 starts before it came are passed over in more than one go, and none of them begins', () => {
  const plan = openPlanOf({ users: 8, curve: [{ atUs: 0, rate: 1_000 }] });
  const { engine, host } = lateWorker({ plan, join: joining(5, { due: 0, begun: 0 }), range: rangeOf(0, 1), lengthUs: 1_000 });
  expect(host.drops.map(({ count }) => count)).toEqual([5_000]);
  expect(Math.min(...duesOf(host.begun))).toBe(5 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 10_000, begun: 5_000 });
});

test('who is stopped while it passes over starts is done all the same', async () => {
  const plan = openPlanOf({ users: 8, curve: [{ atUs: 0, rate: 100_000 }] });
  const { engine, host, clock } = engineOf({ scenarios: [plan], join: joining(5, { due: 0, begun: 0 }), turnUs: 10 });
  clock.advanceTo(5 * SECOND_US);
  engine.start();
  engine.stopNow();
  clock.advanceTo(6 * SECOND_US);
  await engine.done;
  expect(host.begun).toEqual([]);
});

test('a rate that was changed to 20/s at 2 s is that of who comes at 4 s: 120 starts to the end at 10 s', () => {
  const change = { scenario: 0, rate: 20, atUs: 2 * SECOND_US, phase: 'edit-1' };
  const { host } = lateWorker({ plan: openPlanOf({ users: 8 }), join: joining(4, { due: 0, begun: 0 }, [change]), range: rangeOf(0, 1) });
  expect(host.begun).toHaveLength(120);
  expect(new Set(host.begun.map(({ phase }) => phase))).toEqual(new Set(['edit-1']));
});

test('closed: 4 users spread over 8 s at first all begin at once at 4 s, due then and not late', () => {
  const plan = planOf({ users: 4, spawnWindowUs: 3 * SECOND_US });
  const { engine, host } = lateWorker({ plan, join: joining(4, { due: 0, begun: 0 }), range: rangeOf(0, 1), lengthUs: SECOND_US });
  expect(duesOf(host.begun.slice(0, 4))).toEqual([4, 4, 4, 4].map((s) => s * SECOND_US));
  expect(engine.counts()).toMatchObject({ begun: 24, late: 0, dropped: 0 });
});

test('closed: of a curve only what is left is run: users that had gone by 4 s do not come back', () => {
  const curve = [
    { atUs: 0, users: 4 },
    { atUs: 2 * SECOND_US, users: 4 },
    { atUs: 2 * SECOND_US, users: 1 },
  ];
  const { host } = lateWorker({ plan: planOf({ users: 4, curve }), join: joining(4, { due: 0, begun: 0 }), range: rangeOf(0, 1) });
  expect(new Set(host.begun.map(({ vu }) => vu))).toEqual(new Set([0]));
});

test('closed: users as a change at 2 s left them, 1 of 4, go on at 4 s', () => {
  const change = { scenario: 0, users: 1, atUs: 2 * SECOND_US, phase: 'edit-1' };
  const { host } = lateWorker({ plan: planOf({ users: 4 }), join: joining(4, { due: 0, begun: 0 }, [change]), range: rangeOf(0, 1) });
  expect(new Set(host.begun.map(({ vu }) => vu))).toEqual(new Set([0]));
  expect(duesOf(host.begun)[0]).toBe(4 * SECOND_US);
});

test.each([
  ['of each user', false],
  ['shared', true],
])('20 iterations, %s, of which 7 had begun: the other 13 are made up', (_, isShared) => {
  const length = { kind: 'iterations', iterations: 20, durationUsMax: 30 * SECOND_US, isShared } as const;
  const plan = planOf({ users: 4, length });
  const { engine, host } = lateWorker({ plan, join: joining(4, { due: 7, begun: 7 }), range: rangeOf(0, 1) });
  expect(engine.counts()).toMatchObject({ due: 13, begun: 13, dropped: 0 });
  if (isShared) expect(host.begun.map(({ index }) => index).sort((a, b) => a - b)).toEqual(Array.from({ length: 13 }, (__, i) => i + 7));
  else expect(Math.min(...host.begun.map(({ iteration }) => iteration))).toBeGreaterThanOrEqual(1);
});

test('20 iterations that had all begun leave nothing to do', async () => {
  const length = { kind: 'iterations', iterations: 20, durationUsMax: 30 * SECOND_US, isShared: false } as const;
  const { engine, host } = lateWorker({
    plan: planOf({ users: 4, length }),
    join: joining(4, { due: 20, begun: 20 }),
    range: rangeOf(0, 1),
  });
  await engine.done;
  expect(host.begun).toEqual([]);
});

test('users that were changed to 20 at 2 s, before it came, set nothing off: it begins at 4 s, and loses what nobody reported', () => {
  const change = { scenario: 0, users: 20, atUs: 2 * SECOND_US, phase: 'edit-1' };
  const join = joining(4, { due: 30, begun: 30 }, [change]);
  const { engine, host, clock } = engineOf({ scenarios: [openPlanOf({ users: 8 })], range: rangeOf(0, 1), join, lengthOf: () => 100_000 });
  clock.advanceTo(join.atUs - 50_000);
  clock.advanceTo(join.atUs);
  expect(host.begun).toEqual([]);
  engine.start();
  clock.advanceTo(60 * SECOND_US);
  expect(Math.min(...duesOf(host.begun))).toBe(4 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 70, begun: 60, dropped: 10 });
});

test('who comes at 4 s and hears at 3.9 s that others share begins nothing of before, says that it has no user yet, and lends its users from 4 s on', () => {
  const clock = new FakeClock();
  const host = new ScriptedHost(clock, { lengthOf: () => 10_000 });
  const told: ToPool[] = [];
  const handOver = { tell: (what: ToPool) => void told.push(what) };
  const join = joining(4, { due: 40, begun: 40 });
  const plan = openPlanOf({ users: 8, onBusy: 'queue' });
  const engine = new Engine({ scenarios: [plan], range: rangeOf(0, 1), seed: 1, clock, host, join, handOver });
  clock.advanceTo(3.9 * SECOND_US);
  engine.handed({ scenario: 0, lending: 'shared', round: 1 });
  clock.advanceTo(join.atUs);
  expect([host.begun, told]).toEqual([[], [{ scenario: 0, free: 0, queues: false, round: 1 }]]);
  engine.start();
  clock.advanceTo(60 * SECOND_US);
  expect(duesOf(host.begun)).toEqual(Array.from({ length: 60 }, (_, i) => (40 + i) * 100_000));
  expect(engine.counts()).toMatchObject({ due: 60, begun: 60, dropped: 0 });
  expect(told[1]).toMatchObject({ round: 1 });
  expect(told[1]?.free).toBeGreaterThan(0);
});
