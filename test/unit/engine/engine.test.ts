import { expect, test } from 'vitest';
import { rangeOf } from '../../../runtime/core/partition.ts';
import type { ClosedScenarioPlan } from '../../../runtime/core/plan.ts';
import { Engine } from '../../../runtime/engine/engine.ts';
import { K6_DURATION_US, k6Curve, k6UsersAt } from './k6-vector.ts';
import { engineOf, isSettled, openPlanOf, planOf, runOf, SECOND_US, WHOLE } from './scripted-host.ts';

/** Starts of all workers together, one line each, in a fixed order. */
function startsOf(plan: ClosedScenarioPlan, workers: number): string[] {
  const lines = Array.from({ length: workers }, (_, i) => runOf({ scenarios: [plan], range: rangeOf(i, workers) })).flatMap(({ host }) =>
    host.begun.map(({ vu, iteration, dueAtUs, phase }) => `${vu} ${iteration} ${dueAtUs} ${phase}`),
  );
  return lines.sort();
}

test('5 users for 10 s with iterations of 1 s begin 50, each due when the last ended', () => {
  const { engine, host } = runOf({ scenarios: [planOf({ users: 5 })] });
  expect(engine.counts()).toEqual({ due: 50, begun: 50, late: 0, queued: 0, dropped: 0, interrupted: 0 });
  expect(host.begun.filter(({ vu }) => vu === 3).map(({ iteration, dueAtUs }) => [iteration, dueAtUs / SECOND_US])).toEqual(
    Array.from({ length: 10 }, (_, i) => [i, i]),
  );
  expect(host.retirements.sort()).toEqual([0, 1, 2, 3, 4]);
});

test('10 users over a spawn window of 1 s begin one in each tenth, and another seed moves them', () => {
  const plan = planOf({ users: 10, spawnWindowUs: SECOND_US });
  const firstDueUs = (seed: number): number[] => {
    const { begun } = runOf({ scenarios: [plan], seed }).host;
    return Array.from({ length: 10 }, (_, vu) => begun.find((start) => start.vu === vu)?.dueAtUs as number);
  };
  expect(firstDueUs(1).map((us) => Math.floor(us / 100_000))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(firstDueUs(1)).toEqual(firstDueUs(1));
  expect(firstDueUs(1)).not.toEqual(firstDueUs(2));
});

test.each([1, 2, 3, 7])("k6's vector on %i workers has k6's users in each half second, with iterations of 0.1 s", (workers) => {
  const plan = planOf({ users: 6, curve: k6Curve(), length: { kind: 'duration', durationUs: K6_DURATION_US } });
  const parts = Array.from({ length: workers }, (_, i) =>
    engineOf({ scenarios: [plan], range: rangeOf(i, workers), lengthOf: () => 100_000 }),
  );
  expect(parts.flatMap(({ engine }) => engine.vusOwned()).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  for (const { engine } of parts) engine.start();
  // A quarter of a second after each step the last iterations of those who left are over.
  for (let atUs = SECOND_US / 4; atUs < K6_DURATION_US + SECOND_US; atUs += SECOND_US / 2) {
    for (const { clock } of parts) clock.advanceTo(atUs);
    expect([atUs, parts.reduce((sum, { engine }) => sum + engine.activeUsers(), 0)]).toEqual([atUs, k6UsersAt(atUs)]);
  }
});

test('a spike from 2 to 10 users at 4 s for 4 s tags its starts base, peak and recovery', () => {
  const curve = [
    { atUs: 0, users: 2 },
    { atUs: 4 * SECOND_US, users: 2 },
    { atUs: 4 * SECOND_US, users: 10 },
    { atUs: 8 * SECOND_US, users: 10 },
    { atUs: 8 * SECOND_US, users: 2 },
  ];
  const phases = [
    { name: 'base', fromUs: 0, toUs: 4 * SECOND_US },
    { name: 'peak', fromUs: 4 * SECOND_US, toUs: 8 * SECOND_US },
    { name: 'recovery', fromUs: 8 * SECOND_US, toUs: 10 * SECOND_US },
  ];
  const { host } = runOf({ scenarios: [planOf({ users: 10, curve, phases })] });
  const phasesSeen = [...new Set(host.begun.map(({ phase }) => phase))];
  expect(phasesSeen.map((name) => [name, host.begun.filter(({ phase }) => phase === name).length])).toEqual([
    ['base', 8],
    ['peak', 40],
    ['recovery', 4],
  ]);
});

test.each([1, 2, 3, 7])('20 iterations over 6 users on %i workers are the same starts', (workers) => {
  const plan = planOf({
    users: 6,
    length: { kind: 'iterations', iterations: 20, durationUsMax: 600 * SECOND_US, isShared: false },
    spawnWindowUs: SECOND_US,
  });
  expect(startsOf(plan, workers)).toHaveLength(20);
  expect(startsOf(plan, workers)).toEqual(startsOf(plan, 1));
});

test.each([2, 3, 7])('20 users on a curve, with think time of up to 1 s, on %i workers are the same starts', (workers) => {
  const curve = k6Curve().map(({ atUs, users }) => ({ atUs, users: users * 3 }));
  const plan = planOf({
    users: 20,
    curve,
    length: { kind: 'duration', durationUs: K6_DURATION_US },
    thinkTime: { minUs: 0, maxUs: SECOND_US },
  });
  expect(startsOf(plan, workers)).toEqual(startsOf(plan, 1));
});

test('20 iterations are done at 4 s by 6 users of 1 s each, long before the bound of 600 s', async () => {
  const { engine, clock, host } = engineOf({
    scenarios: [planOf({ users: 6, length: { kind: 'iterations', iterations: 20, durationUsMax: 600 * SECOND_US, isShared: false } })],
  });
  engine.start();
  clock.advanceTo(4 * SECOND_US - 1);
  expect(await isSettled(engine.done)).toBe(false);
  clock.advanceTo(4 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  expect(Array.from({ length: 6 }, (_, vu) => host.begun.filter((start) => start.vu === vu).length)).toEqual([4, 4, 3, 3, 3, 3]);
  expect(clock.waiting).toBe(0);
});

test('of 20 iterations over 2 users 6 are begun and 14 dropped when the bound of 3 s comes first', () => {
  const { engine } = runOf({
    scenarios: [planOf({ users: 2, length: { kind: 'iterations', iterations: 20, durationUsMax: 3 * SECOND_US, isShared: false } })],
  });
  expect(engine.counts()).toMatchObject({ due: 20, begun: 6, dropped: 14 });
});

test('think time of 1 s after iterations of 1 s leaves 5 in 10 s; nobody waits for it at the end', async () => {
  const { engine, host } = runOf({ scenarios: [planOf({ thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } })], untilUs: 10 * SECOND_US });
  expect(host.begun.map(({ dueAtUs }) => dueAtUs / SECOND_US)).toEqual([0, 2, 4, 6, 8]);
  expect(await isSettled(engine.done)).toBe(true);
  expect(engine.counts().late).toBe(0);
});

test('a scenario that starts at 5 s tells due times of the run, and phases of its own time', () => {
  const phases = [{ name: 'base', fromUs: 0, toUs: 2 * SECOND_US }];
  const { host } = runOf({
    scenarios: [
      planOf(),
      planOf({ vuOffset: 1, startTimeUs: 5 * SECOND_US, phases, length: { kind: 'duration', durationUs: 3 * SECOND_US } }),
    ],
  });
  expect(host.begun.filter(({ scenario }) => scenario === 1).map(({ vu, dueAtUs, phase }) => [vu, dueAtUs / SECOND_US, phase])).toEqual([
    [1, 5, 'base'],
    [1, 6, 'base'],
    [1, 7, ''],
  ]);
});

test('a stall of 0.5 s with 3 users in think time makes 3 late starts, one of 5 ms none', () => {
  const lateAfter = (stallUs: number): number => {
    const { engine, clock } = engineOf({ scenarios: [planOf({ users: 3, thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } })] });
    engine.start();
    clock.advanceTo(1.9 * SECOND_US);
    clock.stallUntil(2 * SECOND_US + stallUs);
    clock.advanceTo(5 * SECOND_US);
    return engine.counts().late;
  };
  expect([lateAfter(500_000), lateAfter(5000)]).toEqual([3, 0]);
});

test('5,000 users at once begin in 100 turns of 50, in order of their numbers', () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 5000 })], turnUs: 100, lengthOf: () => 5 * SECOND_US });
  engine.start();
  clock.advanceTo(SECOND_US);
  expect(host.begun.map(({ vu }) => vu)).toEqual(Array.from({ length: 5000 }, (_, vu) => vu));
  expect(host.begun.filter(({ atUs }) => atUs === 0)).toHaveLength(50);
  expect(host.begun.at(-1)?.atUs).toBe(99 * 100);
});

test('2 users with synchronous bodies leave the clock its turns: 50 iterations in each of 10,000', async () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 2 })], turnUs: 1000, lengthOf: () => 'sync' });
  engine.start();
  expect(host.begun).toHaveLength(50);
  clock.advanceTo(60 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  expect(engine.counts()).toEqual({ due: 500_000, begun: 500_000, late: 0, queued: 0, dropped: 0, interrupted: 0 });
});

test('an engine without scenarios is done at once; without a VU of its own at the planned end of 10 s, as a live change may bring one', async () => {
  expect(await isSettled(runOf({ scenarios: [], untilUs: 0 }).engine.done)).toBe(true);
  for (const plan of [planOf(), openPlanOf()]) {
    const { engine, clock, host } = runOf({ scenarios: [plan], range: { from: 1, to: 2 }, untilUs: 10 * SECOND_US - 1 });
    expect(await isSettled(engine.done)).toBe(false);
    clock.advanceTo(10 * SECOND_US);
    expect(await isSettled(engine.done)).toBe(true);
    expect(host.begun).toEqual([]);
    expect(engine.vusOwned()).toEqual([]);
  }
});

test('counts of a closed and an open scenario side by side are told apart, and added up', () => {
  const scenarios = [planOf({ users: 2 }), openPlanOf({ vuOffset: 2, onBusy: 'drop' })];
  const { engine } = runOf({ scenarios });
  const [closed, open] = [
    { due: 20, begun: 20, late: 0, queued: 0, dropped: 0, interrupted: 0 },
    { due: 100, begun: 10, late: 0, queued: 0, dropped: 90, interrupted: 0 },
  ];
  expect(engine.countsByScenario()).toEqual([closed, open]);
  expect(engine.counts()).toEqual({ due: 120, begun: 30, late: 0, queued: 0, dropped: 90, interrupted: 0 });
});

test('two scenarios that both claim VU 1 are refused', () => {
  const { clock, host } = engineOf({ scenarios: [] });
  const scenarios = [planOf({ users: 2 }), planOf({ users: 2, vuOffset: 1 })];
  expect(() => new Engine({ scenarios, range: WHOLE, seed: 1, clock, host })).toThrow('not to overlap');
});
