import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import { ExactClock, type ExactClockOptions, Naps } from '../../../runtime/core/exact-clock.ts';

const clockOf = (state: ReturnType<ExactClockOptions['state']>, naps = new Naps()): ExactClock =>
  new ExactClock({ startUs: monotonicUs(), naps, state: () => state });

const untilAll = (clock: ExactClock, momentsUs: readonly number[]): Promise<{ i: number; earlyUs: number }[]> =>
  new Promise((done) => {
    const came: { i: number; earlyUs: number }[] = [];
    momentsUs.forEach((atUs, i) => {
      clock.at(atUs, () => {
        came.push({ i, earlyUs: atUs - clock.nowUs() });
        if (came.length === momentsUs.length) done(came);
      });
    });
  });

test.each(['quiet', 'waits', 'turns'] as const)(
  '200 moments 0.3 ms apart come, each once and none before it is due, and timers have their turn (%s)',
  async (state) => {
    const naps = new Naps();
    const clock = clockOf(state, naps);
    let turns = 0;
    const turn = setInterval(() => turns++, 1);
    const came = await untilAll(
      clock,
      Array.from({ length: 200 }, (_, i) => 3_000 + i * 300),
    );
    clearInterval(turn);
    expect(came.map(({ i }) => i).sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    expect(Math.max(...came.map(({ earlyUs }) => earlyUs))).toBeLessThanOrEqual(0);
    expect(turns).toBeGreaterThan(0);
    if (state === 'turns') expect(naps.totalUs).toBe(0); // it never sleeps while something is to be done
  },
);

test('moments that come together are called back in one turn, in order', async () => {
  const clock = clockOf('waits');
  const atUs = clock.nowUs() + 5_000;
  const came: string[] = [];
  await new Promise<void>((done) => {
    for (const name of ['a', 'b', 'c']) clock.at(atUs, () => void came.push(name));
    clock.at(atUs, () => {
      setImmediate(() => came.push('next turn'));
      setImmediate(done);
    });
  });
  expect(came).toEqual(['a', 'b', 'c', 'next turn']);
});

test('a moment that was cancelled never comes, be it far, near or past, or cancelled by one that comes with it', async () => {
  const clock = clockOf('waits');
  const came: string[] = [];
  const wait = (name: string, atUs: number): (() => void) => clock.at(atUs, () => void came.push(name));
  const nearUs = clock.nowUs() + 800;
  for (const cancel of [wait('far', nearUs + 20_000), wait('near', nearUs), wait('past', 0)]) cancel();
  clock.at(nearUs, () => cancelNeighbour());
  const cancelNeighbour = wait('neighbour', nearUs);
  wait('kept, past', 0);
  wait('kept, near', nearUs);
  expect(came).toEqual([]);
  await new Promise<void>((done) => void clock.at(nearUs + 25_000, done));
  expect(came.sort()).toEqual(['kept, near', 'kept, past']);
});

test('it is about to call when a moment has come or is within 0.2 ms, and no sooner', async () => {
  const clock = clockOf('waits');
  const far = untilAll(clock, [clock.nowUs() + 30_000]);
  expect(clock.isAboutToCall).toBe(false);
  await far;
  const near = untilAll(
    clock,
    Array.from({ length: 20 }, () => clock.nowUs() + 150),
  );
  expect(clock.isAboutToCall).toBe(true);
  await near;
  expect(clock.isAboutToCall).toBe(false);
});

test('in a busy worker it is a clock of timers that is half a millisecond ahead, and sleeps nothing away, until the worker is well below', async () => {
  const naps = new Naps();
  const startUs = monotonicUs();
  const clock = new ExactClock({ startUs, naps, state: () => 'quiet' });
  /** Of several looks, since the test may be held up within one. */
  const aheadUs = (): number =>
    Math.min(
      ...Array.from({ length: 20 }, () => {
        const fromUs = monotonicUs();
        return clock.nowUs() - (fromUs - startUs);
      }),
    );
  clock.heed(0.69);
  expect(aheadUs()).toBeLessThan(450);
  clock.heed(0.71);
  expect(aheadUs()).toBeGreaterThanOrEqual(499);
  await untilAll(clock, [clock.nowUs() + 2_300, clock.nowUs() + 3_700]);
  expect(naps.totalUs).toBe(0);
  clock.heed(0.51);
  expect(aheadUs()).toBeGreaterThanOrEqual(499);
  clock.heed(0.49);
  expect(aheadUs()).toBeLessThan(450);
});

test('a nap of 0.3 ms that a stop made 3 s long is no more sleep than was asked for, and what comes so much later than asked at most', () => {
  const naps = new Naps();
  const clockUs = [0, 3_000_000];
  naps.nap(300, () => clockUs.shift() as number);
  expect(naps.totalUs).toBeLessThan(500);
});
