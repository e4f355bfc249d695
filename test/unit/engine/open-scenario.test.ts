import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeOf } from '../../../runtime/core/partition.ts';
import type { OpenScenarioPlan } from '../../../runtime/core/plan.ts';
import type { Start, StartCounts } from '../../../runtime/core/records.ts';
import { engineOf, isSettled, openPlanOf, runOf, type ScriptedHost, SECOND_US } from './scripted-host.ts';

const MS_US = 1000;
const lasting = (seconds: number): OpenScenarioPlan['length'] => ({ kind: 'duration', durationUs: seconds * SECOND_US });

function droppedOf(host: ScriptedHost): number {
  return host.drops.reduce((sum, { count }) => sum + count, 0);
}

/** A line for each start, begun or dropped, in order of their numbers. */
function startsOf(hosts: readonly ScriptedHost[]): string[] {
  const starts = hosts.flatMap(({ begun, drops }) => [...begun, ...drops]).sort((a, b) => a.index - b.index);
  return starts.map(({ index, dueAtUs, phase }) => `${index} ${dueAtUs} ${phase}`);
}

test('10/s for 10 s with 2 users and iterations of 0.15 s begins 100 starts when they are due, none late or queued', async () => {
  const { engine, host } = runOf({ scenarios: [openPlanOf({ users: 2 })], lengthOf: () => 150 * MS_US });
  expect(host.begun.map(({ index, dueAtUs, atUs }) => [index, dueAtUs, atUs])).toEqual(
    Array.from({ length: 100 }, (_, i) => [i, i * 100 * MS_US, i * 100 * MS_US]),
  );
  expect(engine.counts()).toEqual({ due: 100, begun: 100, late: 0, queued: 0, dropped: 0, interrupted: 0 });
  expect(host.begun.filter(({ vu }) => vu === 1).map(({ iteration }) => iteration)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(await isSettled(engine.done)).toBe(true);
  expect(host.retirements).toEqual([0, 1]);
});

test('of 5 users, 2 of them pre-allocated, the one that got free last is taken first, and the other 3 only when these are busy', () => {
  const length = ({ index }: Start): number => (index >= 50 && index < 53 ? 350 : 50) * MS_US;
  const { host } = runOf({ scenarios: [openPlanOf({ users: 5, preAllocatedUsers: 2 })], lengthOf: length });
  expect(host.begun.slice(0, 3).map(({ vu }) => vu)).toEqual([0, 0, 0]);
  expect(host.begun.slice(50, 57).map(({ vu }) => vu)).toEqual([0, 1, 2, 3, 0, 0, 0]);
});

test('iterations of 1 s at 10/s with 1 user: drop begins 10 of 100, queue as many, later, and none after the planned end', () => {
  const outcome = (onBusy: 'queue' | 'drop'): StartCounts => runOf({ scenarios: [openPlanOf({ onBusy })] }).engine.counts();
  expect(outcome('drop')).toEqual({ due: 100, begun: 10, late: 0, queued: 0, dropped: 90, interrupted: 0 });
  expect(outcome('queue')).toEqual({ due: 100, begun: 10, late: 0, queued: 9, dropped: 90, interrupted: 0 });
});

test('with drop no start is said to have waited: one that a stalled worker finds a user for was looked at late', () => {
  const { engine, clock } = engineOf({ scenarios: [openPlanOf({ onBusy: 'drop' })] });
  engine.start();
  clock.advanceTo(0.95 * SECOND_US);
  clock.stallUntil(1.35 * SECOND_US); // the user is free at 1 s, and the starts of 1.0 to 1.3 s are due
  clock.advanceTo(1.35 * SECOND_US);
  expect(engine.counts()).toMatchObject({ begun: 2, late: 1, queued: 0 });
});

test('starts wait first in, first out, and keep their due times', () => {
  const curve = [
    { atUs: 0, rate: 10 },
    { atUs: 250 * MS_US, rate: 10 },
    { atUs: 250 * MS_US, rate: 0 },
  ];
  const { host } = runOf({ scenarios: [openPlanOf({ curve, length: lasting(3) })] });
  expect(host.begun.map(({ index, dueAtUs, atUs }) => [index, dueAtUs / SECOND_US, atUs / SECOND_US])).toEqual([
    [0, 0, 0],
    [1, 0.1, 1],
    [2, 0.2, 2],
  ]);
});

test('a start dropped at 0.1 s while the only user is busy until 1 s is told at 1 s, with 0.9 s of waiting', () => {
  const { engine, host, clock } = engineOf({ scenarios: [openPlanOf({ onBusy: 'drop' })] });
  engine.start();
  clock.advanceTo(SECOND_US - 1);
  expect(engine.counts()).toMatchObject({ begun: 1, dropped: 9 });
  expect(host.drops).toEqual([]);
  clock.advanceTo(SECOND_US);
  expect(host.drops).toHaveLength(9);
  expect(host.drops[0]).toEqual({ scenario: 0, index: 1, dueAtUs: 100 * MS_US, waitedUs: 900 * MS_US, phase: '', count: 1 });
  expect(host.drops[8]).toMatchObject({ index: 9, waitedUs: 100 * MS_US });
});

test('when no user gets free, dropped starts are told when the run is over at 12 s, and so are those that still wait', () => {
  for (const onBusy of ['drop', 'queue'] as const) {
    const plan = openPlanOf({ onBusy, gracefulStopUs: 2 * SECOND_US });
    const { engine, host } = runOf({ scenarios: [plan], lengthOf: () => 'never' });
    expect(host.interrupts).toEqual([{ vu: 0, atUs: 12 * SECOND_US }]);
    expect(engine.counts()).toEqual({ due: 100, begun: 1, late: 0, queued: 0, dropped: 99, interrupted: 1 });
    expect(droppedOf(host)).toBe(99);
    expect(host.drops[0]).toMatchObject({ index: 1, waitedUs: 11.9 * SECOND_US });
  }
});

test('a target that hangs for 100 s costs at most 4,096 tellings for 100,000 drops; none claims to have waited longer than it did', () => {
  const plan = openPlanOf({ onBusy: 'drop', curve: [{ atUs: 0, rate: 1000 }], length: lasting(100), gracefulStopUs: 0 });
  const { host } = runOf({ scenarios: [plan], lengthOf: () => 'never', untilUs: 100 * SECOND_US });
  expect(droppedOf(host)).toBe(99_999);
  expect(host.drops.length).toBeLessThanOrEqual(4096);
  for (const { index, count, waitedUs } of host.drops) expect(waitedUs).toBe(100 * SECOND_US - (index + count - 1) * MS_US);
});

/** 200 users and 2,000/s for 20 s against a target that answers in 10 ms, but from 9 s to 11 s not at all. */
function runStalled(onBusy: 'queue' | 'drop'): ReturnType<typeof engineOf> {
  const plan = openPlanOf({ users: 200, curve: [{ atUs: 0, rate: 2000 }], length: lasting(20), onBusy });
  const made = engineOf({
    scenarios: [plan],
    turnUs: 100,
    lengthOf: () => {
      const atUs = made.clock.nowUs();
      return atUs > 8.99 * SECOND_US && atUs < 11 * SECOND_US ? 11 * SECOND_US - atUs : 10 * MS_US;
    },
  });
  made.engine.start();
  made.clock.advanceTo(60 * SECOND_US);
  return made;
}

test('2,000/s for 20 s with 200 users over a stall of 2 s: queue begins all 40,000, over 1 % of them more than 1.5 s after they were due', () => {
  const { engine, host } = runStalled('queue');
  expect(engine.counts()).toMatchObject({ due: 40_000, begun: 40_000, late: 0, dropped: 0 });
  const waits = host.begun.map(({ atUs, dueAtUs }) => atUs - dueAtUs);
  expect(waits.filter((us) => us > 1.5 * SECOND_US).length).toBeGreaterThan(400);
  expect(engine.counts().queued).toBe(host.begun.filter(({ atUs, dueAtUs }) => atUs > dueAtUs).length);
  expect(host.begun.map(({ index }) => index)).toEqual(Array.from({ length: 40_000 }, (_, i) => i));
});

test('2,000/s for 20 s with 200 users over a stall of 2 s: drop accounts for all 40,000, over 1 % of them known to have waited 1.5 s', () => {
  const { engine, host } = runStalled('drop');
  const { due, begun, dropped, queued } = engine.counts();
  expect([due, begun + dropped, queued]).toEqual([40_000, 40_000, 0]);
  expect(droppedOf(host)).toBe(dropped);
  expect(dropped).toBeGreaterThan(3600);
  expect(host.drops.filter(({ waitedUs }) => waitedUs > 1.5 * SECOND_US).reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(400);
});

test('a stall of the loop of 1 s with 200 users free loses none of 2,000 ticks: late in the first 200, not dropped, at most 50 a turn', () => {
  const plan = openPlanOf({ users: 200, curve: [{ atUs: 0, rate: 2000 }], length: lasting(3) });
  const { engine, clock, host } = engineOf({ scenarios: [plan], turnUs: 100, lengthOf: () => MS_US });
  engine.start();
  clock.advanceTo(SECOND_US);
  const before = host.begun.length;
  clock.stallUntil(2 * SECOND_US);
  clock.advanceTo(10 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 6000, begun: 6000, dropped: 0 });
  expect(engine.counts().late).toBeGreaterThanOrEqual(200);
  const perMoment = new Map<number, number>();
  for (const { atUs } of host.begun.slice(before)) perMoment.set(atUs, (perMoment.get(atUs) ?? 0) + 1);
  expect(Math.max(...perMoment.values())).toBeLessThanOrEqual(100);
  expect(engine.counts().late + engine.counts().queued).toBeGreaterThanOrEqual(1900);
});

test('200 users free and drop: a stall of 95 ms, in which 190 starts are due, drops none', () => {
  const plan = openPlanOf({ users: 200, curve: [{ atUs: 0, rate: 2000 }], length: lasting(3), onBusy: 'drop' });
  const { engine, clock } = engineOf({ scenarios: [plan], turnUs: 100, lengthOf: () => MS_US });
  engine.start();
  clock.advanceTo(SECOND_US);
  clock.stallUntil(1_095_000);
  clock.advanceTo(10 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 6000, begun: 6000, dropped: 0 });
});

test('a start that is due at the planned end of 10 s begins, in the phase that ends there', () => {
  const phases = [{ name: 'base', fromUs: 0, toUs: 10 * SECOND_US }];
  const { host } = runOf({ scenarios: [openPlanOf({ arrivals: 'integral', phases })], lengthOf: () => MS_US });
  expect(host.begun).toHaveLength(100);
  expect(host.begun.at(-1)).toMatchObject({ index: 99, dueAtUs: 10 * SECOND_US, phase: 'base' });
});

test('100 users who become 80 in a stall of 0.1 s at 1,000/s: of 100 starts 80 are late, and no more than the other 20 are queued', () => {
  const plan = openPlanOf({ users: 100, curve: [{ atUs: 0, rate: 1000 }], length: lasting(3) });
  const { engine, clock } = engineOf({ scenarios: [plan], turnUs: 100, lengthOf: () => MS_US });
  engine.start();
  clock.advanceTo(SECOND_US);
  engine.adjust({ scenario: 0, users: 80, atUs: 1_050_000, phase: 'edit-1' });
  clock.stallUntil(1_100_000);
  clock.advanceTo(10 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 3000, begun: 3000 });
  expect(engine.counts().late).toBeGreaterThanOrEqual(80);
  expect(engine.counts().queued).toBeLessThanOrEqual(21);
});

test('iterations that end before begin returns leave the clock its turns: 100,000/s, 50 in each', () => {
  const plan = openPlanOf({ curve: [{ atUs: 0, rate: 100_000 }], length: lasting(1) });
  const { engine, clock, host } = engineOf({ scenarios: [plan], turnUs: 100, lengthOf: () => 'sync' });
  engine.start();
  clock.stallUntil(0.5 * SECOND_US);
  clock.advanceTo(10 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 100_000, begun: 100_000, dropped: 0 });
  expect(host.begun.filter(({ atUs }) => atUs === 0.5 * SECOND_US).length).toBeLessThanOrEqual(100);
});

const LOAD = fc.record({
  arrivals: fc.constantFrom('from-zero' as const, 'integral' as const, 'poisson' as const),
  onBusy: fc.constantFrom('queue' as const, 'drop' as const),
  users: fc.integer({ min: 1, max: 8 }),
  preAllocatedUsers: fc.integer({ min: 0, max: 8 }),
  rates: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 2 })), { minLength: 1, maxLength: 4 }),
  gracefulStopUs: fc.integer({ min: 0, max: 2 * SECOND_US }),
  startTimeUs: fc.integer({ min: 0, max: SECOND_US }),
});
/** Ends of stalls of the loop and how long iterations take, by their number. */
const WORLD = fc.record({
  stallsUs: fc.array(fc.integer({ min: 0, max: 10 * SECOND_US }), { maxLength: 4 }),
  lengthsUs: fc.array(fc.integer({ min: 0, max: SECOND_US }), { minLength: 1, maxLength: 7 }),
  stopAtUs: fc.option(fc.integer({ min: 0, max: 8 * SECOND_US }), { nil: undefined }),
});

test('whatever the plan, the stalls, and a stop: due = begun + dropped, and on 2, 3 and 7 workers every start is there once', async () => {
  await fc.assert(
    fc.asyncProperty(LOAD, WORLD, async ({ rates, ...load }, { stallsUs, lengthsUs, stopAtUs }) => {
      const curve = [{ atUs: 0, rate: 5 }];
      let atUs = 0;
      for (const [rate, seconds] of rates) {
        atUs += seconds * SECOND_US;
        curve.push({ atUs, rate });
      }
      const phases = [{ name: 'first', fromUs: 0, toUs: SECOND_US }];
      const plan = openPlanOf({ ...load, curve, phases, length: { kind: 'duration', durationUs: atUs } });
      const run = async (workers: number): Promise<ScriptedHost[]> =>
        Promise.all(
          Array.from({ length: workers }, async (_, i) => {
            const lengthOf = ({ index }: Start): number => lengthsUs[index % lengthsUs.length] as number;
            const { engine, host, clock } = engineOf({ scenarios: [plan], range: rangeOf(i, workers), lengthOf, turnUs: 10 });
            engine.start();
            for (const untilUs of [...stallsUs].sort((a, b) => a - b)) {
              if (stopAtUs !== undefined && untilUs > stopAtUs) break;
              clock.advanceTo(untilUs - 400_000);
              clock.stallUntil(untilUs);
            }
            if (stopAtUs !== undefined) {
              clock.advanceTo(stopAtUs);
              engine.stop();
            }
            clock.advanceTo(60 * SECOND_US);
            const { due, begun, dropped } = engine.counts();
            expect([begun, dropped]).toEqual([host.begun.length, droppedOf(host)]);
            expect(due).toBe(begun + dropped);
            expect(await isSettled(engine.done)).toBe(true);
            expect(clock.waiting).toBe(0);
            return host;
          }),
        );
      const alone = startsOf(await run(1));
      expect(new Set(alone).size).toBe(alone.length);
      for (const workers of [2, 3, 7]) expect(startsOf(await run(workers))).toEqual(alone);
    }),
    { numRuns: 60 },
  );
});
