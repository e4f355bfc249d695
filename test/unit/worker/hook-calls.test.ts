import { expect, test } from 'vitest';
import type { HookEnd } from '../../../runtime/core/mailbox.ts';
import { HookCalls } from '../../../runtime/worker/hook-calls.ts';

const place = (vu: number) => ({ phase: 'vuSetup', vu, iteration: 0, scenario: 0 }) as const;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('a hook ends once, as the guest says, and is known by its user until then', async () => {
  const [calls, ends] = [new HookCalls(), [] as [HookEnd, string][]];
  const [first, second] = [0, 1].map((vu) => calls.begin(place(vu), (end, text) => ends.push([end, text]))) as [number, number];
  expect([first, second].every((token) => token < 0) && first !== second).toBe(true);
  expect([calls.tokenOf(0), calls.tokenOf(1), calls.tokenOf(2)]).toEqual([first, second, undefined]);
  expect([calls.placeOf(1), calls.placeOf(2)]).toEqual([place(1), undefined]);
  calls.ended(second, 'done', 'text');
  calls.ended(second, 'threw', 'again');
  calls.ended(-99, 'done', 'made up');
  await turn();
  expect([ends, calls.tokenOf(1), calls.tokenOf(0)]).toEqual([[['done', 'text']], undefined, first]);
});

test('an error that nobody awaited fails the hook of its user, the first of several, and belongs to no hook where none runs', async () => {
  const [calls, ends] = [new HookCalls(), [] as [HookEnd, string][]];
  const token = calls.begin(place(3), (end, text) => ends.push([end, text]));
  expect([calls.lost(3, 'first'), calls.lost(3, 'second'), calls.lost(4, 'elsewhere')]).toEqual([true, true, false]);
  calls.ended(token, 'done', '');
  await turn();
  const thrown = calls.begin(place(3), (end, text) => ends.push([end, text]));
  calls.lost(3, 'beside it');
  calls.ended(thrown, 'threw', 'its own');
  await turn();
  expect(ends).toEqual([
    ['threw', 'first'],
    ['threw', 'its own'],
  ]);
});
