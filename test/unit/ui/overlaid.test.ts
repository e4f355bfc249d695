import { expect, test } from 'vitest';
import { overlaid } from '../../../runtime/ui/history/overlaid.ts';
import { pointAt } from '../server/samples.ts';

test('a run whose load began at second 7 and one at second 2 lie over each other from 0 on, without their teardown', () => {
  const from = (begin: number, length: number) =>
    Array.from({ length: begin + length }, (_, second) => ({
      ...pointAt(second, second),
      phase: second < begin ? 'warm-up' : 'measuring',
    }));
  const ended = [...from(2, 2), { ...pointAt(4, 0), phase: 'teardown' }, { ...pointAt(5, 0), phase: 'ended' }];
  expect(overlaid([from(7, 3), ended], (point) => point.requests)).toEqual([
    [0, 1, 2],
    [7, 8, 9],
    [2, 3, null],
  ]);
});
