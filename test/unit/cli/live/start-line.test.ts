import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StartLine } from '../../../../runtime/cli/live/start-line.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function lineOn(isRedrawn: boolean) {
  const said: string[] = [];
  return { said, line: new StartLine({ show: (text) => said.push(text), isRedrawn }) };
}

test('where a line is redrawn each step is said at once, and every second for how long it has gone on', () => {
  const { said, line } = lineOn(true);
  line.enter('bundling a.ts');
  expect(said).toEqual(['starting: bundling a.ts']);
  vi.advanceTimersByTime(2_000);
  expect(said).toEqual(['starting: bundling a.ts', 'starting: bundling a.ts (1 s)', 'starting: bundling a.ts (2 s)']);
  line.enter('setup');
  expect(said.at(-1)).toBe('starting: setup');
});

test('a log hears of the steps that take 2 s, and of no other', () => {
  const { said, line } = lineOn(false);
  line.enter('bundling a.ts');
  vi.advanceTimersByTime(1_900);
  line.enter('setup');
  vi.advanceTimersByTime(1_900);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(2_200);
  expect(said).toEqual(['starting: setup (2 s)', 'starting: setup (4 s)']);
});

test('after the end nothing is said, whatever begins or goes on', () => {
  const { said, line } = lineOn(true);
  line.enter('bundling a.ts');
  line.end();
  line.enter('setup');
  vi.advanceTimersByTime(5_000);
  expect(said).toEqual(['starting: bundling a.ts']);
});
