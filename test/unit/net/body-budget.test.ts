import { expect, test } from 'vitest';
import { BodyBudget } from '../../../runtime/net/body-budget.ts';

test('100 bytes have room for 100 and for no more; what came on top is counted, and has to be given back before there is room again', () => {
  const budget = new BodyBudget(100);
  expect([budget.take(60), budget.take(40)]).toEqual([true, true]);
  expect(budget.take(1)).toBe(false);
  budget.giveBack(1);
  expect(budget.take(0)).toBe(true);
  budget.giveBack(30);
  expect([budget.take(30), budget.take(30)]).toEqual([true, false]);
});
