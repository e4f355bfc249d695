import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { RunPlan } from '../../../runtime/core/plan.ts';
import { LOCAL, planOf } from './fixtures.ts';

/** A plan that an engine can take, or an error that says where. */
function expectPlanOrPlace(resolve: () => RunPlan, places: RegExp): void {
  let plan: RunPlan;
  try {
    plan = resolve();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).where).toMatch(places);
    return;
  }
  for (const scenario of plan.scenarios) {
    expect(scenario.users).toBeGreaterThanOrEqual(1);
    expect(scenario.curve.length).toBeGreaterThanOrEqual(1);
    expect(scenario.curve[0]?.atUs).toBe(0);
    const times = scenario.curve.map(({ atUs }) => atUs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    if (scenario.kind === 'open') {
      expect(scenario.preAllocatedUsers).toBeLessThanOrEqual(scenario.users);
      expect(scenario.curve.some(({ rate }) => rate > 0)).toBe(true);
      expect(scenario.curve.every(({ rate }) => Number.isFinite(rate) && rate >= 0)).toBe(true);
    } else expect(Math.max(...scenario.curve.map(({ users }) => users))).toBe(scenario.users);
  }
}

const number = fc.oneof(fc.integer({ min: -2, max: 40 }), fc.double({ min: 0, max: 9, noNaN: true }), fc.constant(1e12));
const duration = fc.oneof(fc.constantFrom('0s', '500ms', '10s', '1m30s', 'soon', ''), number);
const executor = fc.constantFrom(
  'shared-iterations',
  'per-vu-iterations',
  'constant-vus',
  'ramping-vus',
  'constant-arrival-rate',
  'ramping-arrival-rate',
  'other',
);
const stages = fc.array(fc.record({ duration, target: number }, { requiredKeys: [] }), { maxLength: 3 });
const shape = fc.record({ samples: fc.array(number, { maxLength: 4 }), everyMs: number });
const scenario = fc.record(
  {
    executor,
    vus: number,
    duration,
    iterations: number,
    stages,
    shape,
    startVUs: number,
    maxDuration: duration,
    rate: number,
    startRate: number,
    timeUnit: duration,
    preAllocatedVUs: number,
    maxVUs: number,
    startTime: duration,
    gracefulStop: duration,
    gracefulRampDown: duration,
    arrivals: fc.constantFrom('even', 'poisson', 'odd'),
    onBusy: fc.constantFrom('queue', 'drop', 'wait'),
    exec: fc.constantFrom('default', 'nothing'),
  },
  { requiredKeys: ['executor'] },
);

test('2,000 random scenarios are a plan, or a ConfigError that names the scenario', () => {
  fc.assert(
    fc.property(scenario, (a) => {
      expectPlanOrPlace(() => planOf({ script: { options: { scenarios: { a } } } }), /^(options\.scenarios\.a|script options)/);
    }),
    { numRuns: 2_000 },
  );
});

/** Keys that an executor may have, with values that are mostly right: far more of these become plans. */
const fitting = fc.oneof(
  fc.record({
    executor: fc.constant('constant-arrival-rate'),
    rate: fc.integer({ min: 1, max: 90 }),
    duration,
    preAllocatedVUs: fc.nat(9),
  }),
  fc.record({
    executor: fc.constant('ramping-arrival-rate'),
    stages: fc.array(fc.record({ duration: fc.constantFrom('0s', '1s'), target: fc.nat(9) }), { minLength: 1, maxLength: 4 }),
    preAllocatedVUs: fc.nat(9),
  }),
  fc.record({
    executor: fc.constant('ramping-vus'),
    stages: fc.array(fc.record({ duration: fc.constantFrom('0s', '1s'), target: fc.nat(9) }), { minLength: 1, maxLength: 4 }),
    startVUs: fc.nat(5),
  }),
  fc.record({
    shape: fc.record({ samples: fc.array(fc.nat(9), { minLength: 2, maxLength: 9 }), everyMs: fc.constantFrom(100, 1000) }),
    duration,
  }),
);

test('1,000 scenarios that are nearly right are a plan, or a ConfigError that names the scenario', () => {
  let plans = 0;
  fc.assert(
    fc.property(fitting, (a) => {
      expectPlanOrPlace(() => {
        const plan = planOf({ script: { options: { scenarios: { a } } } });
        plans++;
        return plan;
      }, /^(options\.scenarios\.a|script options)/);
    }),
    { numRuns: 1_000 },
  );
  expect(plans).toBeGreaterThan(150);
});

test('1,000 random combinations of load flags over a profile of each kind are a plan, or a ConfigError that names a flag or the profile', () => {
  const yaml = `${LOCAL}test_profiles:
  users: { users: 5, duration: 10s }
  count: { users: 5, iterations: 10 }
  shape: { users: 5, duration: 10s, shape: steps }
  stages: { stages: [{ duration: 5s, target: 9 }] }
  rate: { arrival_rate: 5/s, duration: 10s }
  rates: { stages: [{ duration: 5s, rate: 9/s }] }
`;
  const text = fc.constantFrom('0', '1', '3', '2.5', '10s', '0s', '5/s', '60/m', '0/s', 'x');
  const flags = fc.record(
    {
      profile: fc.constantFrom('users', 'count', 'shape', 'stages', 'rate', 'rates'),
      users: text,
      duration: text,
      iterations: text,
      rate: text,
      stages: fc.array(fc.constantFrom('5s:3', '0s:0', 'x'), { minLength: 1, maxLength: 2 }),
      isOnce: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(flags, (given) => {
      expectPlanOrPlace(() => planOf({ yaml, flags: given }), /^(--|test_profiles\.|options$)/);
    }),
    { numRuns: 1_000 },
  );
});

test('2,000 random thresholds are a plan, or a ConfigError that names the threshold', () => {
  const piece = fc.constantFrom(
    'p(95)',
    'rate',
    'count',
    'avg',
    '<',
    '>=',
    '2s',
    '1%',
    '5',
    ' for ',
    '10s',
    ' in ',
    '99%',
    ' of seconds',
    ' ',
  );
  const expression = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 7 }).map((parts) => parts.join('')),
  );
  const flag = fc.constantFrom(true, false, 'yes');
  const long = fc.record(
    {
      threshold: expression,
      expression,
      abortOnFail: flag,
      abort_on_fail: flag,
      delayAbortEval: duration,
      delay_abort_eval: duration,
      x: number,
    },
    { requiredKeys: [] },
  );
  const short = fc.record(
    { limit: fc.oneof(expression, number), for: duration, in: expression, abort_on_fail: flag },
    { requiredKeys: [] },
  );
  const value = fc.oneof(expression, long, fc.array(fc.oneof(expression, long), { maxLength: 3 }), short, number);
  const key = fc.constantFrom(
    'max_p95',
    'min_rps',
    'max_failure_rate',
    'checks',
    'http_req_duration',
    'http_reqs{task:a}',
    'vus',
    'a',
    'x{',
  );
  fc.assert(
    fc.property(key, value, (name, what) => {
      expectPlanOrPlace(
        () => planOf({ flags: { duration: '10s' }, script: { options: { thresholds: { [name]: what } } } }),
        /^(options\.thresholds|script options)/,
      );
    }),
    { numRuns: 2_000 },
  );
});
