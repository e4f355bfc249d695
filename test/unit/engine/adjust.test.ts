import { expect, test } from 'vitest';
import { rangeOf } from '../../../runtime/core/partition.ts';
import type { LoadChange, ScenarioPlan } from '../../../runtime/core/plan.ts';
import { engineOf, isSettled, openPlanOf, planOf, type ScriptedHost, SECOND_US } from './scripted-host.ts';

const EXTRA = 1_000_000;

function change(atS: number, parts: Partial<LoadChange>): LoadChange {
  return { scenario: 0, atUs: atS * SECOND_US, phase: 'edit-1', ...parts };
}

interface Edited {
  plan: ScenarioPlan;
  changes: readonly LoadChange[];
  workers?: number;
  lengthOf?: Parameters<typeof engineOf>[0]['lengthOf'];
}

/** All workers, each told of a change 0.3 s before it takes effect, and users at every half second. */
function runEdited({ plan, changes, workers = 1, lengthOf = () => SECOND_US / 10 }: Edited): {
  parts: ReturnType<typeof engineOf>[];
  usersAt: (second: number) => number;
} {
  const parts = Array.from({ length: workers }, (_, i) => engineOf({ scenarios: [plan], range: rangeOf(i, workers), lengthOf }));
  const users: number[] = [];
  for (const { engine, clock } of parts) {
    engine.start();
    for (let tenth = 0; tenth <= 600; tenth++) {
      clock.advanceTo(tenth * 100_000 + 50_000);
      for (const one of changes) if (Math.round(one.atUs / 100_000) - 3 === tenth) engine.adjust(one);
      users[tenth] = (users[tenth] ?? 0) + engine.activeUsers();
    }
  }
  return { parts, usersAt: (second) => users[second * 10] as number };
}

function linesOf(parts: readonly { host: ScriptedHost }[]): string[] {
  return parts
    .flatMap(({ host }) => [
      ...host.begun.map(({ vu, iteration, index, dueAtUs, phase }) => `${index < 0 ? `${vu} ${iteration}` : index} ${dueAtUs} ${phase}`),
      ...host.drops.map(({ index, dueAtUs, phase }) => `${index} ${dueAtUs} ${phase}`),
    ])
    .sort();
}

test.each([1, 2, 3, 7])(
  '5 users that become 12 at 3 s and 2 at 6 s are so many on %i workers, and the end stays at 10 s',
  async (workers) => {
    const plan = planOf({ users: 5 });
    const changes = [change(3, { users: 12 }), change(6, { users: 2, phase: 'edit-2' })];
    const { parts, usersAt } = runEdited({ plan, changes, workers });
    expect([2, 4, 5, 7, 9, 11].map(usersAt)).toEqual([5, 12, 12, 2, 2, 0]);
    expect(linesOf(parts)).toEqual(linesOf(runEdited({ plan, changes }).parts));
    const vus = parts.flatMap(({ engine }) => engine.vusOwned()).sort((a, b) => a - b);
    expect(vus).toEqual([0, 1, 2, 3, 4, ...Array.from({ length: 7 }, (_, i) => EXTRA + i)]);
    for (const { engine, clock } of parts) {
      expect(await isSettled(engine.done)).toBe(true);
      expect(clock.waiting).toBe(0);
      expect(engine.counts().dropped).toBe(0);
    }
  },
);

test('starts due from 3 s on carry the phase edit-1, those before it the phase of the plan', () => {
  const plan = planOf({ users: 2, phases: [{ name: 'base', fromUs: 0, toUs: 10 * SECOND_US }] });
  const { host } = runEdited({ plan, changes: [change(3, { users: 3 })] }).parts[0] as { host: ScriptedHost };
  expect(host.begun.every(({ dueAtUs, phase }) => phase === (dueAtUs < 3 * SECOND_US ? 'base' : 'edit-1'))).toBe(true);
  expect(host.begun.filter(({ phase }) => phase === 'edit-1').length).toBeGreaterThan(200);
});

test('users who leave by a change at 3 s have a graceful ramp-down of 2 s; who comes back at 4 s is spared', () => {
  const plan = planOf({ users: 3, gracefulRampDownUs: 2 * SECOND_US });
  const changes = [change(3, { users: 1 }), change(4, { users: 2, phase: 'edit-2' })];
  const { host } = runEdited({ plan, changes, lengthOf: () => 'never' }).parts[0] as { host: ScriptedHost };
  expect(host.interrupts.filter(({ atUs }) => atUs < 10 * SECOND_US)).toEqual([{ vu: 2, atUs: 5 * SECOND_US }]);
});

test.each([1, 2])(
  'a curve that ramps down to none at 5 s of 10 s is brought back to %i users at 7 s: who had retired retires again',
  async (users) => {
    const curve = [
      { atUs: 0, users: 2 },
      { atUs: 5 * SECOND_US, users: 0 },
    ];
    const { parts, usersAt } = runEdited({ plan: planOf({ users: 2, curve }), changes: [change(7, { users })] });
    expect([6, 8, 11].map(usersAt)).toEqual([0, users, 0]);
    expect(parts[0]?.host.retirements.toSorted()).toEqual(users === 2 ? [0, 0, 1, 1] : [0, 0, 1]);
    expect(await isSettled(parts[0]?.engine.done as Promise<void>)).toBe(true);
  },
);

test('a change at 3 s that is heard at 4 s, or before a scenario of 5 s on begins, counts from where it is', () => {
  const late = engineOf({ scenarios: [planOf({ users: 2 })] });
  late.engine.start();
  late.clock.advanceTo(4 * SECOND_US);
  late.engine.adjust(change(3, { users: 5 }));
  expect(late.engine.activeUsers()).toBe(5);
  const early = engineOf({ scenarios: [planOf({ users: 2, startTimeUs: 5 * SECOND_US, spawnWindowUs: SECOND_US })] });
  early.engine.start();
  early.engine.adjust(change(3, { users: 4 }));
  early.clock.advanceTo(4.9 * SECOND_US);
  expect(early.engine.activeUsers()).toBe(0);
  early.clock.advanceTo(5 * SECOND_US);
  expect(early.engine.activeUsers()).toBe(4);
});

test('a VU whose turn had not come when its end at 3 s was put off begins all the same', () => {
  const curve = [
    { atUs: 0, users: 1 },
    { atUs: 3 * SECOND_US, users: 1 },
    { atUs: 3 * SECOND_US, users: 0 },
  ];
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ curve, thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } })] });
  engine.start();
  clock.advanceTo(1.5 * SECOND_US);
  engine.adjust(change(2.5, { users: 1 }));
  clock.stallUntil(3.5 * SECOND_US);
  clock.advanceTo(60 * SECOND_US);
  expect(host.begun.map(({ dueAtUs }) => dueAtUs / SECOND_US)).toEqual([0, 2, 5.5, 7.5, 9.5]);
});

test.each([1, 2, 3, 7])(
  '10/s with 4 users that become 50/s at 3 s, with 9 users at 5 s, have 380 starts without a gap on %i workers',
  (workers) => {
    const plan = openPlanOf({ users: 4, phases: [{ name: 'base', fromUs: 0, toUs: 10 * SECOND_US }] });
    const changes = [change(3, { rate: 50 }), change(5, { users: 9, phase: 'edit-2' })];
    const { parts } = runEdited({ plan, changes, workers });
    const begun = parts.flatMap(({ host }) => host.begun).sort((a, b) => a.index - b.index);
    expect(linesOf(parts)).toEqual(linesOf(runEdited({ plan, changes }).parts));
    expect(begun.map(({ index }) => index)).toEqual(Array.from({ length: 380 }, (_, i) => i));
    const phaseCounts = ['base', 'edit-1', 'edit-2'].map((name) => begun.filter(({ phase }) => phase === name).length);
    expect(phaseCounts).toEqual([30, 100, 250]);
  },
);

test('one user who is busy for 1 s at 10/s, and 5 from 3 s on, and none from 5.9 s on: 3 + 15 starts begin, 1 a second a user', () => {
  const changes = [change(3, { users: 5 }), change(5.9, { users: 0, phase: 'edit-2' })];
  const { parts, usersAt } = runEdited({ plan: openPlanOf({ onBusy: 'drop' }), changes, lengthOf: () => SECOND_US });
  expect([1, 4, 7].map(usersAt)).toEqual([1, 5, 0]);
  const { engine, host } = parts[0] as ReturnType<typeof engineOf>;
  expect(engine.counts()).toMatchObject({ due: 100, begun: 18, dropped: 82 });
  expect(new Set(host.begun.map(({ vu }) => vu))).toEqual(new Set([0, EXTRA, EXTRA + 1, EXTRA + 2, EXTRA + 3]));
});

test('of 40 iterations of 2 users, who are 1 from 3 s on and 2 again from 6 s on, those missed are made up for', () => {
  for (const isShared of [false, true]) {
    const plan = planOf({ users: 2, length: { kind: 'iterations', iterations: 40, durationUsMax: 50 * SECOND_US, isShared } });
    const changes = [change(3, { users: 1 }), change(6, { users: 2, phase: 'edit-2' })];
    const { engine } = runEdited({ plan, changes, lengthOf: () => SECOND_US }).parts[0] as ReturnType<typeof engineOf>;
    expect(engine.counts()).toMatchObject({ due: 40, begun: 40, dropped: 0 });
  }
});

test('users added to 20 shared iterations help; to iterations of each VU of its own they do nothing', () => {
  const timesOf = (isShared: boolean): number => {
    const plan = planOf({ users: 2, length: { kind: 'iterations', iterations: 20, durationUsMax: 50 * SECOND_US, isShared } });
    const { host } = runEdited({ plan, changes: [change(1, { users: 10 })], lengthOf: () => SECOND_US }).parts[0] as { host: ScriptedHost };
    expect(host.begun).toHaveLength(20);
    return Math.max(...host.ends.map(({ atUs }) => atUs)) / SECOND_US;
  };
  expect([timesOf(true), timesOf(false)]).toEqual([3, 10]);
});

test('after a stop() or the end a change does nothing; one for a scenario that is not there is a bug', () => {
  for (const plan of [planOf(), openPlanOf()]) {
    const { engine, clock, host } = engineOf({ scenarios: [plan], lengthOf: () => SECOND_US / 10 });
    engine.start();
    clock.advanceTo(SECOND_US);
    engine.stop();
    const { begun } = engine.counts();
    engine.adjust(change(2, { users: 9, rate: 100 }));
    clock.advanceTo(60 * SECOND_US);
    engine.adjust(change(61, { users: 9, rate: 100 }));
    clock.advanceTo(90 * SECOND_US);
    expect(host.begun).toHaveLength(begun);
    expect(() => engine.adjust(change(2, { scenario: 1 }))).toThrow('expected a scenario of 1; got number 1');
  }
});
