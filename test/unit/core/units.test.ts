import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { durationUsOf, formatDurationUs, requireDurationUs } from '../../../runtime/core/units.ts';

test.each([
  ['30s', 30_000_000],
  ['1m30s', 90_000_000],
  ['500ms', 500_000],
  ['1.5h', 5_400_000_000],
  ['0s', 0],
  [' 2d ', 172_800_000_000],
  ['250us', 250],
  ['250µs', 250],
  ['30', undefined],
  ['', undefined],
  ['-1s', undefined],
  ['1s 2s', undefined],
  ['1e3s', undefined],
  [`${'9'.repeat(400)}s`, undefined],
])('%j is %s µs', (text, us) => {
  expect(durationUsOf(text)).toBe(us);
});

test('of 10,000 random texts each is whole µs from 0, or a ConfigError that names the place', () => {
  const pieces = fc.constantFrom('1', '30', '0.5', '.', 's', 'ms', 'm', 'h', 'd', 'us', ' ', '-', 'e', '∞');
  const anyText = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        const us = requireDurationUs('a.b', text);
        expect(Number.isInteger(us) && us >= 0).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect(error).toMatchObject({ where: 'a.b', message: expect.stringMatching(/^a\.b: expected a duration such as/) });
      }
    }),
    { numRuns: 10_000 },
  );
});

test('the sum of the parts is the whole: 10,000 durations written as hours, minutes, seconds and milliseconds', () => {
  const part = fc.nat({ max: 500 });
  fc.assert(
    fc.property(part, part, part, part, (h, m, s, ms) => {
      expect(durationUsOf(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1_000_000 + ms * 1000);
    }),
    { numRuns: 10_000 },
  );
});

test.each([
  [9_876_000, '9.88s'],
  [12_345_678, '12.3s'],
  [15_500_000, '15.5s'],
  [59_900_000, '59.9s'],
  [60_000_000, '1m'],
])('%d µs are shown as %s: two decimals below 10 s, one from there on', (us, text) => {
  expect(formatDurationUs(us)).toBe(text);
});
