import { expect, test } from 'vitest';
import {
  counted,
  formatAxisSeconds,
  formatBytes,
  formatInUnit,
  formatMs,
  formatNumber,
  formatRatio,
  formatSeconds,
  shortScript,
} from '../../../runtime/ui/format.ts';

test('milliseconds are shown with about three digits, from 60 s on as minutes', () => {
  expect([0, 0.25, 8.44, 212.4, 1530, 61_000].map(formatMs)).toEqual(['0ms', '250µs', '8.44ms', '212ms', '1.53s', '1m 1s']);
});

test('4 µs and 60 ns are not 0 ms', () => {
  expect([0.004, 0.000_06, 0.05].map(formatMs)).toEqual(['4µs', '0.06µs', '50µs']);
});

test('a ratio of 0.0004 is 0.04%, one of 0.000_04 less than 0.01%, never 0%', () => {
  expect([0, 0.000_04, 0.0004, 0.0017, 0.0124, 0.1234, 0.5, 1, 10.7].map(formatRatio)).toEqual([
    '0%',
    '< 0.01%',
    '0.04%',
    '0.17%',
    '1.24%',
    '12.3%',
    '50%',
    '100%',
    '1,070%',
  ]);
});

test('a ratio of 0.996 is 99.6%, one of 0.99996 more than 99.99%, never 100%', () => {
  expect([0.99, 0.993, 0.996, 0.9994, 0.999_96, 0.999_999, 1, 1.004].map(formatRatio)).toEqual([
    '99%',
    '99.3%',
    '99.6%',
    '99.94%',
    '> 99.99%',
    '> 99.99%',
    '100%',
    '100%',
  ]);
});

test('a number of 0.04 or 0.0004 is not 0', () => {
  expect([0, 0.04, 0.0004, -0.0004].map((value) => formatNumber(value))).toEqual(['0', '0.04', '0.0004', '-0.0004']);
});

test('1 user, 2 users, 2,000 users', () => {
  expect([1, 2, 2000].map((count) => counted(count, 'user'))).toEqual(['1 user', '2 users', '2,000 users']);
});

test('numbers have a decimal only below 100', () => {
  expect([3.25, 99.96, 100.4, 12_345.6].map((value) => formatNumber(value))).toEqual(['3.3', '100', '100', '12,346']);
});

test('bytes are decimal: 1,200,000 are 1.2 MB', () => {
  expect([0, 640, 1_200_000, 143_000_000].map(formatBytes)).toEqual(['0 B', '640 B', '1.2 MB', '143 MB']);
});

test('durations: 45s, 2m 5s, 1h 4m', () => {
  expect([45, 125, 3845].map(formatSeconds)).toEqual(['45s', '2m 5s', '1h 4m']);
});

test('the axis says 0:45, 12:05, 1:04:05, and nothing before the run', () => {
  expect([45, 725, 3845, -5].map(formatAxisSeconds)).toEqual(['0:45', '12:05', '1:04:05', '']);
});

test('what is not known is a dash in every unit', () => {
  for (const unit of ['ms', 'ratio', 'bytes', 'per-second', 'count']) expect(formatInUnit(undefined, unit)).toBe('–');
});

test('a script is called by its file name without the ending', () => {
  expect(['scripts/predict.ts', 'C:\\tests\\a.b.mjs'].map(shortScript)).toEqual(['predict', 'a.b']);
});
