import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { MetricDefinition, MetricType, MetricUnit } from '../../../runtime/core/records.ts';
import { parseThresholdExpression } from '../../../runtime/core/threshold.ts';

const metric = (type: MetricType, unit: MetricUnit = 'default'): MetricDefinition => ({ name: 'm', type, unit });
const time = metric('trend', 'time');
const parse = (text: string, definition: MetricDefinition) => parseThresholdExpression('thresholds.x', text, definition);

test.each<[string, MetricDefinition, string, object]>([
  ['p(95)<2s for 10s', time, '2s', { kind: 'for', durationUs: 10_000_000 }],
  ['p(95)<2s  for  1m30s ', time, '2s', { kind: 'for', durationUs: 90_000_000 }],
  ['p(95)<2s in 99% of seconds', time, '2s', { kind: 'share', ratio: 0.99 }],
  ['p(95)<2s in 99.9 % of the seconds', time, '2s', { kind: 'share', ratio: 0.999 }],
  ['p(95)<2s in 0.5 of seconds', time, '2s', { kind: 'share', ratio: 0.5 }],
  ['p(95)<2s in 100% of all seconds', time, '2s', { kind: 'share', ratio: 1 }],
  ['max<3 kB for 5s', metric('trend', 'data'), '3 kB', { kind: 'for', durationUs: 5_000_000 }],
  ['rate<1% for 30s', metric('rate'), '1%', { kind: 'for', durationUs: 30_000_000 }],
  ['fails<10 for 1h', metric('rate'), '10', { kind: 'for', durationUs: 3_600_000_000 }],
  ['rate>50 in 95% of seconds', metric('counter'), '50', { kind: 'share', ratio: 0.95 }],
])('%s has its limit and its window', (text, definition, limitText, window) => {
  expect(parse(text, definition)).toMatchObject({ limitText, window });
});

test('an expression without a window has none', () => {
  expect(parse('p(95)<2s', time)).not.toHaveProperty('window');
});

test.each<[string, MetricDefinition, string]>([
  ['p(95)<2s for 500ms', time, 'expected whole seconds from 1s to 1h after "for", such as "for 10s"; got "500ms"'],
  ['p(95)<2s for 1.5s', time, 'expected whole seconds from 1s to 1h after "for", such as "for 10s"; got "1.5s"'],
  ['p(95)<2s for 61m', time, 'expected whole seconds from 1s to 1h after "for", such as "for 10s"; got "61m"'],
  ['p(95)<2s for ever', time, 'expected whole seconds from 1s to 1h after "for", such as "for 10s"; got "ever"'],
  ['p(95)<2s in 0% of seconds', time, 'expected a share above 0% and up to 100%, such as "in 99% of seconds"; got "0%"'],
  ['p(95)<2s in 101% of seconds', time, 'expected a share above 0% and up to 100%, such as "in 99% of seconds"; got "101%"'],
  ['p(95)<2s in most of seconds', time, 'expected a share above 0% and up to 100%, such as "in 99% of seconds"; got "most"'],
  [
    'p(95)<2s for 10s in 99% of seconds',
    time,
    'expected whole seconds from 1s to 1h after "for", such as "for 10s"; got "10s in 99% of seconds"',
  ],
  ['value<5 for 10s', metric('gauge'), 'a gauge has only its last value: expected no "for …" and no "in … of seconds"'],
  ['p(95) for 10s', time, 'expected an aggregate, a comparison and a limit, such as "p(95)<2s"'],
])('%s is refused with what is allowed', (text, definition, problem) => {
  expect(() => parse(text, definition)).toThrow(new ConfigError('thresholds.x', `${JSON.stringify(text)}: ${problem}`));
});
