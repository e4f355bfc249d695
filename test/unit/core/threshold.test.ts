import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUILT_IN_METRICS } from '../../../runtime/core/built-in-metrics.ts';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { MetricDefinition } from '../../../runtime/core/records.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../../runtime/core/threshold.ts';

const time: MetricDefinition = { name: 'http_req_duration', type: 'trend', unit: 'time' };
const plain: MetricDefinition = { name: 'confidence', type: 'trend', unit: 'default' };
const data: MetricDefinition = { name: 'picture_size', type: 'trend', unit: 'data' };
const counter: MetricDefinition = { name: 'http_reqs', type: 'counter', unit: 'default' };
const bytes: MetricDefinition = { name: 'data_sent', type: 'counter', unit: 'data' };
const rate: MetricDefinition = { name: 'http_req_failed', type: 'rate', unit: 'default' };
const gauge: MetricDefinition = { name: 'vus', type: 'gauge', unit: 'default' };

const parse = (text: string, definition: MetricDefinition) => parseThresholdExpression('thresholds.x', text, definition);
const percentile = (ratio: number) => ({ kind: 'percentile', ratio });

test.each<[string, MetricDefinition, object, string, number]>([
  ['p(95)<2s', time, percentile(0.95), '<', 2_000_000],
  ['p(99.9)<=200ms', time, percentile(0.999), '<=', 200_000],
  ['  p( 95 )  <  2s ', time, percentile(0.95), '<', 2_000_000],
  ['avg<100', time, { kind: 'avg' }, '<', 100_000],
  ['avg<.5', time, { kind: 'avg' }, '<', 500],
  ['max<1e3', time, { kind: 'max' }, '<', 1_000_000],
  ['med<500us', time, percentile(0.5), '<', 500],
  ['min>=1m', time, { kind: 'min' }, '>=', 60_000_000],
  ['p(95)<1m30s', time, percentile(0.95), '<', 90_000_000],
  ['p(0)>0', time, percentile(0), '>', 0],
  ['avg>0.5', plain, { kind: 'avg' }, '>', 0.5],
  ['avg>-1', plain, { kind: 'avg' }, '>', -1],
  ['p(95)<1.5MB', data, percentile(0.95), '<', 1_500_000],
  ['max<2KiB', data, { kind: 'max' }, '<', 2048],
  ['max<3 kB', data, { kind: 'max' }, '<', 3000],
  ['max<70B', data, { kind: 'max' }, '<', 70],
  ['max<70', data, { kind: 'max' }, '<', 70],
  ['count>=100', counter, { kind: 'count' }, '>=', 100],
  ['rate>10', counter, { kind: 'rate' }, '>', 10],
  ['count<1MiB', bytes, { kind: 'count' }, '<', 1_048_576],
  ['rate<1%', rate, { kind: 'rate' }, '<', 0.01],
  ['rate<0.7%', rate, { kind: 'rate' }, '<', 0.007],
  ['rate<0.01', rate, { kind: 'rate' }, '<', 0.01],
  ['rate===1', rate, { kind: 'rate' }, '==', 1],
  ['rate!=0', rate, { kind: 'rate' }, '!=', 0],
  ['fails<5', rate, { kind: 'fails' }, '<', 5],
  ['value==5', gauge, { kind: 'value' }, '==', 5],
])('%s is read with its unit', (text, definition, aggregate, comparison, limit) => {
  expect(parse(text, definition)).toEqual({ aggregate, comparison, limit, limitText: text.split(/[<>=!]+/)[1]?.trim() });
});

test.each<[string, MetricDefinition, string]>([
  ['p(101)<2s', time, 'a percentile is between 0 and 100'],
  ['p(-1)<2s', time, 'a percentile is between 0 and 100'],
  ['p(x)<2s', time, 'a percentile is between 0 and 100'],
  ['rate<1%', time, 'expected avg, min, med, max or p(N) of a trend; got "rate"'],
  ['p(95)<1', counter, 'expected count or rate of a counter; got "p(95)"'],
  ['p95<2s', time, 'expected an aggregate, a comparison and a limit, such as "p(95)<2s"'],
  ['count<5', gauge, 'expected value of a gauge; got "count"'],
  ['p(95)<2parsecs', time, 'expected a time such as "200ms", "2s", "1m" or "500us", or a number of milliseconds; got "2parsecs"'],
  ['p(95)<2MB', time, 'expected a time such as "200ms", "2s", "1m" or "500us", or a number of milliseconds; got "2MB"'],
  ['max<2s', data, 'expected an amount of data such as "500kB", "2MB" or "1MiB", or a number of bytes; got "2s"'],
  ['count<5s', counter, 'expected a plain number as the limit, without a unit; got "5s"'],
  ['rate<5', rate, 'expected a share from 0% to 100%, or from 0 to 1; got "5"'],
  ['rate<101%', rate, 'expected a share from 0% to 100%, or from 0 to 1; got "101%"'],
  ['rate!==1', rate, 'expected an aggregate, a comparison and a limit, such as "rate<1%"'],
  ['rate<', rate, 'expected an aggregate, a comparison and a limit, such as "rate<1%"'],
  ['avg<1e999', plain, 'expected a plain number as the limit, without a unit; got "1e999"'],
  ['constructor<1', plain, 'expected avg, min, med, max or p(N) of a trend; got "constructor"'],
  ['', counter, 'expected an aggregate, a comparison and a limit, such as "count>=100"'],
])('%s is refused with what is allowed', (text, definition, problem) => {
  expect(() => parse(text, definition)).toThrow(new ConfigError('thresholds.x', `${JSON.stringify(text)}: ${problem}`));
});

test('a key names a metric and its tags; spaces and quotes are dropped, a value may be a URL or empty', () => {
  expect(parseThresholdKey('t', 'http_reqs')).toEqual({ metric: 'http_reqs', tags: {} });
  expect(parseThresholdKey('t', 'http_reqs{task:health, name:"/a b"}')).toEqual({
    metric: 'http_reqs',
    tags: { task: 'health', name: '/a b' },
  });
  expect(parseThresholdKey('t', 'http_reqs{name:http://host:80/x}')).toEqual({ metric: 'http_reqs', tags: { name: 'http://host:80/x' } });
  expect(parseThresholdKey('t', 'http_reqs{group:}')).toEqual({ metric: 'http_reqs', tags: { group: '' } });
  expect(parseThresholdKey('t', 'http_reqs{group:::setup}')).toEqual({ metric: 'http_reqs', tags: { group: '::setup' } });
  expect(Object.keys(parseThresholdKey('t', 'http_reqs{__proto__:x}').tags)).toEqual(['__proto__']);
});

test.each([
  '',
  'x',
  '9lives',
  'http_reqs{',
  'http_reqs{}',
  'http_reqs{task}',
  'http_reqs{:a}',
  'http_reqs{a:1,a:2}',
  'http_reqs{a:1,}',
  'http_reqs}a{',
])('the key %j is refused', (key) => {
  expect(() => parseThresholdKey('t', key)).toThrow(ConfigError);
});

test('10,000 random texts are read or refused with a ConfigError, and a limit that is read is a number', () => {
  const pieces = fc.constantFrom(
    'p(',
    '95',
    ')',
    '<',
    '<=',
    '===',
    '!',
    '>',
    '2s',
    '1%',
    'rate',
    'count',
    'avg',
    'med',
    'value',
    ' ',
    '-',
    '.',
    'e',
    '{',
    '}',
    ':',
    ',',
    '"',
    'MB',
    '∞',
    'NaN',
    'Infinity',
    ' for ',
    '10s',
    ' in ',
    '99%',
    ' of seconds',
  );
  const anyText = fc.oneof(
    fc.string(),
    fc.array(pieces, { maxLength: 9 }).map((parts) => parts.join('')),
    fc.string({ unit: 'grapheme' }),
  );
  fc.assert(
    fc.property(anyText, fc.constantFrom(time, plain, data, counter, bytes, rate, gauge), (text, definition) => {
      try {
        const { limit, window } = parse(text, definition);
        expect(Number.isFinite(limit)).toBe(true);
        if (window?.kind === 'for') expect(window.durationUs).toBeGreaterThanOrEqual(1_000_000);
        if (window?.kind === 'share') expect(window.ratio > 0 && window.ratio <= 1).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
        expect((error as ConfigError).where).toBe('thresholds.x');
      }
      try {
        parseThresholdKey('t', text);
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 10_000 },
  );
});

test('the 43 built-in metrics have distinct names, and their times are trends', () => {
  expect(new Set(BUILT_IN_METRICS.map(({ name }) => name)).size).toBe(43);
  for (const { type, unit } of BUILT_IN_METRICS) if (unit === 'time') expect(type).toBe('trend');
});

test.each<[string, Record<string, string>]>([
  ['{name:"a, b"}', { name: 'a, b' }],
  ["{name: 'a,b:c' , task:health}", { name: 'a,b:c', task: 'health' }],
  ['{task:health,name:"http://h/x?ids=1,2,3"}', { task: 'health', name: 'http://h/x?ids=1,2,3' }],
  ["{a:it's,b:it's}", { a: "it's", b: "it's" }],
  ['{a:5",b:6"}', { a: '5', b: '6' }],
])('a value in quotes may have commas: %s', (tags, expected) => {
  expect(parseThresholdKey('t', `http_reqs${tags}`)).toEqual({ metric: 'http_reqs', tags: expected });
});

test('a comma outside quotes is refused with the way to write it', () => {
  expect(() => parseThresholdKey('t', 'http_reqs{name:a, b}')).toThrow(
    't: "http_reqs{name:a, b}": expected a metric, or metric{tag:value,tag2:value}, with quotes around a value that has a comma; got the tag " b"',
  );
});
