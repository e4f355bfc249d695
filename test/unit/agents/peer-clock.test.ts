import { expect, test } from 'vitest';
import { PeerClock } from '../../../runtime/agents/peer-clock.ts';

test('of several answers the quickest says how far a clock is ahead; it is off by at most half of what that took', () => {
  const clock = new PeerClock();
  clock.take({ askedAtUs: 1_000, answeredAtUs: 9_000, theirsUs: 508_900 });
  clock.take({ askedAtUs: 20_000, answeredAtUs: 20_400, theirsUs: 520_250 });
  clock.take({ askedAtUs: 30_000, answeredAtUs: 31_000, theirsUs: 530_010 });
  expect([clock.count, clock.best]).toEqual([3, { aheadUs: 500_050, errorUs: 200 }]);
});

test.each([0, 5_000_000, -86_400_000_000])(
  'wherever an answer was read between question and answer, a clock that is %i µs ahead is within the bound',
  (aheadUs) => {
    for (const readAtUs of [0, 1, 250, 499, 500]) {
      const clock = new PeerClock();
      clock.take({ askedAtUs: 0, answeredAtUs: 500, theirsUs: readAtUs + aheadUs });
      expect(Math.abs(clock.best.aheadUs - aheadUs)).toBeLessThanOrEqual(clock.best.errorUs);
    }
  },
);

test('an answer of long ago is forgotten: a clock that drifts is read anew', () => {
  const clock = new PeerClock();
  clock.take({ askedAtUs: 0, answeredAtUs: 2, theirsUs: 1 });
  for (let i = 1; i <= 16; i++) clock.take({ askedAtUs: i * 1_000, answeredAtUs: i * 1_000 + 100, theirsUs: i * 1_000 + 50 + 7 });
  expect(clock.best).toEqual({ aheadUs: 7, errorUs: 50 });
});
