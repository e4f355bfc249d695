import { expect, test } from 'vitest';
import { regionsOf } from '../../../runtime/target/regions.ts';

/** Digits are labels, dots are background. */
function regionsIn(...rows: string[]): ReturnType<typeof regionsOf> {
  const labels = Uint8Array.from([...rows.join('')].map((digit) => (digit === '.' ? 0 : Number(digit))));
  return regionsOf(labels, rows[0]?.length ?? 0, rows.length);
}

test('two regions of label 1 and one of label 2 that touches the first are 3', () => {
  expect(regionsIn('112.1', '.12..', '.....')).toEqual([
    { label: 1, left: 0, top: 0, right: 1, bottom: 1, area: 3 },
    { label: 2, left: 2, top: 0, right: 2, bottom: 1, area: 2 },
    { label: 1, left: 4, top: 0, right: 4, bottom: 0, area: 1 },
  ]);
});

test('corners do not connect: a chequerboard of 3x3 has 5 regions', () => {
  expect(regionsIn('1.1', '.1.', '1.1')).toHaveLength(5);
});

test('the end of one row does not connect with the start of the next', () => {
  expect(regionsIn('..1', '1..')).toHaveLength(2);
});

test('a spiral and a full picture of 5x5 are 1 region each, of 17 and 25 pixels', () => {
  expect(regionsIn('11111', '....1', '111.1', '1...1', '11111')).toEqual([{ label: 1, left: 0, top: 0, right: 4, bottom: 4, area: 17 }]);
  expect(regionsIn('22222', '22222', '22222', '22222', '22222')).toEqual([{ label: 2, left: 0, top: 0, right: 4, bottom: 4, area: 25 }]);
});

test('an empty picture has 0', () => {
  expect(regionsIn('...', '...')).toEqual([]);
});
