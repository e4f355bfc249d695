import { expect, test } from 'vitest';
import type { ToPool } from '../../../runtime/core/hand-over.ts';
import { HandedIterations, OwnIterations } from '../../../runtime/engine/shared-iterations.ts';

/** Iterations of scenario 3, of which it has the first ones, and what it told the coordinator. */
function handedOf(first: readonly number[]): { iterations: HandedIterations; told: ToPool[] } {
  const told: ToPool[] = [];
  return { iterations: new HandedIterations(3, { tell: (what) => void told.push(what) }, first), told };
}

test('of one worker they go in order, and those that were begun before are skipped, none twice', () => {
  const own = new OwnIterations(5);
  own.skip(2);
  expect([own.next, own.left, own.take(), own.take(), own.isOver]).toEqual([2, 3, 2, 3, false]);
  own.skip(7);
  expect([own.next, own.left, own.isOver]).toEqual([5, 0, true]);
});

test('more is asked for once when less than half of what came ahead is left, and again only after it came', () => {
  const { iterations, told } = handedOf([0, 1]);
  expect([iterations.take(), iterations.take(), iterations.next, iterations.left]).toEqual([0, 1, -1, 0]);
  expect(told).toEqual([]); // nothing came ahead
  iterations.handed({ scenario: 3, iterations: [10, 11, 12, 13] });
  expect([iterations.take(), iterations.take()]).toEqual([10, 11]);
  expect(told).toEqual([]);
  iterations.take();
  iterations.take();
  expect(told).toEqual([{ scenario: 3, waiting: 0 }]);
  iterations.handed({ scenario: 3, iterations: [20, 21] });
  iterations.take();
  expect(told).toHaveLength(1);
  iterations.take();
  expect(told).toEqual(Array(2).fill({ scenario: 3, waiting: 0 }));
});

test('of a hand-out only what nobody waited for came ahead; when the last has come nothing more is asked for', () => {
  const { iterations, told } = handedOf([]);
  let woken = 0;
  iterations.wait(() => woken++);
  iterations.wait(() => woken++);
  expect(told).toEqual(Array(2).fill({ scenario: 3, waiting: 1 }));
  iterations.handed({ scenario: 3, iterations: [5, 6, 7] });
  expect(woken).toBe(2);
  expect([iterations.take(), iterations.take()]).toEqual([5, 6]); // one is left, and one came ahead
  expect(told).toHaveLength(2);
  iterations.handed({ scenario: 3, isOver: true });
  expect([iterations.isOver, iterations.take(), iterations.isOver]).toEqual([false, 7, true]);
  expect([told.length, woken]).toEqual([2, 2]);
});

test('users that wait are woken once by what comes or by the end, and not by what brings them nothing', () => {
  const { iterations } = handedOf([]);
  let woken = 0;
  iterations.wait(() => woken++);
  iterations.handed({ scenario: 3 });
  expect(woken).toBe(0);
  iterations.handed({ scenario: 3, isOver: true });
  iterations.handed({ scenario: 3, isOver: true });
  expect([woken, iterations.isOver]).toEqual([1, true]);
});

test('what is recalled is given back, and nothing came ahead of what comes next; once its time is over it keeps and counts what it has', () => {
  const { iterations, told } = handedOf([]);
  iterations.handed({ scenario: 3, iterations: [1, 2, 3, 4] });
  iterations.handed({ scenario: 3, recall: true });
  expect([told, iterations.left]).toEqual([[{ scenario: 3, stock: [1, 2, 3, 4] }], 0]);
  iterations.handed({ scenario: 3, iterations: [8, 9] });
  const rests: unknown[] = [];
  iterations.claim((rest) => rests.push(rest));
  iterations.handed({ scenario: 3, recall: true });
  expect([told.slice(1), iterations.left]).toEqual([
    [
      { scenario: 3, claims: true },
      { scenario: 3, stock: [] },
    ],
    2,
  ]);
  iterations.handed({ scenario: 3, rest: { count: 4, next: 10 } });
  expect(rests).toEqual([{ count: 4, next: 10 }]);
});
