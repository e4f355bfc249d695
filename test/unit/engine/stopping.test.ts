import { expect, test } from 'vitest';
import { engineOf, isSettled, planOf, runOf, SECOND_US } from './scripted-host.ts';

/** One user until 3 s, none until 6 s, one again. */
const GAP = [
  { atUs: 0, users: 1 },
  { atUs: 3 * SECOND_US, users: 1 },
  { atUs: 3 * SECOND_US, users: 0 },
  { atUs: 6 * SECOND_US, users: 0 },
  { atUs: 6 * SECOND_US, users: 1 },
];

test('an iteration of 15 s that began at 0 s ends in a graceful stop of 30 s and is not interrupted', async () => {
  const { engine, host } = runOf({ scenarios: [planOf()], lengthOf: () => 15 * SECOND_US });
  expect(host.interrupts).toEqual([]);
  expect(host.ends).toEqual([{ vu: 0, iteration: 0, atUs: 15 * SECOND_US, kind: 'done' }]);
  expect(engine.counts()).toMatchObject({ begun: 1, interrupted: 0 });
  expect(await isSettled(engine.done)).toBe(true);
});

test('3 endless iterations are interrupted at 12 s after 10 s and a graceful stop of 2 s', async () => {
  const { engine, host } = runOf({ scenarios: [planOf({ users: 3, gracefulStopUs: 2 * SECOND_US })], lengthOf: () => 'never' });
  expect(host.interrupts).toEqual([0, 1, 2].map((vu) => ({ vu, atUs: 12 * SECOND_US })));
  expect(engine.counts()).toEqual({ due: 3, begun: 3, late: 0, queued: 0, dropped: 0, interrupted: 3 });
  expect(host.retirements).toEqual([0, 1, 2]);
  expect(await isSettled(engine.done)).toBe(true);
});

test('a host that does not answer an interrupt is given up on after 2 s, counted once, and its late answer is ignored', async () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ gracefulStopUs: 0 })], lengthOf: () => 'never', isObedient: false });
  engine.start();
  clock.advanceTo(12 * SECOND_US - 1);
  expect(await isSettled(engine.done)).toBe(false);
  expect(engine.activeUsers()).toBe(1);
  clock.advanceTo(12 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  host.running.get(0)?.({ kind: 'interrupted' });
  expect(engine.counts()).toMatchObject({ begun: 1, interrupted: 1 });
  expect(host.retirements).toEqual([0]);
});

test('the belated end of an iteration that was given up on at 6 s does not end the next one', () => {
  const { engine, clock, host } = engineOf({
    scenarios: [planOf({ curve: GAP, gracefulRampDownUs: SECOND_US, gracefulStopUs: SECOND_US })],
    lengthOf: () => 'never',
    isObedient: false,
  });
  engine.start();
  clock.advanceTo(SECOND_US);
  const belated = host.running.get(0);
  clock.advanceTo(7 * SECOND_US);
  expect(host.begun.map(({ iteration }) => iteration)).toEqual([0, 1]);
  belated?.({ kind: 'done' });
  clock.advanceTo(8 * SECOND_US);
  expect(host.begun).toHaveLength(2);
  expect(engine.activeUsers()).toBe(1);
});

test('stop() at 4.5 s lets 2 iterations end at 5 s and begins no more', async () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 2 })] });
  engine.start();
  clock.advanceTo(4.5 * SECOND_US);
  engine.stop();
  expect(await isSettled(engine.done)).toBe(false);
  clock.advanceTo(5 * SECOND_US);
  expect(await isSettled(engine.done)).toBe(true);
  expect(host.ends.at(-1)).toMatchObject({ atUs: 5 * SECOND_US, kind: 'done' });
  clock.advanceTo(60 * SECOND_US);
  expect(engine.counts()).toEqual({ due: 10, begun: 10, late: 0, queued: 0, dropped: 0, interrupted: 0 });
  expect(clock.waiting).toBe(0);
});

test('stop() at 1 s interrupts an endless iteration at 4 s when the graceful stop is 3 s; a second stop() changes nothing', () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ gracefulStopUs: 3 * SECOND_US })], lengthOf: () => 'never' });
  engine.start();
  clock.advanceTo(SECOND_US);
  engine.stop();
  clock.advanceTo(2 * SECOND_US);
  engine.stop();
  clock.advanceTo(60 * SECOND_US);
  expect(host.interrupts).toEqual([{ vu: 0, atUs: 4 * SECOND_US }]);
});

test('stopNow() at 1 s interrupts at 1 s, also after a stop() that was waiting', async () => {
  for (const isStoppingBefore of [false, true]) {
    const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 2 })], lengthOf: () => 'never' });
    engine.start();
    clock.advanceTo(SECOND_US);
    if (isStoppingBefore) engine.stop();
    engine.stopNow();
    clock.advanceTo(SECOND_US);
    expect(host.interrupts.map(({ atUs }) => atUs)).toEqual([SECOND_US, SECOND_US]);
    expect(engine.counts()).toMatchObject({ begun: 2, interrupted: 2 });
    expect(await isSettled(engine.done)).toBe(true);
  }
});

test('stop() in think time, before the scenario and before start() is done at once, and start() then begins nothing', async () => {
  const thinking = engineOf({ scenarios: [planOf({ thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } })] });
  thinking.engine.start();
  thinking.clock.advanceTo(1.5 * SECOND_US);
  const early = engineOf({ scenarios: [planOf({ startTimeUs: SECOND_US })] });
  early.engine.start();
  const unstarted = engineOf({ scenarios: [planOf()] });
  for (const { engine, clock, host } of [thinking, early, unstarted]) {
    engine.stop();
    expect(await isSettled(engine.done)).toBe(true);
    engine.start();
    const { begun } = engine.counts();
    clock.advanceTo(60 * SECOND_US);
    expect(engine.counts().begun).toBe(begun);
    expect(host.retirements).toEqual([0]);
  }
});

test('a VU sent away at 3 s and back at 6 s goes on with its next iteration number', () => {
  const { host, engine } = runOf({ scenarios: [planOf({ curve: GAP })] });
  expect(host.begun.map(({ iteration, dueAtUs }) => [iteration, dueAtUs / SECOND_US])).toEqual([0, 1, 2, 6, 7, 8, 9].map((s, i) => [i, s]));
  expect(engine.counts().dropped).toBe(0);
  expect(host.retirements).toEqual([0]);
});

test('an iteration of 3.5 s that runs from 2.5 s over the gap and its return at 6 s is neither cut nor doubled', () => {
  const lengthOf = ({ iteration }: { iteration: number }): number => (iteration === 0 ? 2.5 * SECOND_US : 4 * SECOND_US);
  const { host } = runOf({ scenarios: [planOf({ curve: GAP, gracefulRampDownUs: 3.2 * SECOND_US })], lengthOf });
  expect(host.begun.map(({ dueAtUs }) => dueAtUs / SECOND_US)).toEqual([0, 2.5, 6.5]);
  expect(host.interrupts).toEqual([]);
});

test('an endless iteration is cut at 4 s in the gap with a graceful ramp-down of 1 s, and the VU begins its next at 6 s', () => {
  const { host, engine } = runOf({
    scenarios: [planOf({ curve: GAP, gracefulRampDownUs: SECOND_US, gracefulStopUs: SECOND_US })],
    lengthOf: () => 'never',
  });
  expect(host.interrupts.map(({ atUs }) => atUs / SECOND_US)).toEqual([4, 11]);
  expect(host.begun.map(({ iteration, dueAtUs }) => [iteration, dueAtUs / SECOND_US])).toEqual([
    [0, 0],
    [1, 6],
  ]);
  expect(engine.counts().interrupted).toBe(2);
});

test('stop() at 4 s with a graceful stop of 2 s cuts what has a graceful ramp-down until 33 s, at 6 s; stopNow() at 5 s at once', () => {
  for (const [stopNowAtS, cutAtS] of [
    [undefined, 6],
    [5, 5],
  ] as const) {
    const { engine, clock, host } = engineOf({
      scenarios: [planOf({ curve: GAP, gracefulStopUs: 2 * SECOND_US })],
      lengthOf: () => 'never',
    });
    engine.start();
    clock.advanceTo(4 * SECOND_US);
    engine.stop();
    if (stopNowAtS !== undefined) {
      clock.advanceTo(stopNowAtS * SECOND_US);
      engine.stopNow();
    }
    clock.advanceTo(60 * SECOND_US);
    expect(host.interrupts).toEqual([{ vu: 0, atUs: cutAtS * SECOND_US }]);
  }
});

test('users of a ramp-down stay counted until their iteration of 2 s has ended', () => {
  const { engine, clock } = engineOf({ scenarios: [planOf({ curve: GAP })], lengthOf: () => 2 * SECOND_US });
  engine.start();
  const seen = [2.5, 3.5, 4.5, 6.5].map((s) => {
    clock.advanceTo(s * SECOND_US);
    return engine.activeUsers();
  });
  expect(seen).toEqual([1, 1, 0, 1]);
});

test('a stall over all of the 10 s drops the start that was due in it and begins nothing after the end', () => {
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } })] });
  engine.start();
  clock.advanceTo(1.5 * SECOND_US);
  clock.stallUntil(20 * SECOND_US);
  clock.advanceTo(60 * SECOND_US);
  expect(host.begun).toHaveLength(1);
  expect(engine.counts()).toEqual({ due: 2, begun: 1, late: 0, queued: 0, dropped: 1, interrupted: 0 });
});

test('stop() when 200 iterations have just ended at once leaves the 150 next ones that wait for their turn unbegun', async () => {
  const lengthOf = ({ vu }: { vu: number }): number => SECOND_US - Math.floor(vu / 50) * 1000;
  const { engine, clock, host } = engineOf({ scenarios: [planOf({ users: 200 })], turnUs: 1000, lengthOf });
  engine.start();
  clock.advanceTo(SECOND_US);
  expect(host.ends).toHaveLength(200);
  expect(host.begun).toHaveLength(250);
  engine.stop();
  clock.advanceTo(5 * SECOND_US);
  expect(host.begun).toHaveLength(250);
  expect(await isSettled(engine.done)).toBe(true);
});

test('3,000 users leave at their end, or at a stop(), 50 in a turn; those due meanwhile do not begin', async () => {
  const endUs = 1_490_000; // all first iterations end at 0.5 s, the next are due at 1.5 s, when most have not been sent away yet
  for (const isStopped of [false, true]) {
    const length = { kind: 'duration' as const, durationUs: isStopped ? 10 * SECOND_US : endUs };
    const plan = planOf({ users: 3000, thinkTime: { minUs: SECOND_US, maxUs: SECOND_US }, length });
    const lengthOf = ({ vu }: { vu: number }): number => SECOND_US / 2 - Math.floor(vu / 50) * 1000;
    const { engine, clock, host } = engineOf({ scenarios: [plan], turnUs: 1000, lengthOf });
    engine.start();
    clock.advanceTo(endUs);
    if (isStopped) engine.stop();
    expect(host.retirements).toHaveLength(50);
    clock.advanceTo(endUs + 10_000);
    expect(host.retirements).toHaveLength(11 * 50);
    clock.advanceTo(4 * SECOND_US);
    expect(await isSettled(engine.done)).toBe(true);
    expect(engine.counts()).toMatchObject({ due: 3000, begun: 3000, dropped: 0 });
  }
});

test('20 shared iterations, paced, stopped at 2 s: no user counts the same ones as dropped', () => {
  const length = { kind: 'iterations', iterations: 20, durationUsMax: 30 * SECOND_US, isShared: true } as const;
  const { engine, clock } = engineOf({ scenarios: [planOf({ users: 5, length, paceUs: SECOND_US })], lengthOf: () => 10 * SECOND_US });
  engine.start();
  clock.advanceTo(2 * SECOND_US + 1);
  engine.stop();
  clock.advanceTo(60 * SECOND_US);
  expect(engine.counts()).toMatchObject({ due: 5, begun: 5, dropped: 0 });
});
