import { expect, test } from 'vitest';
import { withSetValues } from '../../../runtime/config/set-values.ts';
import { thresholdsOfFlags } from '../../../runtime/config/threshold-flags.ts';

const TREE = { thresholds: { max_p95: '2s', health: { max_p95: '1s' } }, warm_up: { requests: 10 } };

test.each([
  ['thresholds.max_p95=3s', { ...TREE, thresholds: { ...TREE.thresholds, max_p95: '3s' } }],
  ['warm_up.requests=50', { ...TREE, warm_up: { requests: 50 } }],
  ['warm_up={ requests: 5 }', { ...TREE, warm_up: { requests: 5 } }],
  ['warm_up=', { thresholds: TREE.thresholds }],
  ['thresholds.health.max_p95=', { ...TREE, thresholds: { max_p95: '2s', health: {} } }],
  [
    'environments.local.base_url=http://localhost:9000/a=b',
    { ...TREE, environments: { local: { base_url: 'http://localhost:9000/a=b' } } },
  ],
  ['thresholds."http_reqs{a.b:c}"=["count>1"]', { ...TREE, thresholds: { ...TREE.thresholds, 'http_reqs{a.b:c}': ['count>1'] } }],
  ['test_mix.predict=0', { ...TREE, test_mix: { predict: 0 } }],
])('--set %s', (text, tree) => {
  expect(withSetValues(TREE, [text])).toEqual(tree);
});

test('of two --set the later one stands, and the tree that was given is not changed', () => {
  expect(withSetValues(TREE, ['warm_up.requests=1', 'warm_up.requests=2'])).toMatchObject({ warm_up: { requests: 2 } });
  expect(TREE.warm_up.requests).toBe(10);
});

test.each([
  ['nothing', '--set: expected a key of config.yaml and its value, such as thresholds.max_p95=2s; got "nothing"'],
  ['=5', '--set: expected a key of config.yaml and its value'],
  ['a=[1', '--set: expected YAML behind the "=" of "a=[1"'],
  ['thresholds.max_p95.limit=5', '--set: expected the path to a key; in "thresholds.max_p95.limit=5" there is no map around "limit"'],
])('--set %s is refused', (text, message) => {
  expect(() => withSetValues(TREE, [text])).toThrow(message);
});

test('--threshold takes short forms, those of a task, and expressions; of one metric several', () => {
  const texts = [
    'max_p95=2s',
    'min_rps: 10',
    'health.max_failure_rate=1%',
    'health.max_p95=200ms',
    'http_reqs{a:b}: count>5',
    'http_reqs{a:b}: rate>1',
  ];
  expect(thresholdsOfFlags(texts)).toEqual({
    max_p95: '2s',
    min_rps: 10,
    health: { max_failure_rate: '1%', max_p95: '200ms' },
    'http_reqs{a:b}': ['count>5', 'rate>1'],
  });
});

test.each([
  ['fast', '--threshold: expected max_p95=2s, health.max_p95=200ms or "http_req_waiting{task:health}: p(99)<1s"; got "fast"'],
  ['max_p95=soon', '--threshold max_p95: expected 1us to 1h'],
])('--threshold %s is refused', (text, message) => {
  expect(() => thresholdsOfFlags([text])).toThrow(message);
});
