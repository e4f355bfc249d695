import { expect, test } from 'vitest';
import { failedRun } from '../report/fixed-runs.ts';
import { emptyLog, LIVE, logOf, secondAt } from './samples.ts';

function numbersAfter(log: ReturnType<typeof logOf>, number: number): number[] {
  const events = log.after(number);
  if (events === 'gone') throw new Error('gone');
  return events.map((event) => event.number);
}

test('events are numbered from 1, and who has seen 3 of 5 gets 4 and 5, each once', () => {
  const log = logOf(5);
  expect(numbersAfter(log, 0)).toEqual([1, 2, 3, 4, 5]);
  expect(numbersAfter(log, 3)).toEqual([4, 5]);
  expect(numbersAfter(log, 5)).toEqual([]);
});

test('states, seconds, edits, logs and the end come in the order in which they happened', () => {
  const log = emptyLog();
  log.push({ type: 'state', state: 'running', detail: 'measuring' });
  log.push({ type: 'second', series: secondAt(0), live: LIVE });
  log.push({ type: 'edit', edit: { second: 1, change: 'users 5 → 9 (default)' } });
  log.push({ type: 'log', line: { atMs: 0, level: 'info', text: 'hello' } });
  log.push({ type: 'ended', result: failedRun });
  const events = log.after(0);
  expect(events === 'gone' ? events : events.map(({ event }) => event.type)).toEqual(['state', 'second', 'edit', 'log', 'ended']);
  expect(log.state).toBe('ended');
});

test('of 15,000 seconds the last 7,200 can be sent again, and the view has all of them in steps of 4 s', () => {
  const log = logOf(15_000);
  expect(log.after(100)).toBe('gone');
  expect(numbersAfter(log, 15_000 - 7_200)).toHaveLength(7_200);
  const { series, lastEvent } = log.view([]);
  expect([series.foldedBy, series.endS.length, series.endS.at(-1), lastEvent]).toEqual([4, 3_750, 15_000, 15_000]);
  expect([series.requests[0], series.lengthS[0], series.responseTimeMs.p95[0], series.users[0]]).toEqual([40, 4, 3, 5]);
});

test('of 1,000 lines in one second 100 are kept, the last of which says that there were more', () => {
  const log = emptyLog();
  for (let i = 0; i < 1_000; i++) log.push({ type: 'log', line: { atMs: 0, level: 'info', text: `line ${i}` } });
  const { logs } = log.view([]);
  expect(logs).toHaveLength(100);
  expect(logs.at(-1)?.text).toContain('more lines than can be read');
  log.push({ type: 'second', series: secondAt(0), live: LIVE });
  log.push({ type: 'log', line: { atMs: 0, level: 'info', text: 'next second' } });
  expect(log.view([]).logs.at(-1)?.text).toBe('next second');
});
