import { expect, test } from 'vitest';
import type { ThresholdPlan } from '../../../runtime/core/plan.ts';
import { askedOf, marginRatioOf } from '../../../runtime/core/threshold-asked.ts';
import { askedIn } from '../../../runtime/core/threshold-text.ts';
import { liveOf } from '../../../runtime/verdict/live-state.ts';
import { LOCAL, planOf } from '../config/fixtures.ts';
import { thresholdOf } from '../verdict/run-of-seconds.ts';

test.each([
  ['value<10', 8, 0.2],
  ['value<10', 12, -0.2],
  ['value>10', 12, 0.2],
  ['value>-10', -8, 0.2],
  ['value<-10', -8, -0.2],
  ['value==10', 12, undefined],
  ['value!=10', 12, undefined],
  ['value<0', 1, undefined],
])(
  '%s with %d is %s of its limit away, while the run goes on, when it is over, and in a file of an older version',
  (condition, actual, margin) => {
    const plan = thresholdOf('vus', condition);
    const scale = { divisor: 1, unit: 'count', format: String, exactly: String } as const;
    const live = liveOf(plan, 'undecided', { measured: { kind: 'value', value: actual }, scale });
    const { limit } = plan.parsed;
    const [asked, read] = [askedOf(plan, 1), askedIn(plan.expression, limit)];
    expect([live.marginRatio, marginRatioOf({ asked, actual, limit }), marginRatioOf({ asked: read, actual, limit })]).toEqual([
      margin,
      margin,
      margin,
    ]);
  },
);

test.each([
  ['"http_req_duration{task:a}": "p(95)<2s"', 1000, { metric: 'http_req_duration', tags: { task: 'a' }, statistic: 'p(95)', limit: 2000 }],
  ['\'checks{task:a,check:"x: >, y"}\': rate>99%', 1, { metric: 'checks', tags: { task: 'a', check: 'x: >, y' }, statistic: 'rate' }],
  ['http_req_waiting: "med<10 for 30s"', 1000, { statistic: 'p(50)', limit: 10, window: { kind: 'for', durationUs: 30_000_000 } }],
  [
    'max_p99: { limit: 2s, in: 99% }',
    1000,
    { condition: 'p(99)<2s in 99% of seconds', limit: 2000, window: { kind: 'share', ratio: 0.99 } },
  ],
  ['vus: "value===3"', 1, { subject: 'vus', condition: 'value===3', comparison: '==' }],
  ['max_failed_checks: 2%', 1, { subject: 'failed checks', metric: 'checks', form: 'failed-checks', comparison: '<=', limit: 0.02 }],
  ['a: { min_rps: 10 }', 1, { subject: 'successful requests{task:a}', metric: 'http_reqs', tags: { task: 'a' }, form: 'rps' }],
])('%s is kept with all it asks, and a file of an older version says the same in its text', (line, divisor, expected) => {
  const [plan] = planOf({
    yaml: `${LOCAL}thresholds: { ${line} }`,
    flags: { users: '5', duration: '1m' },
    script: { taskNames: ['a'] },
  }).thresholds as [ThresholdPlan];
  const { form, limit = Number.NaN, ...asked } = askedOf(plan, divisor);
  expect({ ...asked, limit, form }).toMatchObject(expected);
  const { form: _, limit: limitRead, ...read } = askedIn(plan.expression, limit);
  expect(read).toEqual(asked);
  expect(limitRead).toBe(asked.window?.kind === 'share' ? undefined : limit);
});

test('what is no threshold at all is read as empty words and nothing asked', () => {
  expect(askedIn('rubbish', 1)).toEqual({
    subject: '',
    condition: 'rubbish',
    metric: '',
    tags: {},
    statistic: '',
    comparison: '<=',
    limit: 1,
  });
});
