import { expect, test } from 'vitest';
import type { HttpHop, HttpOutcome } from '../../../runtime/core/records.ts';
import { isOwnFailure, ownShareOf, queuedOwnUs, type RequestMoments } from '../../../runtime/measure/own-share.ts';
import { loopWithOwnTime } from './fake-loop.ts';
import { hopOf, sampleOf } from './http-samples.ts';

const MS_US = 1_000;
type Step = readonly [does: 'sleep' | 'work', ms: number];

/** A worker's loop that has gone through these laps; `at(ms)` is a moment since it began. */
function loopAfter(steps: readonly Step[]) {
  const { loop, own, from } = loopWithOwnTime();
  for (const [does, ms] of steps) {
    loop[does](ms * MS_US);
    loop.endLap();
  }
  return { own, loop, at: (ms: number) => from + ms * MS_US };
}

/** Of a request that went out at a moment and had these phases, in ms. */
function outcomeOf(
  askedAtUs: number,
  hops: readonly (readonly [blocked: number, sending: number, waiting: number, receiving: number])[],
): HttpOutcome {
  const all = hops.map(
    ([blocked, sending, waiting, receiving]): HttpHop =>
      hopOf({ blockedUs: blocked * MS_US, sendingUs: sending * MS_US, waitingUs: waiting * MS_US, receivingUs: receiving * MS_US }),
  );
  const tookUs = hops.flat().reduce((sum, ms) => sum + ms * MS_US, 0);
  return sampleOf({ outcome: { hops: all, endedAtUs: askedAtUs + tookUs } }).outcome;
}

const momentsOf = (outcome: HttpOutcome, dueAtUs: number, changes: Partial<RequestMoments> = {}): RequestMoments => ({
  dueAtUs,
  freeAtUs: dueAtUs,
  inTimeAtUs: dueAtUs,
  isOpenModel: false,
  ...changes,
  outcome,
});

test('a request whose worker slept while it was on its way has no share of its worker in it', () => {
  const { own, at } = loopAfter([['sleep', 100]]);
  expect(ownShareOf(own, momentsOf(outcomeOf(at(10), [[0, 0.1, 60, 0.1]]), at(10)))).toBeUndefined();
});

test('what a request waits for its worker after it was due and its user was free is all its worker’s', () => {
  const { own, at } = loopAfter([
    ['sleep', 10],
    ['work', 50],
    ['sleep', 40],
  ]);
  const outcome = outcomeOf(at(60), [[0, 0, 40, 0]]);
  expect(ownShareOf(own, momentsOf(outcome, at(10)))?.totalUs).toBe(50 * MS_US);
  expect(ownShareOf(own, momentsOf(outcome, at(10), { freeAtUs: at(45) }))?.totalUs).toBe((15 + 35) * MS_US);
  expect(ownShareOf(own, momentsOf(outcome, at(60), { freeAtUs: at(45) }))).toBeUndefined();
  expect(ownShareOf(own, momentsOf(outcome, at(70)))).toBeUndefined(); // asked for before it was due: nothing was late
});

test('of the phases of each hop that is a share which fell into the worker’s own time: all but the waiting for an answer, of which what nobody saw come', () => {
  const { own, at } = loopAfter([
    ['sleep', 10], // 0
    ['work', 4], // 10: blocked
    ['sleep', 6],
    ['work', 3], // 20: sending
    ['sleep', 7],
    ['sleep', 15],
    ['sleep', 15],
    ['work', 5], // 60: receiving
    ['sleep', 35],
  ]);
  const share = ownShareOf(own, momentsOf(outcomeOf(at(10), [[10, 5, 35, 10]]), at(10)));
  expect(share).toEqual({
    totalUs: 12 * MS_US,
    isInBurst: false,
    hops: [{ blockedUs: 4 * MS_US, sendingUs: 3 * MS_US, waitingUs: 0, receivingUs: 5 * MS_US }],
  });
  const two = ownShareOf(
    own,
    momentsOf(
      outcomeOf(at(10), [
        [4, 0, 6, 0],
        [0, 3, 37, 5],
      ]),
      at(10),
    ),
  );
  expect(two?.hops.map(({ blockedUs, sendingUs, receivingUs }) => [blockedUs, sendingUs, receivingUs])).toEqual([
    [4 * MS_US, 0, 0],
    [0, 3 * MS_US, 5 * MS_US],
  ]);
});

test('an answer that was there when the loop came back from 80 ms of code may have lain there for all of them, but for no longer than it was waited for', () => {
  const { own, at } = loopAfter([
    ['sleep', 20],
    ['work', 80],
  ]);
  expect(ownShareOf(own, momentsOf(outcomeOf(at(10), [[0, 0, 90, 0]]), at(10)))?.hops[0]?.waitingUs).toBe(80 * MS_US);
  expect(ownShareOf(own, momentsOf(outcomeOf(at(70), [[0, 0, 30, 0]]), at(70)))?.hops[0]?.waitingUs).toBe(30 * MS_US);
});

test('less than 1 ms is next to nothing', () => {
  const { own, at } = loopAfter([
    ['sleep', 20],
    ['work', 0.9],
    ['sleep', 20],
  ]);
  expect(ownShareOf(own, momentsOf(outcomeOf(at(20.9), [[0, 0, 20, 0]]), at(20)))).toBeUndefined();
});

test('of an open model all that was waited for while a stall is made up for may be the worker’s, of a closed one not', () => {
  const { own, at } = loopAfter([
    ['sleep', 10],
    ['work', 300],
    ['sleep', 50],
  ]);
  const moments = momentsOf(outcomeOf(at(312), [[0, 0, 40, 0]]), at(312));
  expect(ownShareOf(own, { ...moments, isOpenModel: true })).toMatchObject({ totalUs: 40 * MS_US, isInBurst: true });
  expect(ownShareOf(own, moments)).toBeUndefined();
});

test('a start that waited for a user has in it what its worker was away since a user was last in time, and no more than it waited', () => {
  const { own, at } = loopAfter([
    ['sleep', 10],
    ['work', 50],
    ['sleep', 40],
  ]);
  const queued = { dueAtUs: at(40), freeAtUs: at(70), inTimeAtUs: at(40), isOpenModel: false };
  expect(queuedOwnUs(own, queued)).toBe(20 * MS_US);
  expect(queuedOwnUs(own, { ...queued, inTimeAtUs: at(35) })).toBe(25 * MS_US);
  expect(queuedOwnUs(own, { ...queued, inTimeAtUs: at(0) })).toBe(30 * MS_US);
  expect(queuedOwnUs(own, { ...queued, inTimeAtUs: at(60) })).toBe(20 * MS_US); // a user that came after it was due was none in time
  expect(queuedOwnUs(own, { ...queued, freeAtUs: at(40) })).toBe(0);
  expect(queuedOwnUs(own, { ...queued, freeAtUs: at(30) })).toBe(0);
  expect(queuedOwnUs(own, { ...queued, busyUs: 12 * MS_US })).toBe(18 * MS_US);
  expect(queuedOwnUs(own, { ...queued, busyUs: 90 * MS_US })).toBe(0);
});

test('a start of an open model that was due in a stall, or while one is made up for, waited for nothing else', () => {
  const { own, at } = loopAfter([
    ['sleep', 10],
    ['work', 200],
    ['sleep', 90],
  ]);
  const queued = { dueAtUs: at(220), freeAtUs: at(280), inTimeAtUs: at(220), isOpenModel: true };
  expect(queuedOwnUs(own, queued)).toBe(60 * MS_US);
  expect(queuedOwnUs(own, { ...queued, busyUs: 60 * MS_US })).toBe(60 * MS_US);
  expect(queuedOwnUs(own, { ...queued, isOpenModel: false })).toBe(0);
});

test('a timeout is the worker’s own where a tenth of it is, a lost connection where half a second is, nothing else ever', () => {
  const shareOf = (ms: number) => ({ totalUs: ms * MS_US, isInBurst: false, hops: [] });
  const failed = (kind: HttpOutcome['kind']): HttpOutcome => sampleOf({ outcome: { kind, endedAtUs: 11_000_000 } }).outcome;
  const due = 1_000_000;
  expect([999, 1_000].map((ms) => isOwnFailure(failed('timeout'), shareOf(ms), due))).toEqual([false, true]);
  expect([499, 500].map((ms) => isOwnFailure(failed('reset'), shareOf(ms), due))).toEqual([false, true]);
  expect(isOwnFailure(failed('connect-failed'), shareOf(5_000), due)).toBe(false);
  expect(isOwnFailure(failed('timeout'), undefined, due)).toBe(false);
});
