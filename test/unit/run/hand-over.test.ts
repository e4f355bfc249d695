import { expect, test } from 'vitest';
import { ClusterError } from '../../../runtime/core/errors.ts';
import type { FromPool } from '../../../runtime/core/hand-over.ts';
import { HandOver } from '../../../runtime/run/hand-over.ts';
import { openPlanOf, planOf, SECOND_US } from '../engine/scripted-host.ts';

/** What a coordinator says to two workers, 0 and 1, of one scenario. */
function handOverOf(plan: Parameters<typeof openPlanOf>[0] | 'shared', begunOf = (_worker: number) => 0) {
  const said: [number, FromPool][] = [];
  const shared = planOf({ users: 2, length: { kind: 'iterations', iterations: 20, isShared: true, durationUsMax: SECOND_US } });
  const handOver = new HandOver({
    scenarios: [plan === 'shared' ? shared : openPlanOf({ users: 4, ...plan })],
    workers: [0, 1],
    send: (worker, parts) => parts.forEach((part) => void said.push([worker, part])),
    begunOf,
  });
  const take = (): [number, FromPool][] => said.splice(0);
  return { handOver, take };
}

test('with drop a start is granted to a free user of another worker, and all are told when nobody waits any more', () => {
  const { handOver, take } = handOverOf({ onBusy: 'drop' });
  handOver.take(0, [{ scenario: 0, offers: [7, 700, 0] }]);
  expect(take()).toEqual([
    [0, { scenario: 0, lending: 'shared', round: 1 }],
    [1, { scenario: 0, lending: 'shared', round: 1 }],
  ]);
  handOver.take(0, [{ scenario: 0, free: 0, round: 1 }]);
  expect(take()).toEqual([]);
  handOver.take(1, [{ scenario: 0, free: 2, round: 1 }]);
  // in this order to each of them
  expect(take().sort(([a], [b]) => a - b)).toEqual([
    [0, { scenario: 0, taken: 1 }],
    [0, { scenario: 0, lending: 'own', round: 2 }],
    [1, { scenario: 0, grants: [7, 700, 0] }],
    [1, { scenario: 0, lending: 'own', round: 2 }],
  ]);
  expect([handOver.movedTo(0, 0), handOver.movedTo(1, 0)]).toEqual([-1, 1]);
});

/** Starts of worker 0 wait, one user of worker 1 is free: worker 0 has just been asked for one. */
function askedForOne(): ReturnType<typeof handOverOf> {
  const made = handOverOf({});
  made.handOver.take(0, [{ scenario: 0, free: 0, queues: true, round: 0 }]);
  made.handOver.take(0, [{ scenario: 0, free: 0, queues: true, round: 1 }]);
  made.take();
  made.handOver.take(1, [{ scenario: 0, free: 1, queues: false, round: 1 }]);
  expect(made.take()).toEqual([[0, { scenario: 0, wanted: 1 }]]);
  return made;
}

test('with queue a worker whose starts wait is asked for as many as others have free users, and nobody is told anything while none is', () => {
  const { handOver, take } = askedForOne();
  handOver.take(0, [{ scenario: 0, offers: [7, 700, 0], queues: true, round: 1 }]);
  expect(take()).toEqual([
    [1, { scenario: 0, grants: [7, 700, 0] }],
    [0, { scenario: 0, taken: 1 }],
  ]);
  expect([handOver.movedTo(0, 0), handOver.movedTo(1, 0)]).toEqual([-1, 1]);
});

test('with queue a worker that began its starts itself in the meantime has none to give, and the lending is over', () => {
  const { handOver, take } = askedForOne();
  handOver.take(0, [{ scenario: 0, offers: [], queues: false, round: 1 }]);
  expect(take()).toEqual([
    [0, { scenario: 0, lending: 'own', round: 2 }],
    [1, { scenario: 0, lending: 'own', round: 2 }],
  ]);
});

test('with queue a start comes back to its worker when the user that it was asked for is busy by then, or lost', () => {
  for (const take1Back of [
    ({ handOver }: ReturnType<typeof handOverOf>) => handOver.take(1, [{ scenario: 0, free: -1, queues: false, round: 1 }]),
    ({ handOver }: ReturnType<typeof handOverOf>) => handOver.gone(1),
  ]) {
    const made = askedForOne();
    take1Back(made);
    made.handOver.take(0, [{ scenario: 0, offers: [7, 700, 0], queues: true, round: 1 }]);
    expect(made.take()).toEqual([[0, { scenario: 0, returned: [7, 700, 0] }]]);
    expect([made.handOver.movedTo(0, 0), made.handOver.movedTo(1, 0)]).toEqual([0, 0]);
  }
});

test('what was told of an earlier round counts no more', () => {
  const { handOver, take } = askedForOne();
  handOver.take(0, [{ scenario: 0, offers: [], queues: false, round: 1 }]);
  handOver.take(1, [{ scenario: 0, free: 0, queues: true, round: 2 }]);
  take();
  handOver.take(0, [{ scenario: 0, free: 3, queues: false, round: 1 }]);
  handOver.take(1, [{ scenario: 0, free: 0, queues: true, round: 3 }]);
  expect(take()).toEqual([]);
});

test('with drop a start comes back when all have said that nobody is free, also when the last of them is lost instead', () => {
  const { handOver, take } = handOverOf({ onBusy: 'drop' });
  handOver.take(0, [{ scenario: 0, offers: [7, 700, 0] }]);
  handOver.take(0, [{ scenario: 0, free: 0, round: 1 }]);
  take();
  handOver.gone(1);
  expect(take()).toEqual([
    [0, { scenario: 0, returned: [7, 700, 0] }],
    [0, { scenario: 0, lending: 'busy', round: 1 }],
  ]);
  handOver.joined(1);
  expect(take()).toEqual([[1, { scenario: 0, lending: 'busy', round: 1 }]]);
  handOver.take(1, [{ scenario: 0, free: 2, round: 1 }]);
  expect(take()).toEqual([
    [0, { scenario: 0, lending: 'own', round: 2 }],
    [1, { scenario: 0, lending: 'own', round: 2 }],
  ]);
});

test('offers of a worker that is lost are granted to nobody, and a worker that offers without end is refused', () => {
  const { handOver, take } = handOverOf({ onBusy: 'drop' });
  handOver.take(0, [{ scenario: 0, offers: [7, 700, 0] }]);
  handOver.gone(0);
  handOver.take(1, [{ scenario: 0, free: 2, round: 1 }]);
  expect(take().filter(([, { grants }]) => grants !== undefined)).toEqual([]);
  const many = Array.from({ length: 400 }, (_, i) => i);
  expect(() => handOver.take(1, [{ scenario: 0, offers: many }])).toThrow(ClusterError);
});

test('of what a lost worker was handed, what it had not reported as begun goes to who waits', () => {
  const { handOver, take } = handOverOf('shared', (worker) => (worker === 0 ? 3 : 0));
  handOver.take(0, [{ scenario: 0, waiting: 5 }]);
  // one of them it had from the beginning; one more comes ahead of need
  expect(take()).toEqual([[0, { scenario: 0, iterations: [2, 3, 4, 5, 6, 7] }]]);
  handOver.gone(0);
  handOver.take(1, [{ scenario: 0, waiting: 3 }]);
  expect(take()[0]?.[1].iterations?.slice(0, 4)).toEqual([4, 5, 6, 7]);
});
