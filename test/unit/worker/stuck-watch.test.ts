import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StuckWatch, type WatchedWorker } from '../../../runtime/worker/stuck-watch.ts';
import type { HostVu } from '../../../runtime/worker/vu-table.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface User {
  token: number;
  isInIteration: boolean;
  hook?: number;
  requests: number;
  waits: number;
  timers: number;
}

const waiting = (token: number, changes: Partial<User> = {}): User => ({
  ...{ token, isInIteration: true, requests: 0, waits: 0, timers: 0 },
  ...changes,
});

/** Users as they are found at each look; whom the watch has ended, with the token. */
function watched(users: User[]) {
  const ended: [vu: number, token: number][] = [];
  const states = { isAsking: false, isBehind: false };
  const hostVu = (user: User, index: number): Partial<HostVu> => ({
    index,
    token: user.token,
    ...(user.isInIteration ? { onEnd: () => undefined } : {}),
    requests: Array.from({ length: user.requests }) as HostVu['requests'],
    waits: new Map(Array.from({ length: user.waits }, (_, i) => [i, undefined])) as never,
    timers: new Map(Array.from({ length: user.timers }, (_, i) => [i, undefined])) as never,
  });
  const worker: WatchedWorker = {
    crew: { all: () => users.map((user, i) => hostVu(user, i) as HostVu) },
    messenger: {
      get isAsking() {
        return states.isAsking;
      },
    },
    mailbox: {
      get isBehind() {
        return states.isBehind;
      },
    },
    hookOf: (vu) => users[vu]?.hook,
    end: (vu, token, kind) => void ended.push([vu, token * 10 + kind]),
  };
  const watch = new StuckWatch(worker);
  return { ended, states, watch, look: (times = 1) => vi.advanceTimersByTime(times * 1_000) };
}

test('an iteration and a hook that nothing is under way for are ended at the third look that finds them so', () => {
  const { ended, look } = watched([waiting(7), waiting(1, { hook: 9 })]);
  look(2);
  expect(ended).toEqual([]);
  look();
  expect(ended).toEqual([
    [0, 71],
    [1, 91],
  ]);
});

test('a user with a request, a wait or a timer under way, and one in no iteration, is not stuck', () => {
  const { ended, look } = watched([
    waiting(1, { requests: 1 }),
    waiting(2, { waits: 1 }),
    waiting(3, { timers: 1 }),
    waiting(4, { isInIteration: false }),
  ]);
  look(10);
  expect(ended).toEqual([]);
});

test('whoever has begun something else meanwhile, or was at work at one of the looks, is counted from the beginning', () => {
  const users = [waiting(1), waiting(5)];
  const { ended, look } = watched(users);
  look(2);
  users[0] = waiting(2);
  users[1] = waiting(5, { requests: 1 });
  look();
  users[1] = waiting(5);
  look();
  expect(ended).toEqual([]);
  look();
  expect(ended).toEqual([[0, 21]]);
  look();
  expect(ended.slice(1)).toContainEqual([1, 51]);
});

test.each(['isAsking', 'isBehind'] as const)('while what is waited for may be on its way (%s) nobody is looked at', (state) => {
  const { ended, states, look } = watched([waiting(1)]);
  states[state] = true;
  look(10);
  states[state] = false;
  look(2);
  expect(ended).toEqual([]);
  look();
  expect(ended).toEqual([[0, 11]]);
});
