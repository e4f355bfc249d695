import { expect, test } from 'vitest';
import { runNames } from '../../../runtime/ui/history/run-names.ts';

const at = (id: string, startedMs: number): { id: string; entry: { startedMs: number } } => ({ id, entry: { startedMs } });
const MINUTE = new Date(2026, 10, 30, 14, 5).getTime();

test('runs of different minutes are called by them', () => {
  expect(runNames([at('a', MINUTE), at('b', MINUTE + 60_000)])).toEqual(['2026-11-30 14:05', '2026-11-30 14:06']);
});

test('where two of three runs began in one minute all three are told to the second: their dates stand below each other', () => {
  expect(runNames([at('a', MINUTE + 3_000), at('b', MINUTE + 41_000), at('c', MINUTE + 60_000)])).toEqual([
    '2026-11-30 14:05:03',
    '2026-11-30 14:05:41',
    '2026-11-30 14:06:00',
  ]);
});

test('runs of one second are told apart by the end of their ids, and a run by what baseline it is', () => {
  expect(
    runNames([at('2026-11-30T14-05-03-predict-3f9a', MINUTE), at('2026-11-30T14-05-03-predict-b1c2', MINUTE), at('baseline:main', MINUTE)]),
  ).toEqual(['2026-11-30 14:05:00 3f9a', '2026-11-30 14:05:00 b1c2', '2026-11-30 14:05:00 baseline main']);
});
