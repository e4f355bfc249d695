import { expect, test } from 'vitest';
import { BugError, ConfigError, ScriptError } from '../../../runtime/core/errors.ts';
import { renderError } from '../../../runtime/report/error.ts';

test('a config error is its message and its hint, without a stack', () => {
  const error = new ConfigError('--users', 'expected a whole number; got "-1"', { hint: 'see stressrun --help' });
  expect(renderError(error)).toBe('stressrun: --users: expected a whole number; got "-1"\n  hint: see stressrun --help\n');
});

test('a script error keeps the frames of its message and adds none', () => {
  const error = new ScriptError('the script threw: boom\n    at default (scripts/predict.ts:4:9)');
  expect(renderError(error)).toBe('stressrun: the script threw: boom\n    at default (scripts/predict.ts:4:9)\n');
});

test('escape codes of a thrown message do not reach the terminal', () => {
  expect(renderError(new ScriptError('\u001b[2Jgone'))).toBe('stressrun: gone\n');
});

test.each([
  ['a broken invariant', new BugError('two owners of index 7')],
  ['a foreign error', new TypeError('two owners of index 7')],
])('%s comes with its stack, its cause and the wish for a report', (_, error) => {
  error.cause = new RangeError('the cause');
  const text = renderError(error);
  expect(text).toContain('stressrun: internal error: two owners of index 7\n');
  expect(text).toMatch(/\n {4}at .*error\.test\.ts/);
  expect(text).toContain('RangeError: the cause');
  expect(text).toContain('Please report it');
});

test('a thrown text is an internal error too', () => {
  expect(renderError('nope')).toContain("stressrun: internal error: nope\n'nope'\n");
});
