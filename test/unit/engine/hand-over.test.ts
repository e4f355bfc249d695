import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Start } from '../../../runtime/core/records.ts';
import { openPlanOf, planOf, SECOND_US } from './scripted-host.ts';
import { SeveralWorkers } from './several-workers.ts';

const MS_US = 1000;
const lasting = (seconds: number) => ({ kind: 'duration', durationUs: seconds * SECOND_US }) as const;
const shared = (iterations: number, seconds: number) =>
  ({ kind: 'iterations', iterations, isShared: true, durationUsMax: seconds * SECOND_US }) as const;
/** The first user takes long over each of its iterations, the others do not. */
const slowFirst =
  (slowUs: number, othersUs: number) =>
  ({ vu }: Start): number =>
    vu === 0 ? slowUs : othersUs;

test.each(['drop', 'queue'] as const)(
  '4/s for 3 s, two users, one of 2 s an iteration, %s: 12 begin when they are due on 1, 2 and 4 workers',
  (onBusy) => {
    for (const workers of [1, 2, 4]) {
      const plan = openPlanOf({ users: 2, curve: [{ atUs: 0, rate: 4 }], length: lasting(3), onBusy });
      const { begun, counts } = new SeveralWorkers({ scenarios: [plan], workers, lengthOf: slowFirst(2 * SECOND_US, 100 * MS_US) }).run();
      expect(begun.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
      for (const { atUs, dueAtUs } of begun) expect(atUs - dueAtUs).toBeLessThan(2 * MS_US);
      expect(counts).toEqual({ due: 12, begun: 12, late: 0, queued: 0, dropped: 0, interrupted: 0 });
    }
  },
);

test('a start is dropped only when every user of the machine is busy, and tells how long it was until one was free', () => {
  const plan = openPlanOf({ users: 4, curve: [{ atUs: 0, rate: 10 }], length: lasting(2), onBusy: 'drop' });
  const one = new SeveralWorkers({ scenarios: [plan], workers: 1, lengthOf: () => 950 * MS_US }).run();
  const two = new SeveralWorkers({ scenarios: [plan], workers: 2, lengthOf: () => 950 * MS_US }).run();
  expect(two.begun.map(({ index }) => index)).toEqual(one.begun.map(({ index }) => index));
  expect(two.counts).toEqual(one.counts);
  expect(two.counts.dropped).toBe(12);
  const waits = (crew: SeveralWorkers) => crew.hosts.flatMap(({ drops }) => drops).sort((a, b) => a.dueAtUs - b.dueAtUs);
  for (const [i, { waitedUs }] of waits(two).entries()) expect(Math.abs(waitedUs - (waits(one)[i]?.waitedUs ?? 0))).toBeLessThan(2 * MS_US);
});

test.each([2, 4])(
  'while all users are busy a free one takes what waits on its worker at once: a channel of 50 ms costs %i workers no start',
  (workers) => {
    const plan = openPlanOf({ users: 4, curve: [{ atUs: 0, rate: 100 }], length: lasting(4) });
    const begunWith = (delayUs: number) =>
      new SeveralWorkers({ scenarios: [plan], workers, lengthOf: () => 100 * MS_US, delayUs }).run().begun.length;
    expect(begunWith(50 * MS_US)).toBe(begunWith(0));
    expect(begunWith(50 * MS_US)).toBeGreaterThanOrEqual(4 * 40 - 4);
  },
);

test('starts wait for a user in order of due times, on each worker, as many begin on any number of workers, and none after the planned end', () => {
  const plan = openPlanOf({ users: 4, curve: [{ atUs: 0, rate: 20 }], length: lasting(3) });
  for (const workers of [1, 2, 4]) {
    const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf: ({ vu }) => (vu === 0 ? 900 : 330) * MS_US }).run();
    for (const { begun } of crew.hosts)
      expect(begun.map(({ index }) => index)).toEqual(begun.map(({ index }) => index).sort((a, b) => a - b));
    expect(Math.max(...crew.begun.map(({ atUs }) => atUs))).toBeLessThanOrEqual(3 * SECOND_US);
    // three users of 0.33 s, one of 0.9 s, and one start every 0.05 s in the beginning
    expect(crew.counts, `${workers} workers`).toEqual({ due: 60, begun: 31, dropped: 29, late: 0, queued: 27, interrupted: 0 });
    const dropped = crew.hosts.flatMap(({ drops }) => drops);
    for (const { dueAtUs, waitedUs } of dropped) expect(dueAtUs + waitedUs).toBeGreaterThanOrEqual(3 * SECOND_US);
  }
});

test.each([
  ['none of it: the users were busy', () => 0, (waitedUs: number) => waitedUs],
  ['all of it', (waitedUs: number) => waitedUs, () => 0],
  ['all but 100 ms', (waitedUs: number) => Math.max(0, waitedUs - 100 * MS_US), (waitedUs: number) => Math.min(waitedUs, 100 * MS_US)],
])(
  'a start that another worker begins carries what it had waited for users where it comes from; stalls made %s',
  (_, ownWaitUs, busyUs) => {
    // the two users of one worker take long, those of the other do not
    const plan = openPlanOf({ users: 4, curve: [{ atUs: 0, rate: 10 }], length: lasting(3) });
    const lengthOf = ({ vu }: Start): number => (vu % 2 === 0 ? 2_000 : 150) * MS_US;
    const { begun } = new SeveralWorkers({ scenarios: [plan], workers: 2, lengthOf, delayUs: 20 * MS_US, ownWaitUs }).run();
    const handed = begun.filter((start) => start.busyUs !== undefined);
    expect(handed.length).toBeGreaterThan(3);
    // two messages of 20 ms each after it was given away
    for (const { busyUs: carried, atUs, dueAtUs } of handed) expect(carried).toBe(busyUs(atUs - dueAtUs - 40 * MS_US));
  },
);

test('starts that are dropped after they were on their way carry nothing: no user was free, and their own worker knows its stalls', () => {
  const plan = openPlanOf({ users: 4, curve: [{ atUs: 0, rate: 10 }], length: lasting(2), onBusy: 'drop' });
  const crew = new SeveralWorkers({ scenarios: [plan], workers: 2, lengthOf: () => 950 * MS_US, ownWaitUs: (waitedUs) => waitedUs }).run();
  const drops = crew.hosts.flatMap(({ drops }) => drops);
  expect(drops).toHaveLength(12);
  expect(drops.filter(({ busyUs }) => busyUs !== undefined)).toEqual([]);
});

test.each([1, 2, 4])('12 shared iterations of a user of 1 s and one of 0.1 s are done after 2 s on %i workers', (workers) => {
  const plan = planOf({ users: 2, length: shared(12, 3) });
  const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf: slowFirst(SECOND_US, 100 * MS_US) }).run();
  expect(crew.begun.map(({ index }) => index)).toEqual(Array.from({ length: 12 }, (_, i) => i));
  expect(crew.begun.filter(({ vu }) => vu === 0)).toHaveLength(2);
  expect(Math.max(...crew.hosts.flatMap(({ ends }) => ends.map(({ atUs }) => atUs)))).toBeLessThan(2.01 * SECOND_US);
  expect(crew.counts).toEqual({ due: 12, begun: 12, late: 0, queued: 0, dropped: 0, interrupted: 0 });
});

test('of 100,000 shared iterations of 1 ms hardly one waits for the coordinator: messages are fewer than a twentieth', () => {
  const plan = planOf({ users: 20, length: shared(100_000, 60) });
  const crew = new SeveralWorkers({ scenarios: [plan], workers: 2, lengthOf: () => MS_US }).run();
  expect(crew.counts).toMatchObject({ begun: 100_000, dropped: 0 });
  expect(crew.messages).toBeLessThan(5_000);
});

test('shared iterations that the time does not suffice for are dropped once', () => {
  const plan = planOf({ users: 5, length: shared(1_000, 1) });
  for (const workers of [1, 2, 4]) {
    const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf: () => 100 * MS_US }).run();
    expect(crew.counts.begun + crew.counts.dropped).toBe(1_000);
    expect(Math.abs(crew.counts.begun - 50)).toBeLessThanOrEqual(5);
    const dropped = crew.hosts.flatMap(({ drops }) => drops);
    expect(dropped.reduce((sum, { count }) => sum + count, 0)).toBe(crew.counts.dropped);
  }
});

test('while nobody waits nobody speaks: 1,000/s for 10 s without a message', () => {
  const plan = openPlanOf({ users: 100, curve: [{ atUs: 0, rate: 1_000 }] });
  const crew = new SeveralWorkers({ scenarios: [plan], workers: 4, lengthOf: () => 5 * MS_US }).run();
  expect(crew.counts).toMatchObject({ begun: 10_000, queued: 0 });
  expect(crew.messages).toBe(0);
});

test('whatever the load, its starts are each begun or dropped once, on any number of workers, and as many are begun to within what was under way', () => {
  fc.assert(
    fc.property(
      fc.record({
        users: fc.integer({ min: 1, max: 9 }),
        rate: fc.integer({ min: 1, max: 60 }),
        longestMs: fc.integer({ min: 1, max: 900 }),
        onBusy: fc.constantFrom('drop' as const, 'queue' as const),
        arrivals: fc.constantFrom('from-zero' as const, 'integral' as const, 'poisson' as const),
        workers: fc.integer({ min: 2, max: 5 }),
        delayUs: fc.integer({ min: 0, max: 60_000 }),
      }),
      ({ users, rate, longestMs, workers, delayUs, ...rest }) => {
        const plan = openPlanOf({ users, curve: [{ atUs: 0, rate }], length: lasting(4), gracefulStopUs: SECOND_US, ...rest });
        const lengthOf = ({ index }: Start): number => (1 + ((index * 7919) % longestMs)) * MS_US;
        const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf, delayUs }).run();
        const one = new SeveralWorkers({ scenarios: [plan], workers: 1, lengthOf }).run();
        const all = [...crew.begun.map(({ index }) => index), ...crew.hosts.flatMap(({ drops }) => drops.map(({ index }) => index))];
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: one.counts.due }, (_, i) => i));
        expect(crew.counts.due).toBe(crew.counts.begun + crew.counts.dropped);
        expect(crew.counts.due).toBe(one.counts.due);
        expect(Math.max(...crew.begun.map(({ atUs }) => atUs))).toBeLessThanOrEqual(4 * SECOND_US + 10 * MS_US);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test('shared iterations are each begun or dropped once, whatever they take and however long messages do, on any number of workers', () => {
  fc.assert(
    fc.property(
      fc.record({
        users: fc.integer({ min: 1, max: 9 }),
        more: fc.integer({ min: 0, max: 400 }),
        longestMs: fc.integer({ min: 1, max: 300 }),
        workers: fc.integer({ min: 2, max: 5 }),
        delayUs: fc.integer({ min: 0, max: 60_000 }),
      }),
      ({ users, more, longestMs, workers, delayUs }) => {
        const plan = planOf({ users, length: shared(users + more, 2) });
        const lengthOf = ({ index }: Start): number => (1 + ((index * 7919) % longestMs)) * MS_US;
        const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf, delayUs }).run();
        const begun = crew.begun.map(({ index }) => index);
        expect(new Set(begun).size).toBe(begun.length);
        expect(crew.counts).toMatchObject({ due: users + more, begun: begun.length, dropped: users + more - begun.length });
        if (crew.counts.dropped > 0)
          expect(Math.max(...crew.begun.map(({ atUs }) => atUs))).toBeGreaterThan(2 * SECOND_US - 310 * MS_US - 4 * delayUs);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test.each([2, 4])(
  'a start that comes to a worker whose users have become busy meanwhile waits there like its own, and is begun: on %i workers',
  (workers) => {
    const plan = openPlanOf({ users: 8, curve: [{ atUs: 0, rate: 23 }], length: lasting(6) });
    // users that are free most of the time, a long way between the workers: what is given away often finds no one any more
    const lengthOf = ({ vu, index }: Start): number => (((vu * 7 + index * 3) % 5) + 1) * 105 * MS_US;
    const crew = new SeveralWorkers({ scenarios: [plan], workers, lengthOf, delayUs: 80 * MS_US }).run();
    const drops = crew.hosts.flatMap((host) => host.drops);
    for (const { dueAtUs, waitedUs } of drops) expect(dueAtUs + waitedUs).toBeGreaterThanOrEqual(6 * SECOND_US - 80 * MS_US);
    expect(crew.counts.begun + crew.counts.dropped).toBe(crew.counts.due);
    expect(crew.counts.begun).toBeGreaterThan(crew.counts.due * 0.8);
  },
);
