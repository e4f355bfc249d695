import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { createTerminal } from '../../../runtime/cli/terminal.ts';
import type { ProgressState } from '../../../runtime/report/progress.ts';
import { Screen } from '../../support/screen.ts';
import { WrittenStream } from './fake-terminal.ts';
import { fixedState } from './live/fixed-state.ts';

const options = { isQuiet: false, colors: 'auto' as const, term: 'xterm' };
const stateAt = (seconds: number): ProgressState => ({
  elapsedUs: seconds * 1_000_000,
  remainingUs: undefined,
  users: 5,
  requestsPerSecond: 10,
  requests: 100,
  failed: 0,
  p95Us: 12_000,
  stage: '',
});
const streams = (isTTY: boolean) => ({ stdout: new WrittenStream(isTTY), stderr: new WrittenStream(isTTY) });

test('on a terminal the line is redrawn in place on stderr, and gone before a result and at the end; notes stay', () => {
  const { stdout, stderr } = streams(true);
  const terminal = createTerminal({ stdout, stderr }, options);
  const seen = (): string[] => {
    const screen = new Screen(100);
    screen.write(stderr.text);
    return screen.lines;
  };
  const line = '0:01  5 users  10 req/s  0 failed  p95 12ms';
  terminal.progress(stateAt(1));
  expect(seen()).toEqual([line]);
  terminal.note('a note');
  terminal.note('another');
  terminal.result('the result\n');
  expect(seen()).toEqual(['a note', 'another']);
  terminal.progress(stateAt(1));
  expect(seen()).toEqual(['a note', 'another', line]);
  terminal.close();
  terminal.close();
  expect(seen()).toEqual(['a note', 'another']);
  expect(stdout.text).toBe('the result\n');
});

test('a terminal of 30 columns gets the facts that it has room for, whole', () => {
  const stderr = new WrittenStream(true, 30);
  const terminal = createTerminal({ stdout: new WrittenStream(true), stderr }, options);
  terminal.progress(stateAt(1));
  expect(stripVTControlCharacters(stderr.text)).toMatch(/^0:01 {2}5 users {2}10 req\/s\n$/);
  terminal.close();
});

test.each([
  ['xterm', false, true],
  ['xterm', true, false],
])('the live view on TERM=%s with colors off: %s has colors: %s, also when stdout is a file', (term, isColorOff, isColor) => {
  const stderr = new WrittenStream(true);
  const terminal = createTerminal(
    { stdout: new WrittenStream(false), stderr },
    { isQuiet: false, colors: isColorOff ? 'off' : 'auto', term },
  );
  terminal.progress(fixedState);
  terminal.close();
  expect(stderr.text.includes('\u001b[32m')).toBe(isColor);
  expect(stderr.text).toContain('thresholds');
});

test('TERM=dumb has no live view and no escape sequence: a line every 10 s, as in a file', () => {
  const { stdout, stderr } = streams(true);
  const terminal = createTerminal({ stdout, stderr }, { ...options, term: 'dumb' });
  for (let second = 0; second <= 20; second++) terminal.progress({ ...fixedState, elapsedUs: second * 1_000_000 });
  terminal.close();
  expect(stderr.text.split('\n').map((line) => line.split(',')[0])).toEqual(['0:10', '0:20', '']);
  expect(stderr.text).not.toContain('\u001b');
});

test('without a terminal, 35 s of progress every second are 3 lines', () => {
  const { stdout, stderr } = streams(false);
  const terminal = createTerminal({ stdout, stderr }, options);
  for (let second = 0; second <= 35; second++) terminal.progress(stateAt(second + 0.3));
  expect(stderr.text.split('\n').map((line) => line.split(',')[0])).toEqual(['0:10', '0:20', '0:30', '']);
  expect(stderr.text).not.toContain('\u001b');
  expect(stdout.text).toBe('');
});

test.each([true, false])('quiet (on a terminal: %s) there is no progress, but there are notes and results', (isTTY) => {
  const { stdout, stderr } = streams(isTTY);
  const terminal = createTerminal({ stdout, stderr }, { ...options, isQuiet: true });
  terminal.progress(stateAt(60));
  terminal.note('a note');
  terminal.result('a result');
  expect(stderr.text).toBe('a note\n');
  expect(stdout.text).toBe('a result\n');
});

test('escape codes in a note (a log line of the script) do not reach the terminal', () => {
  const { stdout, stderr } = streams(true);
  createTerminal({ stdout, stderr }, options).note('\u001b]0;title\u0007\u001b[2Jlog\r\nline');
  expect(stderr.text).toBe('log\nline\n');
});

test.each([
  [true, 'xterm', false, true],
  [true, 'xterm', true, false],
  [true, 'dumb', false, false],
  [false, 'xterm', false, false],
])('color with stdout a terminal: %s, TERM=%s, colors off: %s → %s', (isTTY, term, isColorOff, isColor) => {
  const terminal = createTerminal(
    { stdout: new WrittenStream(isTTY), stderr: new WrittenStream(true) },
    { isQuiet: false, colors: isColorOff ? 'off' : 'auto', term },
  );
  expect(terminal.isColor).toBe(isColor);
});

test('results are as wide as the terminal, and 120 columns in a file', () => {
  expect(createTerminal({ stdout: new WrittenStream(true, 93), stderr: new WrittenStream(true) }, options).columns).toBe(93);
  expect(createTerminal({ stdout: new WrittenStream(false, 93), stderr: new WrittenStream(true) }, options).columns).toBe(120);
});

test('what a start is busy with stands in one line, below notes, cut to the terminal, and gives way to the run and to its end', () => {
  const { stdout, stderr } = streams(true);
  const terminal = createTerminal({ stdout, stderr }, options);
  const seen = (): string[] => {
    const screen = new Screen(100);
    screen.write(stderr.text);
    return screen.lines;
  };
  terminal.starting('bundling predict.ts');
  expect(seen()).toEqual(['starting: bundling predict.ts']);
  terminal.note('a note');
  terminal.starting(`loading ${'x'.repeat(200)}`);
  terminal.progress(stateAt(1));
  terminal.close();
  expect(seen()).toEqual(['a note']);
});

test('--quiet says nothing while it starts', () => {
  const { stdout, stderr } = streams(true);
  const terminal = createTerminal({ stdout, stderr }, { ...options, isQuiet: true });
  terminal.starting('bundling predict.ts');
  terminal.close();
  expect(stderr.text).toBe('');
});
