import { expect, test } from 'vitest';
import type { MissAccount } from '../../../runtime/verdict/miss-account.ts';
import { MissWatch } from '../../../runtime/verdict/miss-watch.ts';

/** A watch that has seen accounts of a run, one a second, with so much that was bad in all. */
function watchOf(kind: MissAccount['kind'], allowed: number, badSoFar: readonly number[]): MissWatch {
  const watch = new MissWatch();
  for (const [second, bad] of badSoFar.entries()) watch.push({ kind, bad, of: 100 * (second + 1), allowed, variance: 0 });
  return watch;
}
const isSure = (watch: MissWatch, restS: number): boolean => watch.isSureMiss({ restS, watched: 1 });

test('all 100 of one second bad where 5 % may be: lost while not more than 2 s are left, as 25 % would be missed of 300, and not of 400', () => {
  const watch = watchOf('share', 0.05, [100]);
  expect([0, 1, 2, 3, 4].map((restS) => isSure(watch, restS))).toEqual([true, true, true, false, false]);
});

test('where half may be bad, five times that is more than all: halfway between the limit and all is what loses it', () => {
  const watch = watchOf('share', 0.5, [100, 200, 300, 400]);
  expect([0, 1, 2].map((restS) => isSure(watch, restS))).toEqual([true, true, false]);
});

test('an amount is lost at five times what is allowed of the whole run', () => {
  const watch = watchOf('amount', 2, [1_200]);
  expect([0, 1].map((restS) => isSure(watch, restS))).toEqual([true, false]);
});

test('what is left is thought to be as busy as the busiest second so far', () => {
  const watch = new MissWatch();
  const account = { kind: 'share', allowed: 0.1, variance: 0 } as const;
  watch.push({ ...account, bad: 50, of: 50 });
  watch.push({ ...account, bad: 150, of: 150 });
  watch.push({ ...account, bad: 160, of: 160 });
  expect([1, 2].map((restS) => isSure(watch, restS))).toEqual([true, false]); // 160 of 260, and of 360
});

test('nothing is sure without an account, of nothing, as good as allowed, or where a limit is below nothing', () => {
  const watch = new MissWatch();
  expect(isSure(watch, 0)).toBe(false);
  watch.push(undefined);
  expect(isSure(watch, 0)).toBe(false);
  watch.push({ kind: 'share', bad: 0, of: 0, allowed: 0.1, variance: 0 });
  expect(isSure(watch, 0)).toBe(false);
  expect(isSure(watchOf('share', 0.1, [10]), 0)).toBe(false);
  expect(isSure(watchOf('amount', -1, [10]), 0)).toBe(false);
});

test('with no end in sight nothing is lost for good, however bad, before 30 s are evidence; one that is evident is sure', () => {
  const bad = (seconds: number) =>
    watchOf(
      'share',
      0.05,
      Array.from({ length: seconds }, (_, i) => 100 * i),
    );
  expect(isSure(bad(29), Number.POSITIVE_INFINITY)).toBe(false);
  expect(isSure(bad(30), Number.POSITIVE_INFINITY)).toBe(true);
});
