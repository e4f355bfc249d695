import { describe, expect, test } from 'vitest';
import { configOf, LOCAL, planOf, refusalOf } from './fixtures.ts';

const LOAD = { users: '5', duration: '60s' };
const thresholdsOf = (yaml: string) => planOf({ yaml: `${LOCAL}thresholds: { ${yaml} }`, flags: LOAD });
const ofOptions = (thresholds: object, script: object = {}) => planOf({ flags: LOAD, script: { options: { thresholds }, ...script } });

describe('short forms with more than a limit', () => {
  test('max_p95 for 10 s that ends the run, but not before 30 s', () => {
    expect(thresholdsOf('max_p95: { limit: 2s, for: 10s, abort_on_fail: true, delay_abort_eval: 30s }').thresholds).toMatchObject([
      {
        source: 'thresholds.max_p95',
        expression: 'http_req_response_time: p(95)<2s for 10s',
        special: 'latency',
        parsed: { limit: 2_000_000, window: { kind: 'for', durationUs: 10_000_000 } },
        abort: { delayUs: 30_000_000 },
      },
    ]);
  });

  test.each([
    ['max_failure_rate: { limit: 1%, in: 99% }', 'http_req_failed: rate<=1% in 99% of seconds', { kind: 'share', ratio: 0.99 }],
    ['min_rps: { limit: 10, for: 1m }', 'successful requests: rate>=10 for 1m', { kind: 'for', durationUs: 60_000_000 }],
    ['max_failed_checks: { limit: 0.05, for: 5s }', 'failed checks: rate<=0.05 for 5s', { kind: 'for', durationUs: 5_000_000 }],
    ['max_iteration_errors: { limit: 3, for: 5s }', 'iteration_errors: count<=3 for 5s', { kind: 'for', durationUs: 5_000_000 }],
    ['a: { max_p99: { limit: 3s } }', 'http_req_response_time{task:a}: p(99)<3s', undefined],
  ])('%s', (yaml, expression, window) => {
    const [threshold] = thresholdsOf(yaml).thresholds;
    expect([threshold?.expression, threshold?.parsed.window, threshold?.abort]).toEqual([expression, window, undefined]);
  });

  test('min_rps may end a run after a while, or over a window; at once it is a 104, for every run begins with a low rate', () => {
    expect(thresholdsOf('min_rps: { limit: 10, abort_on_fail: true, delay_abort_eval: 20s }').thresholds[0]?.abort).toEqual({
      delayUs: 20_000_000,
    });
    expect(thresholdsOf('min_rps: { limit: 10, abort_on_fail: true, for: 20s }').thresholds[0]?.abort).toEqual({ delayUs: 0 });
    expect(refusalOf(() => thresholdsOf('min_rps: { limit: 10, abort_on_fail: true }')).message).toBe(
      'thresholds.min_rps: expected delay_abort_eval, such as 30s, beside abort_on_fail; got none, and every run begins with a low rate',
    );
  });
});

describe('short forms of streams', () => {
  test.each([
    ['max_first_event_p95: 800ms', 'stream_first_event_due: p(95)<800ms', 'latency'],
    ['max_first_event_p99: 1s', 'stream_first_event_due: p(99)<1s', 'latency'],
    ['max_first_token_p95: 1s', 'stream_first_token_due: p(95)<1s', 'latency'],
    ['max_first_token_p99: { limit: 1s, for: 10s }', 'stream_first_token_due: p(99)<1s for 10s', 'latency'],
    ['max_event_gap_p95: 50ms', 'stream_gap: p(95)<50ms', 'latency'],
    ['max_event_gap_p99: 50ms', 'stream_gap: p(99)<50ms', 'latency'],
    ['max_token_gap_p95: 50ms', 'stream_token_gap: p(95)<50ms', 'latency'],
    ['a: { max_token_gap_p99: 50ms }', 'stream_token_gap{task:a}: p(99)<50ms', 'latency'],
    ['max_stalls: 0', 'stream_stalls: count<=0', undefined],
    ['min_goodput: 95%', 'stream_good: rate>=95%', undefined],
  ])('%s', (yaml, expression, special) => {
    expect(thresholdsOf(yaml).thresholds).toMatchObject([{ expression, special }]);
    expect(thresholdsOf(yaml).notes).toEqual([]);
  });

  test('by a flag, and in options; a metric of streams may be narrowed by the name of a request', () => {
    expect(
      planOf({ yaml: LOCAL, flags: { ...LOAD, thresholdTexts: ['max_first_token_p95=1s', 'a.max_stalls=3'] } }).thresholds,
    ).toMatchObject([{ expression: 'stream_first_token_due: p(95)<1s' }, { expression: 'stream_stalls{task:a}: count<=3' }]);
    const plan = ofOptions({ min_goodput: 0.9, 'stream_gap{name:/chat,status:200}': ['p(99)<1s'] });
    expect([plan.thresholds.map(({ expression }) => expression), plan.notes]).toEqual([
      ['stream_good: rate>=0.9', 'stream_gap{name:/chat,status:200}: p(99)<1s'],
      [],
    ]);
    expect(ofOptions({ 'stream_gap{expected_response:true}': ['p(99)<1s'] }).notes).toEqual([
      'options.thresholds["stream_gap{expected_response:true}"] can match nothing: stream_gap has no tag "expected_response", only scenario, task, phase, group, name, method, status',
    ]);
  });
});

describe('expressions', () => {
  test("a long form by k6's names or by those of config.yaml, alone or in a list", () => {
    const k6 = { threshold: 'rate>0.9', abortOnFail: true, delayAbortEval: '5s' };
    expect(ofOptions({ checks: [k6] })).toMatchObject({
      thresholds: [{ expression: 'checks: rate>0.9', abort: { delayUs: 5_000_000 } }],
      notes: [],
    });
    expect(ofOptions({ checks: [{ ...k6, delayAbortEval: 1500 }] }).thresholds[0]?.abort).toEqual({ delayUs: 1_500_000 });
    expect(ofOptions({ checks: [{ threshold: 'rate>0.9', abortOnFail: false }] }).thresholds[0]).not.toHaveProperty('abort');
    const yaml =
      'checks: { expression: "rate>0.9", abort_on_fail: true }, http_req_duration: ["max<9s", { expression: "p(95)<2s for 10s", abort_on_fail: true, delay_abort_eval: 1m }]';
    expect(thresholdsOf(yaml).thresholds).toMatchObject([
      { expression: 'checks: rate>0.9', abort: { delayUs: 0 } },
      { expression: 'http_req_duration: max<9s' },
      { expression: 'http_req_duration: p(95)<2s for 10s', abort: { delayUs: 60_000_000 } },
    ]);
  });

  test('a delay without abortOnFail is told', () => {
    expect(ofOptions({ checks: [{ threshold: 'rate>0.9', delayAbortEval: '5s' }] }).notes).toEqual([
      'options.thresholds.checks: delayAbortEval has no effect without abortOnFail',
    ]);
  });

  test('a bound from below on what only grows may end a run after a while or over a window, not at once', () => {
    const at = (more: object) => ofOptions({ http_reqs: [{ threshold: 'count>100', abortOnFail: true, ...more }] });
    expect(refusalOf(() => at({})).message).toBe(
      'options.thresholds.http_reqs: "count>100": expected delayAbortEval beside abortOnFail, such as "30s"; got none, and every run begins below this bound',
    );
    expect(at({ delayAbortEval: '10s' }).thresholds[0]?.abort).toEqual({ delayUs: 10_000_000 });
    expect(at({ threshold: 'count>100 for 5s' }).thresholds[0]?.abort).toEqual({ delayUs: 0 });
    expect(at({ threshold: 'count<100' }).thresholds[0]?.abort).toEqual({ delayUs: 0 });
  });

  test('fails of http_req_failed are told to be the good ones', () => {
    expect(thresholdsOf('http_req_failed: "fails<10"').notes).toEqual([
      'thresholds.http_req_failed: fails of http_req_failed are the requests that did not fail; passes are those that did',
    ]);
    expect(thresholdsOf('http_req_failed: "passes<10", checks: "fails<10"').notes).toEqual([]);
  });
});

test.each([
  ['max_p95: { limit: 2 }', 'max_p95.limit: expected 1us to 1h, such as "30s" or "1m30s"; got 2'],
  ['max_p95: { for: 10s }', 'max_p95.limit: expected 1us to 1h, such as "30s" or "1m30s"; got nothing'],
  ['max_p95: { limit: 2s, for: 1.5s }', 'max_p95.for: expected whole seconds from 1s to 1h, such as "10s"; got "1.5s"'],
  ['max_p95: { limit: 2s, in: 0% }', 'max_p95.in: expected a share of the seconds above 0%, such as "99%"; got "0%"'],
  ['max_p95: { limit: 2s, in: 99%, for: 10s }', 'max_p95: expected "for" or "in"; got both'],
  ['max_p95: { limit: 2s, abort_on_fail: maybe }', 'max_p95.abort_on_fail: expected true or false; got "maybe"'],
  ['max_p95: { limit: 2s, delay_abort_eval: soon }', 'max_p95.delay_abort_eval: expected 0s to 30d, such as "30s" or "1m30s"; got "soon"'],
  [
    'max_p95: { limit: 2s, abort_on_fial: true }',
    'max_p95: expected the keys limit, for, in, abort_on_fail, delay_abort_eval; got "abort_on_fial": did you mean "abort_on_fail"?',
  ],
  ['max_first_token_p95: 800', 'max_first_token_p95: expected 1us to 1h, such as "30s" or "1m30s"; got 800'],
  ['max_event_gap_p99: fast', 'max_event_gap_p99: expected 1us to 1h, such as "30s" or "1m30s"; got "fast"'],
  ['max_stalls: 1.5', 'max_stalls: expected a whole number from 0 (gaps of streams longer than their stallAfter); got 1.5'],
  ['min_goodput: 95', 'min_goodput: expected a share such as "1%" or 0.01 (0% to 100%); got 95'],
  ['a: { max_first_tokn_p95: 1s }', /max_first_tokn_p95": did you mean "max_first_token_p95"\?/],
  ['max_failure_rate: { limit: 5 }', 'max_failure_rate.limit: expected a share such as "1%" or 0.01 (0% to 100%); got 5'],
  [
    'checks: { threshold: "rate>0.9", abortOnFial: true }',
    'checks: expected the keys threshold, expression, abortOnFail, abort_on_fail, delayAbortEval, delay_abort_eval; got "abortOnFial": did you mean "abortOnFail"?',
  ],
  ['checks: [{ abort_on_fail: true }]', 'checks[0]: expected exactly one of threshold and expression, an expression such as "p(95)<500ms"'],
  [
    'checks: [{ threshold: "rate>0.9", expression: "rate>0.9" }]',
    'checks[0]: expected exactly one of threshold and expression, an expression such as "p(95)<500ms"',
  ],
  [
    'checks: [{ threshold: "rate>0.9", delayAbortEval: soon }]',
    /^thresholds\.checks\[0\]\.delayAbortEval: expected 0s to 30d, .*; got "soon"$/,
  ],
  ['checks: [5]', 'checks[0]: expected an expression such as "p(95)<500ms"; got 5'],
])('%s is a 104', (yaml, message) => {
  const { message: got } = refusalOf(() => configOf(`${LOCAL}thresholds: { ${yaml} }`));
  if (typeof message === 'string') expect(got).toBe(`thresholds.${message}`);
  else expect(got).toMatch(message);
});
