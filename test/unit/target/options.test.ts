import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { parseTargetOptions, type RawTargetOptions } from '../../../runtime/target/options.ts';

test('without flags it listens on 127.0.0.1:8000, with no delay, no limit and no errors', () => {
  expect(parseTargetOptions()).toEqual({
    host: '127.0.0.1',
    port: 8000,
    latency: { kind: 'fixed', latencyUs: 0 },
    slots: undefined,
    queue: undefined,
    errorRatio: 0,
    coldStartUs: 0,
    seed: 1,
    hasServerTiming: false,
  });
});

test('all 9 flags are read as texts, as the command line gives them', () => {
  const raw = {
    host: '0.0.0.0',
    port: '0',
    latency: 'normal(50ms,10ms)',
    slots: '2',
    queue: '0',
    errorRate: '1.5%',
    coldStart: '2s',
    seed: '42',
    serverTiming: 'true',
  };
  expect(parseTargetOptions(raw)).toEqual({
    host: '0.0.0.0',
    port: 0,
    latency: { kind: 'normal', meanUs: 50_000, deviationUs: 10_000 },
    slots: 2,
    queue: 0,
    errorRatio: 0.015,
    coldStartUs: 2_000_000,
    seed: 42,
    hasServerTiming: true,
  });
  expect(parseTargetOptions({ ...raw, port: 0, slots: 2, queue: 0, seed: 42, serverTiming: true })).toEqual(parseTargetOptions(raw));
});

const REFUSED: [raw: object, message: string][] = [
  [{ port: 65_536 }, '--port: expected a whole number from 0 to 65535; got 65536'],
  [{ port: 'http' }, '--port: expected a whole number from 0 to 65535; got "http"'],
  [{ latency: 'fast' }, '--latency: expected a latency such as "50ms"'],
  [{ slots: 0 }, '--slots: expected a whole number from 1 to 10000; got 0'],
  [{ queue: 5 }, '--queue: expected --slots beside it; got none'],
  [{ slots: 1, queue: -1 }, '--queue: expected a whole number from 0 to 1000000; got -1'],
  [{ errorRate: '0.01' }, '--error-rate: expected 0% to 100%, such as "1%"; got "0.01"'],
  [{ errorRate: '101%' }, '--error-rate: expected 0% to 100%, such as "1%"; got "101%"'],
  [{ coldStart: '2' }, '--cold-start: expected a duration such as "30s", "1m30s" or "500ms"; got "2"'],
  [{ seed: 1.5 }, '--seed: expected a whole number from 0 to 4294967295; got 1.5'],
  [{ serverTiming: 'yes' }, '--server-timing: expected true or false; got "yes"'],
  [{ host: '' }, '--host: expected an address or host name; got ""'],
  [{ lattency: '1s' }, 'target: expected host, port, latency'],
];

test.each(REFUSED)('%j is refused', (raw: RawTargetOptions, message) => {
  expect(() => parseTargetOptions(raw)).toThrow(ConfigError);
  expect(() => parseTargetOptions(raw)).toThrow(message);
});
