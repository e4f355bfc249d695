import { expect, test } from 'vitest';
import { rangeOf } from '../../../runtime/core/partition.ts';
import type { ScenarioPlan } from '../../../runtime/core/plan.ts';
import { K6_DURATION_US, k6Curve } from './k6-vector.ts';
import { engineOf, isSettled, openPlanOf, planOf, runOf, SECOND_US } from './scripted-host.ts';
import { SeveralWorkers } from './several-workers.ts';

const ramping = planOf({ users: 6, curve: k6Curve(), length: { kind: 'duration', durationUs: K6_DURATION_US } });

/** [second, users held from there on] of all workers, when nobody's iteration ever ends by itself. */
function reservations(plan: ScenarioPlan, workers: number): [number, number][] {
  const parts = Array.from({ length: workers }, (_, i) =>
    engineOf({ scenarios: [plan], range: rangeOf(i, workers), lengthOf: () => 'never' }),
  );
  for (const { engine } of parts) engine.start();
  const steps: [number, number][] = [];
  for (let second = 0; second <= 110; second++) {
    for (const { clock } of parts) clock.advanceTo(second * SECOND_US);
    const users = parts.reduce((sum, { engine }) => sum + engine.activeUsers(), 0);
    if (users !== steps.at(-1)?.[1]) steps.push([second, users]);
  }
  return steps;
}

test.each([1, 2, 3, 7])(
  "k6's vector on %i workers holds k6's VUs: graceful ramp-down of 30 s, graceful stop of 30, 80, 3 and 0 s",
  (workers) => {
    const rising: [number, number][] = [
      [0, 4],
      [1, 5],
      [2, 6],
    ];
    const held = (gracefulStopS: number): [number, number][] =>
      reservations({ ...ramping, gracefulStopUs: gracefulStopS * SECOND_US, gracefulRampDownUs: 30 * SECOND_US }, workers);
    expect(held(30)).toEqual([...rising, [33, 5], [42, 4], [50, 1], [53, 0]]);
    expect(held(80)).toEqual([...rising, [33, 5], [42, 4], [50, 1], [103, 0]]);
    expect(held(3)).toEqual([...rising, [26, 0]]);
    expect(held(0)).toEqual([...rising, [23, 0]]);
  },
);

const shared = planOf({
  users: 5,
  length: { kind: 'iterations', iterations: 50, durationUsMax: 600 * SECOND_US, isShared: true },
});

test.each([1, 2, 3, 7])(
  '50 shared iterations over 5 users on %i workers are each done once, the first five by the users of their numbers',
  (workers) => {
    const { begun, counts } = new SeveralWorkers({ scenarios: [shared], workers }).run();
    expect(counts).toMatchObject({ begun: 50, dropped: 0 });
    expect(begun.map(({ index }) => index)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(begun.slice(0, 5).map(({ vu }) => vu)).toEqual([0, 1, 2, 3, 4]);
  },
);

test('of 50 shared iterations over 5 users, a VU that needs 10 s for one does 5, and the other four 45 between them, in 12 s', async () => {
  const lengthOf = ({ vu }: { vu: number }): number => (vu === 0 ? 2.4 : 1) * SECOND_US;
  const { host, engine } = runOf({ scenarios: [shared], lengthOf, untilUs: 12 * SECOND_US });
  expect([0, 1, 2, 3, 4].map((vu) => host.begun.filter((start) => start.vu === vu).length)).toEqual([5, 12, 11, 11, 11]);
  expect(host.begun.filter(({ vu }) => vu === 0).map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3, 4]);
  expect(await isSettled(engine.done)).toBe(true);
});

test('of 50 shared iterations 15 are begun in 3 s by 5 users of 1 s each, and the 35 from number 15 on are dropped in one', async () => {
  const plan = planOf({ ...shared, length: { kind: 'iterations', iterations: 50, durationUsMax: 3 * SECOND_US, isShared: true } });
  const { host, engine } = runOf({ scenarios: [plan] });
  expect(engine.counts()).toEqual({ due: 50, begun: 15, late: 0, queued: 0, dropped: 35, interrupted: 0 });
  expect(host.drops).toEqual([{ scenario: 0, index: 15, dueAtUs: 3 * SECOND_US, waitedUs: 0, phase: '', count: 35 }]);
  expect(await isSettled(engine.done)).toBe(true);
});

test('6 shared iterations over 5 users who think for 60 s after each are done at 62 s, when the sixth is: those who think till 90 s do not think on', async () => {
  const length = { kind: 'iterations' as const, iterations: 6, durationUsMax: 600 * SECOND_US, isShared: true };
  const plan = planOf({ users: 5, length, thinkTime: { minUs: 60 * SECOND_US, maxUs: 60 * SECOND_US } });
  const lengthOf = ({ vu }: { vu: number }): number => (vu === 0 ? 1 : 30) * SECOND_US;
  const { engine, clock } = engineOf({ scenarios: [plan], lengthOf });
  engine.start();
  clock.advanceTo(62 * SECOND_US - 1);
  expect(await isSettled(engine.done)).toBe(false);
  clock.advanceTo(62 * SECOND_US);
  expect(engine.counts().begun).toBe(6);
  expect(await isSettled(engine.done)).toBe(true);
});

test('3 shared iterations over 5 users are 3, though all 5 come at once', async () => {
  const length = { kind: 'iterations' as const, iterations: 3, durationUsMax: 600 * SECOND_US, isShared: true };
  const { engine, host } = runOf({ scenarios: [planOf({ users: 5, length })], untilUs: SECOND_US });
  expect(host.begun.map(({ vu, index }) => [vu, index])).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(await isSettled(engine.done)).toBe(true);
});

test('a stop() in shared iterations drops nothing: the rest was not due', async () => {
  const { engine, clock } = engineOf({ scenarios: [shared] });
  engine.start();
  clock.advanceTo(2.5 * SECOND_US);
  engine.stop();
  clock.advanceTo(4 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 15, begun: 15, dropped: 0 });
  expect(await isSettled(engine.done)).toBe(true);
});

test('iterations of a VU of its own have no index, and what is left of them at 3 s is told VU by VU', () => {
  const plan = planOf({ users: 2, length: { kind: 'iterations', iterations: 20, durationUsMax: 3 * SECOND_US, isShared: false } });
  const { host, engine } = runOf({ scenarios: [plan] });
  expect(host.begun.every(({ index }) => index === -1)).toBe(true);
  expect(engine.counts()).toMatchObject({ due: 20, begun: 6, dropped: 14 });
  expect(host.drops.map(({ count, waitedUs, index }) => [count, waitedUs, index])).toEqual([
    [7, 0, -1],
    [7, 0, -1],
  ]);
});

test('ticks of a pace of 1 s that iterations of 2 s leave unbegun are told with how long each had waited at 10 s', () => {
  const { host } = runOf({ scenarios: [planOf({ paceUs: SECOND_US })], lengthOf: () => 2 * SECOND_US });
  expect(host.drops.map(({ dueAtUs, waitedUs, count }) => [dueAtUs / SECOND_US, waitedUs / SECOND_US, count])).toEqual(
    [5, 6, 7, 8, 9].map((s) => [s, 10 - s, 1]),
  );
});

test('a million missed ticks of a pace of 1 µs are told in 100 parts', () => {
  const { host, engine } = runOf({ scenarios: [planOf({ paceUs: 1, length: { kind: 'duration', durationUs: SECOND_US } })] });
  expect(host.drops).toHaveLength(100);
  expect(host.drops.reduce((sum, { count }) => sum + count, 0)).toBe(engine.counts().dropped);
  expect(engine.counts().dropped).toBeGreaterThan(980_000);
});

test.each([10_000, 5000])('%i VUs that come at once or in a ramp of 10 s: at most 100 begin in one moment', (users) => {
  const at0 = [{ atUs: 0, users }];
  const ramp = [
    { atUs: 0, users: 0 },
    { atUs: 10 * SECOND_US, users },
  ];
  for (const curve of [at0, ramp]) {
    const { host } = runOf({
      scenarios: [planOf({ users, curve, gracefulStopUs: 0 })],
      turnUs: 1000,
      lengthOf: () => 'never',
      untilUs: 11 * SECOND_US,
    });
    const perMoment = new Map<number, number>();
    for (const { atUs } of host.begun) perMoment.set(atUs, (perMoment.get(atUs) ?? 0) + 1);
    expect(host.begun.length).toBeGreaterThanOrEqual(users - 1);
    expect(Math.max(...perMoment.values())).toBeLessThanOrEqual(100);
  }
});

test('all executors side by side, one from 2 s on, each with its own VUs, account for every start of each', async () => {
  const scenarios = [
    planOf({ users: 2 }),
    { ...ramping, vuOffset: 2 },
    { ...shared, vuOffset: 8 },
    openPlanOf({ vuOffset: 13, startTimeUs: 2 * SECOND_US, users: 3, onBusy: 'drop' }),
    openPlanOf({ vuOffset: 16, arrivals: 'poisson', users: 3 }),
  ];
  const { engine, host } = runOf({ scenarios, untilUs: 120 * SECOND_US });
  expect(await isSettled(engine.done)).toBe(true);
  const counts = engine.countsByScenario();
  for (const [scenario, { due, begun, dropped }] of counts.entries()) {
    expect(begun).toBe(host.begun.filter((start) => start.scenario === scenario).length);
    expect(due).toBe(begun + dropped);
  }
  expect([counts[0]?.begun, counts[2]?.begun, counts[3]?.due]).toEqual([20, 50, 100]);
  expect(host.begun.filter(({ scenario }) => scenario === 3)[0]?.dueAtUs).toBe(2 * SECOND_US);
  expect(host.retirements.sort((a, b) => a - b)).toEqual(Array.from({ length: 19 }, (_, i) => i));
});

test('iterations of at least 0.4 s that take 0.1 s: a user is free, and the start late or queued, by the longer of the two; one that is stopped is not waited for', async () => {
  const shared = planOf({ users: 1, iterationUsMin: 400_000, length: { kind: 'duration', durationUs: 1_500_000 } });
  const { engine, host, clock } = runOf({ scenarios: [shared], lengthOf: () => 100_000, untilUs: 1_450_000 });
  expect(host.begun.map(({ atUs }) => atUs)).toEqual([0, 400_000, 800_000, 1_200_000]);
  engine.stopNow();
  clock.advanceTo(1_450_000);
  expect(await isSettled(engine.done)).toBe(true);
  expect(engine.counts()).toMatchObject({ begun: 4, interrupted: 0 });
});
