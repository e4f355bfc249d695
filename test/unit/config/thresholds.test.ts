import { describe, expect, test } from 'vitest';
import { LOCAL, planOf, refusalOf } from './fixtures.ts';

const LOAD = { users: '5', duration: '10s' };
const METRIC = { name: 'box_error', type: 'trend', unit: 'default' } as const;

/** Thresholds of a plan as `source | expression`. */
function linesOf(options: Parameters<typeof planOf>[0]): string[] {
  return planOf({ flags: LOAD, ...options }).thresholds.map(({ source, expression }) => `${source} | ${expression}`);
}

test('each short form has its metric, its meaning and its limit in recording units', () => {
  const yaml = `${LOCAL}thresholds: { max_failure_rate: 1%, max_p95: 2s, max_p99: 500ms, min_rps: 10, max_failed_checks: 0.05, max_iteration_errors: 0 }`;
  const rows = planOf({ yaml, flags: LOAD }).thresholds.map(({ source, expression, metric, special, tags, parsed }) => [
    source,
    expression,
    metric,
    special,
    parsed.comparison,
    parsed.limit,
    tags,
  ]);
  expect(rows).toEqual([
    ['thresholds.max_p95', 'http_req_response_time: p(95)<2s', 'http_req_response_time', 'latency', '<', 2_000_000, {}],
    ['thresholds.max_p99', 'http_req_response_time: p(99)<500ms', 'http_req_response_time', 'latency', '<', 500_000, {}],
    ['thresholds.max_failure_rate', 'http_req_failed: rate<=1%', 'http_req_failed', 'failure-rate', '<=', 0.01, {}],
    ['thresholds.min_rps', 'successful requests: rate>=10', 'http_reqs', 'rps', '>=', 10, {}],
    ['thresholds.max_failed_checks', 'failed checks: rate<=0.05', 'checks', 'failed-checks', '<=', 0.05, {}],
    ['thresholds.max_iteration_errors', 'iteration_errors: count<=0', 'iteration_errors', 'iteration-errors', '<=', 0, {}],
  ]);
});

test('a task has short forms of its own, with its tag', () => {
  expect(planOf({ yaml: `${LOCAL}thresholds: { predict_large_image: { max_p95: 4s } }`, flags: LOAD }).thresholds).toMatchObject([
    {
      source: 'thresholds.predict_large_image.max_p95',
      expression: 'http_req_response_time{task:predict_large_image}: p(95)<4s',
      tags: { task: 'predict_large_image' },
      special: 'latency',
    },
  ]);
});

test('expressions: one text or a list, with tags, also on metrics of the script', () => {
  const yaml = `${LOCAL}thresholds: { "http_req_duration{task:health,name:http://h/x}": ["p(99)<200ms", "avg<50"], box_error: "max<3" }`;
  expect(planOf({ yaml, flags: LOAD, script: { metrics: [METRIC] } }).thresholds).toMatchObject([
    {
      metric: 'http_req_duration',
      tags: { task: 'health', name: 'http://h/x' },
      expression: 'http_req_duration{task:health,name:http://h/x}: p(99)<200ms',
      parsed: { limit: 200_000 },
      special: undefined,
    },
    { parsed: { limit: 50_000 } },
    { metric: 'box_error', source: 'thresholds.box_error', parsed: { limit: 3 } },
  ]);
});

describe('layers merge by key', () => {
  const yaml = `${LOCAL}
thresholds: { max_p95: 2s, max_p99: 5s, health: { max_p95: 1s, max_p99: 3s }, "http_req_duration{a:1, b:2}": ["avg<1s", "max<9s"] }
test_profiles: { smoke: { users: 5, duration: 10s, thresholds: { max_p95: 3s, health: { max_p95: 2s } } } }
`;
  test('config.yaml < script options < profile', () => {
    const options = { thresholds: { 'http_req_duration{b:2,a:1}': 'avg<2s', max_p99: '6s', checks: ['rate>0.9'] } };
    expect(linesOf({ yaml, script: { options }, flags: { profile: 'smoke' } })).toEqual([
      'test_profiles.smoke.thresholds.max_p95 | http_req_response_time: p(95)<3s',
      'options.thresholds.max_p99 | http_req_response_time: p(99)<6s',
      'test_profiles.smoke.thresholds.health.max_p95 | http_req_response_time{task:health}: p(95)<2s',
      'thresholds.health.max_p99 | http_req_response_time{task:health}: p(99)<3s',
      'options.thresholds["http_req_duration{b:2,a:1}"] | http_req_duration{b:2,a:1}: avg<2s',
      'options.thresholds.checks | checks: rate>0.9',
    ]);
  });

  test('a key that both the script and the profile have is the profile’s, one of the flags is the flags’', () => {
    const options = { thresholds: { max_p95: '4s', max_p99: '6s' } };
    const lines = linesOf({ yaml, script: { options }, flags: { profile: 'smoke', thresholdTexts: ['max_p99=7s'] } });
    expect(lines.slice(0, 2)).toEqual([
      'test_profiles.smoke.thresholds.max_p95 | http_req_response_time: p(95)<3s',
      '--threshold.max_p99 | http_req_response_time: p(99)<7s',
    ]);
  });

  test('thresholds of a profile that is not named do not count', () => {
    expect(linesOf({ yaml })[0]).toBe('thresholds.max_p95 | http_req_response_time: p(95)<2s');
  });
});

test.each([
  [
    'thresholds: { max_p9: 2s }',
    /^thresholds\.max_p9: expected a metric, one of body_received, checks, .*; got "max_p9": did you mean "max_p95"\?$/,
  ],
  ['thresholds: { http_req_duraton: "p(95)<2s" }', /got "http_req_duraton": did you mean "http_req_duration"\?$/],
  ['thresholds: { box_error: "max<3" }', /^thresholds\.box_error: expected a metric/],
  ['thresholds: { http_req_duration: "p95<2s" }', /^thresholds\.http_req_duration: "p95<2s": expected/],
  ['thresholds: { "http_req_duration{task}": "p(95)<2s" }', /^thresholds\["http_req_duration\{task\}"\]: /],
  ['thresholds: { http_req_duration: "p(95)<2 apples" }', /got "2 apples"$/],
])('%s is a 104', (text, message) => {
  expect(refusalOf(() => planOf({ yaml: LOCAL + text, flags: LOAD })).message).toMatch(message);
});

describe('a task that the script does not have', () => {
  const yaml = `${LOCAL}thresholds: { predict_larg: { max_p95: 4s }, max_p95: 1s }`;
  const script = { taskNames: ['health', 'predict_large'] };
  test('in config.yaml, which other scripts share, it is left out and told', () => {
    const plan = planOf({ yaml, flags: LOAD, script });
    expect(plan.thresholds).toHaveLength(1);
    expect(plan.notes).toEqual([
      'thresholds.predict_larg.max_p95 is left out: the script has no task "predict_larg"; did you mean "predict_large"?',
    ]);
  });

  test('in the options of the script itself it is a 104', () => {
    const options = { thresholds: { predict_larg: { max_p95: '1s' } } };
    expect(refusalOf(() => planOf({ flags: LOAD, script: { ...script, options } })).message).toBe(
      'options.thresholds.predict_larg.max_p95: expected a task of the script, one of health, predict_large; got "predict_larg": did you mean "predict_large"?',
    );
  });

  test('it is kept while the tasks are not known, and left out when there are known to be none', () => {
    expect(planOf({ yaml, flags: LOAD }).thresholds).toHaveLength(2);
    expect(planOf({ yaml, flags: LOAD, script: { isTaskListComplete: true } }).thresholds).toHaveLength(1);
  });
});
