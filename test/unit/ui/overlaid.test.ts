import { expect, test } from 'vitest';
import { overlaid } from '../../../runtime/ui/history/overlaid.ts';
import { pointAt } from '../server/samples.ts';

test('a run whose load began at second 7 and one at second 2 lie over each other from 0 on', () => {
  const from = (begin: number, length: number) =>
    Array.from({ length: begin + length }, (_, second) => ({
      ...pointAt(second, second),
      phase: second < begin ? 'warm-up' : 'measuring',
    }));
  expect(overlaid([from(7, 3), from(2, 2)], (point) => point.requests)).toEqual([
    [0, 1, 2],
    [7, 8, 9],
    [2, 3, null],
  ]);
});
