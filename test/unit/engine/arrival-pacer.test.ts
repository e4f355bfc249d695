import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type IndexRange, owns, rangeOf } from '../../../runtime/core/partition.ts';
import type { LoadChange, OpenScenarioPlan, RatePoint } from '../../../runtime/core/plan.ts';
import { ArrivalPacer } from '../../../runtime/engine/arrival-pacer.ts';
import { openPlanOf, SECOND_US, WHOLE } from './scripted-host.ts';

interface Scheduled {
  index: number;
  dueUs: number;
}

/** Takes what is left; with `untilUs`, what is due before it. */
function takeFrom(pacer: ArrivalPacer, untilUs = Number.POSITIVE_INFINITY): Scheduled[] {
  const taken: Scheduled[] = [];
  for (; pacer.nextDueUs < untilUs; pacer.advance()) taken.push({ index: pacer.nextIndex, dueUs: pacer.nextDueUs });
  return taken;
}

function pacerOf(plan: OpenScenarioPlan, { range = WHOLE, seed = 1 }: { range?: IndexRange; seed?: number } = {}): ArrivalPacer {
  return new ArrivalPacer({ plan, scenario: 0, range, seed });
}

function dueTimesUs(parts: Partial<OpenScenarioPlan>, seed = 1): number[] {
  return takeFrom(pacerOf(openPlanOf(parts), { seed })).map(({ dueUs }) => dueUs);
}

/** Points of stages [rate, seconds], from a rate on. */
function stages(from: number, ...parts: (readonly [rate: number, seconds: number])[]): RatePoint[] {
  let atUs = 0;
  return [
    { atUs, rate: from },
    ...parts.map(([rate, seconds]) => {
      atUs += seconds * SECOND_US;
      return { atUs, rate };
    }),
  ];
}

const lasting = (seconds: number): OpenScenarioPlan['length'] => ({ kind: 'duration', durationUs: seconds * SECOND_US });

/** k6's vector of ramping-arrival-rate: 0 to 1/s in 5 s, 1/s for 1 s, back to 0 in 5 s. @see https://github.com/grafana/k6/blob/master/lib/executor/ramping_arrival_rate_test.go */
const K6_RAMP = { arrivals: 'integral', curve: stages(0, [1, 5], [1, 1], [0, 5]), length: lasting(11), users: 6 } as const;

test("k6's ramp 0 → 1/s in 5 s, 1 s flat, back in 5 s has its 6 starts at 3.162, 4.472, 5.5, 6.528, 7.838 and 11 s", () => {
  expect(dueTimesUs(K6_RAMP).map((us) => us / SECOND_US)).toEqual([3.162278, 4.472136, 5.5, 6.527864, 7.837722, 11]);
});

test.each([1, 2, 3, 7])("k6's ramp on %i workers: each start belongs to the worker that owns VU i mod 6, and all are there", (workers) => {
  const ofWorkers = Array.from({ length: workers }, (_, i) => rangeOf(i, workers)).map((range) => {
    const own = takeFrom(pacerOf(openPlanOf(K6_RAMP), { range }));
    expect(own.every(({ index }) => owns(range, index % 6))).toBe(true);
    return own;
  });
  expect(ofWorkers.flat().sort((a, b) => a.index - b.index)).toEqual(takeFrom(pacerOf(openPlanOf(K6_RAMP))));
});

test('50/s for 5 s are 250 starts, the first at 0 and the last at 4.98 s; ramping-arrival-rate has them 20 ms later', () => {
  const parts = { curve: [{ atUs: 0, rate: 50 }], length: lasting(5) };
  const dueUs = dueTimesUs(parts);
  expect(dueUs).toEqual(Array.from({ length: 250 }, (_, i) => i * 20_000));
  expect(dueTimesUs({ ...parts, arrivals: 'integral' })).toEqual(dueUs.map((us) => us + 20_000));
});

test('a rate of 7 a minute is exact after 10,000 starts: start i is due at i × 60/7 s', () => {
  const dueUs = dueTimesUs({ curve: [{ atUs: 0, rate: 7 }], timeUnitUs: 60 * SECOND_US, length: lasting((10_001 * 60) / 7) });
  expect(dueUs).toHaveLength(10_001);
  expect(dueUs[10_000]).toBe(Math.round((10_000 * 60 * SECOND_US) / 7));
  expect(dueUs[7000]).toBe(60_000 * SECOND_US);
});

test.each([
  [1.13, 3, 0.61, 1],
  [0.16, 4, 0.56, 6],
])(
  '%d/s for %d s and %d/s for %d s are 4 starts from zero and by the integral, a little more or less in floating point',
  (a, aS, b, bS) => {
    const curve = [...stages(a, [a, aS]), { atUs: aS * SECOND_US, rate: b }];
    const length = lasting(aS + bS);
    expect(dueTimesUs({ curve, length })).toHaveLength(4);
    const byIntegral = dueTimesUs({ curve, length, arrivals: 'integral' });
    expect(byIntegral).toHaveLength(4);
    expect(byIntegral[3]).toBe((aS + bS) * SECOND_US);
  },
);

test('half a start left over from 1 s at 0.5/s is carried over 3 s without any into a rate of 1/s', () => {
  const points = [
    [0, 0.5],
    [1, 0.5],
    [1, 0],
    [4, 0],
    [4, 1],
  ] as const;
  const curve = points.map(([s, rate]) => ({ atUs: s * SECOND_US, rate }));
  expect(dueTimesUs({ arrivals: 'integral', curve, length: lasting(7) })).toEqual([4.5, 5.5, 6.5].map((s) => s * SECOND_US));
});

test('a jump from 1/s to 10/s at 2 s is no ramp: 2 starts before it, 10 in the second after it', () => {
  const curve = [...stages(1, [1, 2]), { atUs: 2 * SECOND_US, rate: 10 }];
  expect(dueTimesUs({ arrivals: 'integral', curve, length: lasting(3) })).toEqual([
    SECOND_US,
    2 * SECOND_US,
    ...Array.from({ length: 10 }, (_, i) => 2 * SECOND_US + (i + 1) * 100_000),
  ]);
});

test('no rate, no point and no duration have no start; a curve that is cut at 2 s keeps what is due by then', () => {
  expect(dueTimesUs({ curve: [{ atUs: 0, rate: 0 }] })).toEqual([]);
  expect(dueTimesUs({ curve: [], arrivals: 'integral' })).toEqual([]);
  expect(dueTimesUs({ length: lasting(0) })).toEqual([]);
  expect(dueTimesUs({ arrivals: 'integral', curve: stages(0, [10, 10]), length: lasting(2) })).toEqual([
    Math.round(Math.sqrt(2) * SECOND_US),
    2 * SECOND_US,
  ]);
});

test('Poisson arrivals at 1,000/s for 20 s are about 20,000, with gaps as often short as an exponential has them, and follow from the seed', () => {
  const parts = { arrivals: 'poisson', curve: [{ atUs: 0, rate: 1000 }], length: lasting(20), users: 5 } as const;
  const dueUs = dueTimesUs(parts);
  expect(Math.abs(dueUs.length - 20_000)).toBeLessThan(4 * Math.sqrt(20_000));
  const gapsUs = dueUs.slice(1).map((us, i) => us - (dueUs[i] as number));
  const shareBelow = (us: number): number => gapsUs.filter((gap) => gap < us).length / gapsUs.length;
  expect(shareBelow(500)).toBeCloseTo(1 - Math.exp(-0.5), 1);
  expect(shareBelow(3000)).toBeCloseTo(1 - Math.exp(-3), 1);
  expect(dueTimesUs(parts)).toEqual(dueUs);
  expect(dueTimesUs(parts, 2)).not.toEqual(dueUs);
});

/** What all workers take together: until `heardUs` by the plan, then with the changes. */
function unionOf(plan: OpenScenarioPlan, changes: readonly LoadChange[], workers: number): Scheduled[] {
  return Array.from({ length: workers }, (_, i) => pacerOf(plan, { range: rangeOf(i, workers) }))
    .flatMap((pacer) => {
      const taken: Scheduled[] = [];
      for (const change of changes) {
        taken.push(...takeFrom(pacer, change.atUs - 300_000));
        pacer.change(change);
      }
      return [...taken, ...takeFrom(pacer)];
    })
    .sort((a, b) => a.index - b.index);
}

test('10/s that become 100/s at 2.05 s: the half gap that had passed counts, and the numbers go on', () => {
  const pacer = pacerOf(openPlanOf({ length: lasting(3) }));
  pacer.change({ scenario: 0, atUs: 2.05 * SECOND_US, rate: 100, phase: 'edit-1' });
  const taken = takeFrom(pacer);
  expect(taken.slice(20, 23)).toEqual([
    { index: 20, dueUs: 2 * SECOND_US },
    { index: 21, dueUs: 2_055_000 },
    { index: 22, dueUs: 2_065_000 },
  ]);
  expect(taken.map(({ index }) => index)).toEqual(Array.from({ length: 116 }, (_, i) => i));
});

test('10/s that become 0 at 2 s and 10/s again at 5 s have 20 starts, none for 3 s, and 50 more', () => {
  for (const arrivals of ['from-zero', 'integral'] as const) {
    const pacer = pacerOf(openPlanOf({ arrivals }));
    pacer.change({ scenario: 0, atUs: 2 * SECOND_US, rate: 0, phase: 'edit-1' });
    pacer.change({ scenario: 0, atUs: 5 * SECOND_US, rate: 10, phase: 'edit-2' });
    const dueUs = takeFrom(pacer).map((start) => start.dueUs);
    expect(dueUs).toHaveLength(70);
    expect(dueUs.filter((us) => us > 2 * SECOND_US && us < 5 * SECOND_US)).toEqual([]);
  }
});

const ARRIVALS = fc.constantFrom('from-zero', 'integral', 'poisson');
const PLAN = fc.record({
  arrivals: ARRIVALS,
  users: fc.integer({ min: 1, max: 20 }),
  rates: fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 5 }),
});
const CHANGES = fc.array(
  fc.record({
    afterUs: fc.integer({ min: 300_000, max: 3 * SECOND_US }),
    rate: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    users: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  }),
  { maxLength: 3 },
);

test('any curve with up to 3 live changes has the same starts on 2, 3 and 7 workers as on one, numbered without a gap, never backwards', () => {
  fc.assert(
    fc.property(PLAN, CHANGES, ({ arrivals, users, rates }, edits) => {
      const seconds = rates.reduce((sum, [, length]) => sum + length, 0);
      const plan = openPlanOf({ arrivals, users, curve: stages(5, ...rates), length: lasting(seconds), startTimeUs: 250_000 });
      let atUs = 300_000;
      const changes = edits.map(({ afterUs, rate, users: usersThen }, i): LoadChange => {
        atUs += afterUs;
        const parts = { ...(rate === undefined ? {} : { rate }), ...(usersThen === undefined ? {} : { users: usersThen }) };
        return { scenario: 0, atUs, phase: `edit-${i + 1}`, ...parts };
      });
      const alone = unionOf(plan, changes, 1);
      expect(alone.map(({ index }) => index)).toEqual(alone.map((_, i) => i));
      expect(alone.every(({ dueUs }, i) => dueUs >= (alone[i - 1]?.dueUs ?? plan.startTimeUs))).toBe(true);
      for (const workers of [2, 3, 7]) expect(unionOf(plan, changes, workers)).toEqual(alone);
    }),
    { numRuns: 150 },
  );
});

test('a scenario that begins at 3 s and becomes 10 times as fast at 5 s of the run has had 20 starts by then, and 80 more in the next 0.8 s', () => {
  const pacer = pacerOf(openPlanOf({ startTimeUs: 3 * SECOND_US, curve: [{ atUs: 0, rate: 10 }], length: lasting(10) }));
  pacer.change({ scenario: 0, phase: 'edit-1', atUs: 5 * SECOND_US, rate: 100 });
  const dueUs = takeFrom(pacer).map((start) => start.dueUs);
  const within = (fromS: number, toS: number): number => dueUs.filter((us) => us >= fromS * SECOND_US && us < toS * SECOND_US).length;
  expect([dueUs[0], within(3, 5), within(5, 5.8), within(5, 13)]).toEqual([3 * SECOND_US, 20, 80, 800]);
});

test('a change before a scenario begins holds from its first start on', () => {
  const pacer = pacerOf(openPlanOf({ startTimeUs: 3 * SECOND_US, curve: [{ atUs: 0, rate: 10 }], length: lasting(2) }));
  pacer.change({ scenario: 0, phase: 'edit-1', atUs: SECOND_US, rate: 50 });
  expect(takeFrom(pacer)).toHaveLength(100);
});

test('passing over what is due before 1 s at 10/s takes 10 starts, not the one that is due at 1 s; at most 4 when no more may be', () => {
  const plan = openPlanOf({ curve: [{ atUs: 0, rate: 10 }], length: lasting(10) });
  const [all, some] = [pacerOf(plan), pacerOf(plan)];
  expect([all.skip(SECOND_US, 1_000), all.nextDueUs]).toEqual([{ count: 10, dueAtUs: 900_000 }, SECOND_US]);
  expect([some.skip(SECOND_US, 4), some.nextDueUs]).toEqual([{ count: 4, dueAtUs: 300_000 }, 400_000]);
});

test('two scenarios of Poisson arrivals with one seed have arrivals of their own', () => {
  const plan = openPlanOf({ arrivals: 'poisson', curve: [{ atUs: 0, rate: 20 }], length: lasting(5) });
  const of = (scenario: number): number[] =>
    takeFrom(new ArrivalPacer({ plan, scenario, range: WHOLE, seed: 1 })).map((start) => start.dueUs);
  expect(of(0)).toEqual(of(0));
  expect(of(1).filter((us) => of(0).includes(us))).toEqual([]);
});
