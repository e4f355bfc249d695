import { expect, test } from 'vitest';
import { type ProgressState, renderProgress, renderProgressLine } from '../../../runtime/report/progress.ts';

const state: ProgressState = {
  elapsedUs: 12_400_000,
  remainingUs: 17_600_000,
  users: 5,
  requestsPerSecond: 27.14,
  requests: 336,
  failed: 2,
  p95Us: 892_000,
  stage: 'stopping',
};

test('the live line tells time, a bar, the stage, users, rate, failures and p95', () => {
  expect(renderProgress(state, 120)).toBe('0:12/0:30  ███████░░░░░░░░░  stopping  5 users  27.1 req/s  2 failed  p95 892ms');
});

test('a terminal of 60 columns gets the line without the bar, one of 20 what fits whole', () => {
  expect(renderProgress(state, 70)).toBe('0:12/0:30  stopping  5 users  27.1 req/s  2 failed  p95 892ms');
  expect(renderProgress(state, 20)).toBe('0:12/0:30  stopping');
});

test('without a planned end there is no bar, and before the first answer no p95', () => {
  expect(renderProgress({ ...state, remainingUs: undefined, p95Us: undefined, users: 1 }, 120)).toBe(
    '0:12  stopping  1 user  27.1 req/s  2 failed  p95 –',
  );
});

test('a run of length 0 and a time before the start draw a full and an empty bar', () => {
  expect(renderProgress({ ...state, elapsedUs: 0, remainingUs: 0 }, 120)).toContain('█'.repeat(16));
  expect(renderProgress({ ...state, elapsedUs: -500_000 }, 120)).toContain(`0:00/0:17  ${'░'.repeat(16)}`);
});

test('the log line has the requests so far and 1:02:03 for 3,723 s', () => {
  expect(renderProgressLine({ ...state, elapsedUs: 3_723_000_000, stage: '' })).toBe(
    '1:02:03, 0:17 left, 5 users, 27.1 req/s, 2 failed, p95 892ms, 336 requests',
  );
});
