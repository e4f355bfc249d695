import { expect, test } from 'vitest';
import type { Comparison } from '../../../runtime/core/plan.ts';
import { standing } from '../../../runtime/verdict/compare.ts';

test.each<[comparison: Comparison, low: number, high: number, stands: string]>([
  ['<', 8, 9, 'met'],
  ['<', 9, 10, 'undecided'],
  ['<', 10, 11, 'missed'],
  ['<=', 9, 10, 'met'],
  ['<=', 10, 11, 'undecided'],
  ['<=', 11, 12, 'missed'],
  ['>', 11, 12, 'met'],
  ['>', 10, 11, 'undecided'],
  ['>', 9, 10, 'missed'],
  ['>=', 10, 11, 'met'],
  ['>=', 9, 10, 'undecided'],
  ['==', 9, 11, 'undecided'],
  ['==', 10, 10, 'met'],
  ['==', 11, 12, 'missed'],
  ['!=', 9, 11, 'undecided'],
  ['!=', 10, 10, 'missed'],
  ['!=', 11, 12, 'met'],
])('"%s 10" of a value that lies within %d and %d: %s', (comparison, low, high, stands) => {
  expect(standing({ value: high, range: { low, high } }, { comparison, limit: 10 })).toBe(stands);
});

test('a value without a range is exact', () => {
  expect(standing({ value: 10 }, { comparison: '<=', limit: 10 })).toBe('met');
  expect(standing({ value: 10 }, { comparison: '<', limit: 10 })).toBe('missed');
});
