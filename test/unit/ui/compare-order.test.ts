import { expect, test } from 'vitest';
import { comparedInOrder, withBase } from '../../../runtime/ui/history/compare-order.ts';
import { ENTRY } from '../server/samples.ts';

const entry = (id: string, startedMs: number, baselines: string[] = []) => ({ ...ENTRY, id, startedMs, baselines });

test('the oldest of three is the base, though the newest was ticked first', () => {
  expect(comparedInOrder([entry('new', 3), entry('old', 1), entry('middle', 2)])).toEqual(['old', 'middle', 'new']);
});

test('a baseline is the base, though it is newer', () => {
  expect(comparedInOrder([entry('old', 1), entry('main', 2, ['main'])])).toEqual(['main', 'old']);
});

test('another base leaves the others in their order', () => {
  expect(withBase(['a', 'b', 'c'], 'c')).toEqual(['c', 'a', 'b']);
});
