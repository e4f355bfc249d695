import { expect, test } from 'vitest';
import { cellsOf, clipped, clippedInside, joined, padded } from '../../../../runtime/cli/live/cells.ts';

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🚀', 2],
  ['▁█✓…', 4],
])('%s takes %d cells', (text, cells) => {
  expect(cellsOf(text)).toBe(cells);
});

test('what is too long ends in … and is never wider than asked for, also when a wide character does not fit', () => {
  expect(clipped('predict', 4)).toBe('pre…');
  expect(clipped('日本語', 4)).toBe('日…');
  expect(clipped('abc', 0)).toBe('');
  expect(padded('日本語', 4)).toBe('日… ');
  expect(padded('7', 3, 'right')).toBe('  7');
});

test('parts that do not fit are left out from the first one on; the first is clipped instead', () => {
  const parts = [{ text: '0:45' }, { text: '' }, { text: '21 users' }, { text: '95 failed' }, { text: 'x' }];
  expect(joined(parts, 25)).toBe('0:45  21 users  95 failed');
  expect(joined(parts, 24)).toBe('0:45  21 users');
  expect(joined(parts, 3)).toBe('0:…');
});

test('what is cut out of the middle leaves the end: 12 cells of a threshold still tell its limit', () => {
  expect(clippedInside('http_req_duration: p(95)<2s', 12)).toBe('htt…p(95)<2s');
  expect(clippedInside('日本語日本語', 7)).toBe('日…本語');
  expect(clippedInside('short', 12)).toBe('short');
});
