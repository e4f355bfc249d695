import { describe, expect, test } from 'vitest';
import { planOf, refusalOf } from './fixtures.ts';

const SECOND_US = 1_000_000;
const READY = { preAllocatedVUs: 5 };
const CONSTANT = { executor: 'constant-arrival-rate', rate: 30, duration: '10s', ...READY };
const RAMPING = { executor: 'ramping-arrival-rate', stages: [{ duration: '5s', target: 10 }], ...READY };

const planWith = (scenario: object, script: object = {}) => planOf({ script: { options: { scenarios: { a: scenario } }, ...script } });
const only = (scenario: object, script: object = {}) => planWith(scenario, script).scenarios[0];
const refusal = (scenario: object, script: object = {}) => refusalOf(() => planWith(scenario, script)).message;
const counted = (users: number, iterations: number, isShared: boolean, secondsMax = 600) => ({
  kind: 'closed',
  users,
  length: { kind: 'iterations', iterations, durationUsMax: secondsMax * SECOND_US, isShared },
});

describe('the six executors', () => {
  test('shared-iterations: 4 VUs share 100 iterations within maxDuration; the defaults are 1, 1 and 10 m', () => {
    expect(only({ executor: 'shared-iterations', vus: 4, iterations: 100, maxDuration: '1m' })).toMatchObject({
      executor: 'shared-iterations',
      ...counted(4, 100, true, 60),
    });
    expect(only({ executor: 'shared-iterations' })).toMatchObject(counted(1, 1, true));
  });

  test('per-vu-iterations: 4 VUs do 25 each, 100 in all', () => {
    expect(only({ executor: 'per-vu-iterations', vus: 4, iterations: 25 })).toMatchObject({
      executor: 'per-vu-iterations',
      ...counted(4, 100, false),
    });
  });

  test('constant-vus: one VU unless said otherwise', () => {
    expect(only({ executor: 'constant-vus', duration: '5s' })).toMatchObject({
      executor: 'constant-vus',
      users: 1,
      gracefulStopUs: 30 * SECOND_US,
      length: { kind: 'duration', durationUs: 5 * SECOND_US },
    });
  });

  test('ramping-vus: startVUs 1 and gracefulRampDown 30 s unless said otherwise', () => {
    const stages = [
      { duration: '2s', target: 6 },
      { duration: 0, target: 1 },
    ];
    expect(only({ executor: 'ramping-vus', stages })).toMatchObject({
      executor: 'ramping-vus',
      users: 6,
      gracefulRampDownUs: 30 * SECOND_US,
      curve: [
        { atUs: 0, users: 1 },
        { atUs: 2 * SECOND_US, users: 6 },
        { atUs: 2 * SECOND_US, users: 1 },
      ],
    });
    expect(only({ executor: 'ramping-vus', stages, startVUs: 4, gracefulRampDown: '0s', gracefulStop: 3000 })).toMatchObject({
      curve: [{ users: 4 }, {}, {}],
      gracefulRampDownUs: 0,
      gracefulStopUs: 3 * SECOND_US,
    });
  });

  test('constant-arrival-rate: timeUnit 1 s and maxVUs = preAllocatedVUs unless said otherwise, evenly from zero', () => {
    expect(only(CONSTANT)).toMatchObject({
      kind: 'open',
      executor: 'constant-arrival-rate',
      users: 5,
      preAllocatedUsers: 5,
      timeUnitUs: SECOND_US,
      curve: [
        { atUs: 0, rate: 30 },
        { atUs: 10 * SECOND_US, rate: 30 },
      ],
      arrivals: 'from-zero',
    });
    expect(only({ ...CONSTANT, timeUnit: '500ms', maxVUs: 50, arrivals: 'poisson', onBusy: 'drop' })).toMatchObject({
      users: 50,
      preAllocatedUsers: 5,
      timeUnitUs: 500_000,
      arrivals: 'poisson',
      onBusy: 'drop',
    });
    expect(only({ ...CONSTANT, preAllocatedVUs: 0, maxVUs: 3 })).toMatchObject({ users: 3, preAllocatedUsers: 0 });
  });

  test('ramping-arrival-rate: startRate 0 unless said otherwise, by the integral; targets may be fractions', () => {
    expect(only({ ...RAMPING, startRate: 2.5, timeUnit: '1m', stages: [{ duration: '5s', target: 0.5 }] })).toMatchObject({
      executor: 'ramping-arrival-rate',
      arrivals: 'integral',
      timeUnitUs: 60 * SECOND_US,
      curve: [
        { atUs: 0, rate: 2.5 },
        { atUs: 5 * SECOND_US, rate: 0.5 },
      ],
    });
    expect(only(RAMPING)).toMatchObject({ curve: [{ rate: 0 }, { rate: 10 }] });
  });

  test('startTime, exec, env and tags are on an arrival rate as on any, and VU numbers go on: 0 to 4, then 5; extra ones from 1 and 2 million', () => {
    const a = { ...CONSTANT, startTime: '5s', exec: 'buy', env: { N: 1 }, tags: { team: 'x' } };
    const options = { scenarios: { a, b: { executor: 'constant-vus', duration: '1s' } } };
    expect(planOf({ script: { exportNames: ['default', 'buy'], options } }).scenarios).toMatchObject([
      { name: 'a', exec: 'buy', startTimeUs: 5 * SECOND_US, env: { N: '1' }, tags: { team: 'x' }, vuOffset: 0, extraVuOffset: 1_000_000 },
      { name: 'b', vuOffset: 5, extraVuOffset: 2_000_000 },
    ]);
  });

  test.each([
    ['options.iterations', { iterations: 8, vus: 2 }, 'shared-iterations', true],
    ['options.vus alone', { vus: 3 }, 'shared-iterations', true],
    ['nothing at all', undefined, 'per-vu-iterations', false],
  ])("the shortcut %s is k6's", (_title, options, executor, isShared) => {
    expect(planOf({ script: { options } }).scenarios[0]).toMatchObject({ executor, length: { isShared } });
  });

  test('the shortcuts duration and stages are constant-vus and ramping-vus, and --iterations is shared', () => {
    const executorOf = (options: unknown, flags: object = {}) => planOf({ script: { options }, flags }).scenarios[0]?.executor;
    expect(executorOf({ duration: '1s' })).toBe('constant-vus');
    expect(executorOf({ stages: [{ duration: '1s', target: 1 }] })).toBe('ramping-vus');
    expect(executorOf(undefined, { iterations: '5' })).toBe('shared-iterations');
  });
});

test.each([
  [{ executor: 'constant-vus' }, 'duration: expected duration, which the executor constant-vus needs; got nothing'],
  [{ executor: 'constant-vus', duration: 0 }, /duration: expected 1ms to 30d, .* or a number of milliseconds; got 0$/],
  [{ executor: 'ramping-vus' }, 'stages: expected stages, which the executor ramping-vus needs; got nothing'],
  [{ executor: 'ramping-vus', stages: [] }, 'stages: expected at least one stage; got []'],
  [
    { executor: 'ramping-vus', stages: [{ duration: '1s', target: 1.5 }] },
    'stages[0].target: expected a whole number from 0 to 100000 (users); got 1.5',
  ],
  [{ executor: 'ramping-vus', stages: [{ duration: '1s', target: 0 }], startVUs: 0 }, /: expected a stage with at least one user/],
  [{ executor: 'shared-iterations', vus: 5, iterations: 4 }, 'iterations: expected at least as many iterations as users, 5; got 4'],
  [{ executor: 'shared-iterations', vus: 5 }, 'iterations: expected at least as many iterations as users, 5; got none, which is 1'],
  [
    { executor: 'shared-iterations', duration: '5s' },
    /^options\.scenarios\.a\.duration: expected no duration for the executor shared-iterations: it is one of constant-vus, /,
  ],
  [
    { executor: 'constant-vus', duration: '5s', rate: 3 },
    'rate: expected no rate for the executor constant-vus: it is one of constant-arrival-rate',
  ],
  [{ ...CONSTANT, rate: undefined }, 'rate: expected rate, which the executor constant-arrival-rate needs; got nothing'],
  [{ ...CONSTANT, rate: 0 }, 'rate: expected a number above 0, at most 1000000 (starts in each timeUnit); got 0'],
  [{ ...CONSTANT, duration: undefined }, 'duration: expected duration, which the executor constant-arrival-rate needs; got nothing'],
  [{ ...CONSTANT, preAllocatedVUs: undefined }, /preAllocatedVUs: expected preAllocatedVUs, which the executor/],
  [{ ...CONSTANT, maxVUs: 4 }, 'maxVUs: expected at least preAllocatedVUs, 5; got 4'],
  [{ ...CONSTANT, preAllocatedVUs: 0 }, 'preAllocatedVUs: expected at least one user in preAllocatedVUs or maxVUs; got none'],
  [{ ...CONSTANT, timeUnit: '0s' }, /timeUnit: expected 1ms to 1d, .*; got "0s"$/],
  [{ ...CONSTANT, timeUnit: '1ms', rate: 1001 }, ': expected at most 1000000 starts a second; got 1001000'],
  [{ ...CONSTANT, arrivals: 'poison' }, 'arrivals: expected one of even, poisson; got "poison": did you mean "poisson"?'],
  [{ ...CONSTANT, onBusy: 'wait' }, 'onBusy: expected one of queue, drop; got "wait"'],
  [{ ...CONSTANT, startTime: 'later' }, /startTime: expected 0s to 30d, .*; got "later"$/],
  [{ ...CONSTANT, gracefulStop: '2h' }, /gracefulStop: expected 0s to 1h, .*; got "2h"$/],
  [{ ...CONSTANT, tags: { status: 'x' } }, /tags: expected a name that is none of scenario, /],
  [{ ...RAMPING, stages: undefined }, 'stages: expected stages, which the executor ramping-arrival-rate needs; got nothing'],
  [{ ...RAMPING, stages: [{ duration: '5s', target: 0 }] }, ': expected a rate above 0 at some moment; got none'],
  [{ ...RAMPING, startRate: -1 }, 'startRate: expected a number from 0 to 1000000 (starts in each timeUnit); got -1'],
  [{ ...RAMPING, duration: '5s' }, 'duration: expected stages or duration; got both'],
  [{ ...RAMPING, gracefulRampDown: '5s' }, /gracefulRampDown: expected no gracefulRampDown for the executor ramping-arrival-rate/],
  [{ duration: '5s' }, /executor: expected one of shared-iterations, .*; got nothing$/],
  [{ executor: 'constant-arival-rate' }, /; got "constant-arival-rate": did you mean "constant-arrival-rate"\?$/],
])('%j is a 104', (scenario, message) => {
  const got = refusal(scenario);
  if (typeof message === 'string') expect(got).toBe(`options.scenarios.a${message.startsWith(':') ? '' : '.'}${message}`);
  else expect(got).toMatch(message);
});

test('a key of a scenario that nobody knows is a 104, with the nearest', () => {
  expect(refusal({ ...CONSTANT, startTIme: '10m' })).toBe(
    'options.scenarios.a.startTIme: expected a key of a scenario; got "startTIme": did you mean "startTime"?',
  );
});

test('users begin all at once, unless spawnRate says how many a second', () => {
  const stages = [
    { duration: '0s', target: 10 },
    { duration: '8s', target: 10 },
  ];
  expect(only({ executor: 'constant-vus', vus: 10, duration: '8s' })).toMatchObject({ spawnWindowUs: 0 });
  expect(only({ executor: 'ramping-vus', startVUs: 0, stages })).toMatchObject({ spawnWindowUs: 0 });
  expect(only({ executor: 'constant-vus', vus: 10, duration: '8s', spawnRate: 5 })).toMatchObject({ spawnWindowUs: 2 * SECOND_US });
});

test('thinkTime is what users wait after an iteration: a time or a range; beside an arrival rate, or spelt as in config.yaml, it is a 104', () => {
  const CLOSED = { executor: 'constant-vus', vus: 1, duration: '5s' };
  expect(only({ ...CLOSED, thinkTime: '1s' })).toMatchObject({ thinkTime: { minUs: SECOND_US, maxUs: SECOND_US } });
  expect(only({ ...CLOSED, thinkTime: { min: '1s', max: '2s' } })).toMatchObject({ thinkTime: { minUs: SECOND_US, maxUs: 2 * SECOND_US } });
  const plan = planOf({ script: { options: { vus: 2, duration: '5s', thinkTime: '1s' } } });
  expect(plan.scenarios[0]).toMatchObject({ thinkTime: { minUs: SECOND_US } });
  expect(refusal({ ...CLOSED, think_time: '1s' })).toContain('got "think_time": did you mean "thinkTime"?');
  expect(refusal({ executor: 'constant-arrival-rate', rate: 1, duration: '5s', preAllocatedVUs: 1, thinkTime: '1s' })).toContain(
    'expected no thinkTime for the executor constant-arrival-rate',
  );
});

test('flags that say how long replace the stages of the options, as they replace its scenarios', () => {
  const script = { options: { stages: [{ duration: '2s', target: 4 }] } };
  const plan = planOf({ script, flags: { users: '2', duration: '1s' } });
  expect(plan.scenarios).toMatchObject([{ executor: 'constant-vus', users: 2, length: { durationUs: SECOND_US } }]);
  expect(plan.notes).toContain("the command line replaces the script's stages");
  expect(refusalOf(() => planOf({ script, flags: { users: '2' } })).message).toMatch(/^--users: expected no stages beside it/);
});

test('starts that find every user busy are queued, unless the scenario says that they are dropped; it may last 1 ms', () => {
  expect(only(CONSTANT)).toMatchObject({ onBusy: 'queue' });
  expect(only({ ...CONSTANT, onBusy: 'drop' })).toMatchObject({ onBusy: 'drop' });
  expect(only({ executor: 'constant-vus', duration: '500ms' })).toMatchObject({ length: { durationUs: 500_000 } });
});

describe('shapes that the script computes', () => {
  const shape = (samples: unknown[], everyMs = 1000) => ({ samples, everyMs });

  test('samples are the points of a curve, without those on a straight line; the last one ends it', () => {
    expect(planOf({ script: { options: { shape: shape([1, 2, 3, 3, 3, 0]) } } }).scenarios[0]).toMatchObject({
      executor: 'ramping-vus',
      users: 3,
      curve: [
        { atUs: 0, users: 1 },
        { atUs: 2 * SECOND_US, users: 3 },
        { atUs: 4 * SECOND_US, users: 3 },
        { atUs: 5 * SECOND_US, users: 0 },
      ],
      length: { durationUs: 5 * SECOND_US },
    });
  });

  test('a duration beside it cuts it, also between two samples; a longer one changes nothing', () => {
    const curveFor = (duration: string) => only({ shape: shape([0, 10, 10], 500), duration })?.curve;
    expect(curveFor('250ms')).toEqual([
      { atUs: 0, users: 0 },
      { atUs: 250_000, users: 5 },
    ]);
    expect(curveFor('1m')?.at(-1)).toEqual({ atUs: SECOND_US, users: 10 });
    const byFlag = planOf({ script: { options: { shape: shape([4, 4, 4]) } }, flags: { duration: '1s' } });
    expect(byFlag.scenarios[0]?.curve.at(-1)).toEqual({ atUs: SECOND_US, users: 4 });
  });

  test('users are rounded, rates are not', () => {
    expect(only({ executor: 'ramping-vus', shape: shape([1.4, 2.6]) })?.curve).toMatchObject([{ users: 1 }, { users: 3 }]);
    expect(only({ executor: 'ramping-arrival-rate', shape: shape([1.4, 2.6]), ...READY })).toMatchObject({
      kind: 'open',
      arrivals: 'integral',
      curve: [{ rate: 1.4 }, { rate: 2.6 }],
    });
  });

  test.each([
    [{ shape: shape([1]) }, /^options\.shape\.samples: expected a shape that lasts/],
    [{ shape: shape([1, -1]) }, 'options.shape.samples[1]: expected a shape that gives users or starts from 0; got -1'],
    [{ shape: shape([1, null]) }, 'options.shape.samples[1]: expected a shape that gives users or starts from 0; got null'],
    [{ shape: shape([1, 200_000]) }, 'options.shape: expected at most 100000 users; got 200000 at 1s'],
    [{ shape: shape([0, 0]) }, /^options: expected a stage with at least one user/],
    [
      { shape: 'wave' },
      'options.shape: expected a function of the seconds since the start that gives users, such as (t) => 10 + t; got "wave"',
    ],
    [{ shape: shape([1, 1]), stages: [{ duration: '1s', target: 1 }] }, 'options: expected stages or shape; got both'],
    [{ shape: shape([1, 1]), iterations: 5 }, 'options: expected iterations or shape; got both'],
    [{ shape: shape([1, 1]), vus: 5 }, 'options: expected vus or shape; got both'],
    [{ shape: shape([1, 1]), scenarios: { a: CONSTANT } }, 'options: expected shape or scenarios; got both'],
    [
      { scenarios: { a: { shape: shape([1, 1]), stages: [{ duration: '1s', target: 1 }] } } },
      'options.scenarios.a.shape: expected stages or shape; got both',
    ],
    [{ vus: 5, iterations: 4 }, 'options.iterations: expected at least as many iterations as users, 5; got 4'],
  ])('%j is a 104', (options, message) => {
    const { message: got } = refusalOf(() => planOf({ script: { options } }));
    if (typeof message === 'string') expect(got).toBe(message);
    else expect(got).toMatch(message);
  });
});

test('a key that is there without a value is as one that is not there, whichever executor it is of', () => {
  const plan = planOf({
    script: {
      options: { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '8s', rate: undefined, exec: undefined, tags: {} } } },
    },
  });
  expect(plan.scenarios[0]).toMatchObject({ kind: 'closed', users: 2 });
});
