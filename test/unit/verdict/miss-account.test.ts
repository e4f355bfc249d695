import { expect, test } from 'vitest';
import { isEstimate } from '../../../runtime/verdict/miss-account.ts';
import { thresholdOf } from './run-of-seconds.ts';

test.each<[key: string, text: string, special: NonNullable<Parameters<typeof thresholdOf>[2]>['special'] | undefined, is: boolean]>([
  ['http_reqs', 'rate>=10', 'rps', true],
  ['http_req_failed', 'rate<0.1', 'failure-rate', true],
  ['checks', 'rate<0.1', 'failed-checks', true],
  ['checks', 'rate>0.9', undefined, true],
  ['http_req_duration', 'p(95)<10', undefined, true],
  ['http_req_duration', 'p(0)<10', undefined, false],
  ['http_req_duration', 'p(100)<10', undefined, false],
  ['http_req_duration', 'avg<10', undefined, true],
  ['http_req_duration', 'max<10', undefined, false],
  ['http_req_duration', 'min<10', undefined, false],
  ['http_reqs', 'count>10', undefined, false],
  ['vus', 'value>1', undefined, false],
  ['iteration_errors', 'count<1', 'iteration-errors', false],
])('"%s: %s" (%s) becomes truer with more samples: %s', (key, text, special, is) => {
  expect(isEstimate(thresholdOf(key, text, special === undefined ? {} : { special }))).toBe(is);
});
