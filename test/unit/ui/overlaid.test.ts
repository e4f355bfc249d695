import { expect, test } from 'vitest';
import { overlaid } from '../../../runtime/ui/history/overlaid.ts';
import { secondAt, seriesOf } from '../server/samples.ts';

const seconds = (count: number) => Array.from({ length: count }, (_, second) => secondAt(second, { requests: second }));

test('a run whose load began in second 7 and one in second 2 lie over each other from 1 s on, without their teardown', () => {
  const [late, early] = [
    seriesOf(seconds(10), { 0: 'warm-up', 7: 'measuring' }),
    seriesOf(seconds(6), { 0: 'warm-up', 2: 'measuring', 4: 'teardown', 5: 'ended' }),
  ];
  expect(overlaid([late, early, undefined], ({ requests }) => requests)).toEqual({
    endS: [1, 2, 3],
    columns: [
      [7, 8, 9],
      [2, 3, null],
      [null, null, null],
    ],
  });
});

test('seconds of runs whose clocks do not beat alike, 1.004 s and 1 s, lie over each other all the same, for an hour', () => {
  const slow = seriesOf(seconds(3_600).map((second) => ({ ...second, lengthS: [1.004] })));
  const { endS, columns } = overlaid([slow, seriesOf(seconds(3_600))], ({ requests }) => requests);
  expect([endS.length, columns[0]]).toEqual([3_600, columns[1]]);
});
