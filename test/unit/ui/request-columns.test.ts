import { expect, test } from 'vitest';
import { hasContent, REQUEST_COLUMNS, sortedRows } from '../../../runtime/ui/run/request-columns.ts';
import type { LiveRow } from '../../../runtime/views/api.ts';

const rowOf = (name: string, more: Partial<LiveRow> = {}): LiveRow => ({
  task: '',
  method: 'GET',
  name,
  count: 10,
  failed: 0,
  perSecond: 0,
  failedPerSecond: 0,
  medianMs: null,
  p95Ms: null,
  p99Ms: null,
  averageMs: null,
  minMs: null,
  maxMs: null,
  averageBytes: null,
  ...more,
});
const names = (rows: readonly LiveRow[]): string[] => rows.map(({ name }) => name);

test('the slowest of three stands first when p95 descends, and the one without answers last either way', () => {
  const rows = [rowOf('none'), rowOf('fast', { p95Ms: 5 }), rowOf('slow', { p95Ms: 900 })];
  expect(names(sortedRows(rows, { column: 'p95', isDescending: true }))).toEqual(['slow', 'fast', 'none']);
  expect(names(sortedRows(rows, { column: 'p95', isDescending: false }))).toEqual(['fast', 'slow', 'none']);
});

test('equal rows are in the order of their names, so that they do not change places each second', () => {
  expect(names(sortedRows([rowOf('b'), rowOf('a')], { column: 'count', isDescending: true }))).toEqual(['a', 'b']);
});

test('1 failure of 10 ranks above 5 of 100 by share', () => {
  const rows = [rowOf('five', { count: 100, failed: 5 }), rowOf('one', { failed: 1 })];
  expect(names(sortedRows(rows, { column: 'failedRatio', isDescending: true }))).toEqual(['one', 'five']);
});

test('a column that a later version no longer has does not break the table', () => {
  expect(names(sortedRows([rowOf('b'), rowOf('a')], { column: 'gone', isDescending: false }))).toEqual(['a', 'b']);
});

test('a column without anything in it is none: no tasks, no sizes', () => {
  const shown = REQUEST_COLUMNS.filter((column) => hasContent(column, [rowOf('a'), rowOf('b', { p95Ms: 5 })])).map(({ id }) => id);
  expect(shown).toEqual(['method', 'name', 'count', 'failed', 'failedRatio', 'perSecond', 'failedPerSecond', 'p95']);
});
