import { expect, test } from 'vitest';
import { secondsText } from '../../../runtime/monitor/seconds-text.ts';

test.each([
  [[40], '40 s'],
  [[12, 13, 14, 15, 40], '12–15 s, 40 s'],
  [[3, 1, 2, 0], '0–3 s'],
  [[9, 7], '7 s, 9 s'],
  [[0, 2, 4, 6, 8, 10, 12], '0 s, 2 s, 4 s, 6 s, 8 s and 2 more'],
  [[], ''],
])('seconds %j are "%s"', (seconds, text) => {
  expect(secondsText(seconds)).toBe(text);
});
