import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveScreen } from '../../../../runtime/cli/live/live-screen.ts';
import { Screen } from '../../../support/screen.ts';
import { fixedState } from './fixed-state.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A terminal that is looked at after every write. */
class Terminal extends EventEmitter {
  readonly screen: Screen;
  columns: number;
  rows: number;
  writes = 0;

  constructor(columns: number, rows: number) {
    super();
    this.screen = new Screen(columns);
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    this.writes++;
    this.screen.write(text);
    return true;
  }

  resize(columns: number, rows = this.rows): void {
    this.screen.resize(columns);
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}

const stateAt = (seconds: number) => ({ ...fixedState, elapsedUs: seconds * 1_000_000 });

function shownOn(columns = 80, rows = 40) {
  const terminal = new Terminal(columns, rows);
  const live = new LiveScreen(terminal, { isColor: false });
  live.show(fixedState);
  return { terminal, live };
}

test('the block is redrawn in place: after 5 seconds it is there once, with the last time', () => {
  const { terminal, live } = shownOn();
  const height = terminal.screen.lines.length;
  for (let second = 46; second <= 50; second++) {
    vi.advanceTimersByTime(1_000);
    live.show(stateAt(second));
  }
  expect(terminal.screen.lines).toHaveLength(height);
  expect(terminal.screen.lines[1]).toMatch(/^0:50\//);
  expect(terminal.screen.unknown).toEqual([]);
});

test('lines that are said stand above the block in their order, and stay when it is erased', () => {
  const { terminal, live } = shownOn();
  live.say('one\n');
  live.say('two\nthree\n');
  vi.advanceTimersByTime(125);
  expect(terminal.screen.lines.slice(0, 5)).toEqual([
    'one',
    'two',
    'three',
    expect.stringMatching(/^predict\.ts/),
    expect.stringMatching(/^0:45/),
  ]);
  live.say('four\n');
  live.erase();
  live.say('five\n');
  expect(terminal.screen.lines).toEqual(['one', 'two', 'three', 'four', 'five']);
  expect(vi.getTimerCount()).toBe(0);
});

test('1,000 lines in a second are no more than 9 drawings, and all of them are there', () => {
  const { terminal, live } = shownOn();
  const before = terminal.writes;
  for (let i = 0; i < 1_000; i++) {
    live.say(`line ${i}\n`);
    vi.advanceTimersByTime(1);
  }
  expect(terminal.writes - before).toBeLessThanOrEqual(9 * 3); // the block away, the lines, the block
  live.erase();
  expect(terminal.screen.lines).toEqual(Array.from({ length: 1_000 }, (_, i) => `line ${i}`));
});

test('a terminal that shrinks from 120 to 50 columns wraps the block: it is taken away whole and drawn anew', () => {
  const { terminal, live } = shownOn(120);
  live.say('said before\n');
  vi.advanceTimersByTime(125);
  terminal.resize(50);
  vi.advanceTimersByTime(125);
  expect(terminal.screen.lines[0]).toBe('said before');
  expect(terminal.screen.lines.filter((line) => line.includes('predict.ts'))).toHaveLength(1);
  expect(terminal.screen.lines.every((line) => line.length < 50)).toBe(true);
  terminal.resize(100);
  vi.advanceTimersByTime(125);
  expect(terminal.screen.lines.filter((line) => line.includes('http://127.0.0.1:8000'))).toHaveLength(1);
  live.erase();
  expect(terminal.screen.lines).toEqual(['said before']);
});

test('a terminal that becomes 10 rows high gets a block of 9', () => {
  const { terminal } = shownOn(80, 24);
  terminal.resize(80, 10);
  vi.advanceTimersByTime(125);
  expect(terminal.screen.lines).toHaveLength(9);
});

test('a terminal that says it has 0 columns and 0 rows is taken for 80 and 24', () => {
  const known = new Terminal(80, 24);
  const unsized = Object.assign(new Terminal(80, 24), { columns: 0, rows: 0 });
  for (const each of [known, unsized]) new LiveScreen(each, { isColor: false }).show(fixedState);
  expect(unsized.screen.lines).toEqual(known.screen.lines);
});

test('erasing what is not shown writes nothing, and nobody listens for sizes any more', () => {
  const { terminal, live } = shownOn();
  expect(terminal.listenerCount('resize')).toBe(1);
  live.erase();
  const { writes } = terminal;
  live.erase();
  expect([terminal.writes, terminal.listenerCount('resize'), terminal.screen.lines]).toEqual([writes, 0, ['']]);
});
