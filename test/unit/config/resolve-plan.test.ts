import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchema } from '../../../runtime/config/schema.ts';
import { LOCAL, planOf, refusalOf, TWO } from './fixtures.ts';

test('defaults: 60 s for setup and teardown, GET /health with a warning, no warm-up, fail when inconclusive', () => {
  const plan = planOf({ yaml: `${LOCAL}test_profiles: { smoke: { users: 5, duration: 30s } }`, flags: { profile: 'smoke' } });
  expect(plan).toMatchObject({
    version: 1,
    profile: 'smoke',
    setupTimeoutUs: 60_000_000,
    teardownTimeoutUs: 60_000_000,
    healthCheck: { path: '/health', expect: {}, waitUs: 0, onFailure: 'warn' },
    warmUp: { kind: 'none' },
    onInconclusive: 'fail',
    httpDebug: 'off',
    isStrict: false,
    thresholds: [],
    notes: [],
    tags: {},
    variables: {},
  });
  expect(plan.allowPaths).toEqual([join(plan.scriptPath, '..')]);
});

test.each([
  ['{ requests: 10 }', { kind: 'requests', requests: 10 }],
  ['{ duration: 5s }', { kind: 'duration', durationUs: 5_000_000 }],
  ['5s', { kind: 'duration', durationUs: 5_000_000 }],
  ['{ requests: 0 }', { kind: 'none' }],
  ['0s', { kind: 'none' }],
])('warm_up: %s', (text, expected) => {
  expect(planOf({ yaml: `${LOCAL}warm_up: ${text}`, flags: { duration: '1m' } }).warmUp).toEqual(expected);
});

test('one iteration is a trial: no warm-up and no min_rps, both told; two iterations are a load', () => {
  const yaml = `${LOCAL}warm_up: { requests: 10 }\nthresholds: { min_rps: 10, max_p95: 2s }`;
  const trial = planOf({ yaml });
  expect(trial.warmUp).toEqual({ kind: 'none' });
  expect(trial.thresholds.map(({ source }) => source)).toEqual(['thresholds.max_p95']);
  expect(trial.notes).toEqual([
    'thresholds.min_rps is left out: one iteration has no rate',
    'warm_up is left out: one iteration is all there is',
  ]);
  expect(planOf({ yaml, flags: { iterations: '2' } })).toMatchObject({
    warmUp: { requests: 10 },
    thresholds: [{ special: 'latency' }, { special: 'rps' }],
  });
});

test('workers are as many as cores, but one for each 5 users or 100 starts a second; --workers no more than users', () => {
  expect(planOf({ flags: { users: '20', duration: '1s' }, coreCount: 4 }).workers).toBe(4);
  expect(planOf({ flags: { users: '6', duration: '1s' }, coreCount: 4 }).workers).toBe(2);
  expect(planOf({ flags: { users: '2', duration: '1s' }, coreCount: 4 }).workers).toBe(1);
  expect(planOf({ flags: { users: '100', rate: '5/s', duration: '1s' }, coreCount: 4 }).workers).toBe(1);
  expect(planOf({ flags: { users: '100', rate: '300/s', duration: '1s' }, coreCount: 4 }).workers).toBe(3);
  expect(planOf({ flags: { users: '1000', duration: '1s' }, coreCount: 128 }).workers).toBe(64);
  const plan = planOf({ flags: { users: '3', duration: '1s', workers: '5' } });
  expect(plan.workers).toBe(3);
  expect(plan.notes).toEqual(['3 workers instead of 5, because there are no more users']);
});

test('script options bring tags and timeouts; those without effect are told', () => {
  const plan = planOf({
    script: { options: { setupTimeout: '5s', teardownTimeout: 2000, tags: { team: 'a', build: 'x' }, systemTags: [] } },
    flags: { tags: { build: 'y' } },
  });
  expect(plan).toMatchObject({ setupTimeoutUs: 5_000_000, teardownTimeoutUs: 2_000_000, tags: { team: 'a', build: 'y' } });
  expect(plan.notes).toEqual(["options.systemTags has no effect: it is one of k6's that this version does not have"]);
});

test.each([
  [
    { threshold: {} },
    'options.threshold: expected an option that is known; got "threshold": did you mean "thresholds"?',
    /^options are vus, /,
  ],
  [{ rps: 5 }, 'options.rps: expected no such option of k6: the load would be another one without it', /^max_rps of the environment/],
  [{ insecureSkipTLSVerify: true }, /^options.insecureSkipTLSVerify: /, /^tls\.verify of the environment/],
  [
    { duration: '1s', gracefulStop: '0s' },
    /^options.gracefulStop: expected it in a scenario/,
    /^write options\.scenarios\.NAME\.gracefulStop,/,
  ],
  [{ rate: 5, duration: '1s' }, /^options.rate: expected it in a scenario/, /^write options\.scenarios\.NAME\.rate,/],
  [{ executionSegment: '0:1/2' }, /^options.executionSegment: /, /--rate and --users/],
])('an option that would have changed the load is a 104 with what does the same: %j', (options, message, hint) => {
  const error = refusalOf(() => planOf({ script: { options } }));
  if (typeof message === 'string') expect(error.message).toBe(message);
  else expect(error.message).toMatch(message);
  expect(error).toMatchObject({ exitCode: 104, hint: expect.stringMatching(hint) as string });
});

test('what options say of all requests and iterations goes into the plan, the user agent over that of config.yaml', () => {
  const yaml = 'environments: { x: { base_url: "http://h", headers: { User-Agent: theirs, x-team: a } } }';
  const options = {
    userAgent: 'mine/1',
    maxRedirects: 0,
    discardResponseBodies: true,
    noCookiesReset: false,
    noConnectionReuse: true,
    noVUConnectionReuse: true,
    throw: true,
    batch: 8,
    batchPerHost: 2,
    minIterationDuration: '400ms',
    vus: 2,
    duration: '2s',
  };
  const plan = planOf({ yaml, script: { options } });
  expect(plan.environment.headers).toEqual({ 'x-team': 'a', 'user-agent': 'mine/1' });
  expect(plan.environment.requests).toEqual({
    redirectsMax: 0,
    discardsBodies: true,
    resetsCookies: true,
    closesConnections: true,
    throws: true,
    batchMax: 8,
    batchPerHostMax: 2,
  });
  expect(plan.environment.keepAlive).toEqual({ reuses: false });
  expect(plan.scenarios[0]).toMatchObject({ iterationUsMin: 400_000 });
  expect(planOf({ yaml, script: { options: { vus: 1 } } }).environment.requests).toEqual({});
});

test('the script sees sizes as numbers, mix, thresholds and profiles, and nothing of environments', () => {
  const yaml =
    'environments: { x: { base_url: "http://h", secrets: { K: hidden-value } } }\nimage_sizes: { a: 640x480, b: { width: 1, height: 2 } }\ntest_mix: { a: 1 }\nthresholds: { max_p95: 2s }\n';
  const { scriptConfig } = planOf({ yaml });
  expect(scriptConfig).toEqual({
    image_sizes: { a: { width: 640, height: 480 }, b: { width: 1, height: 2 } },
    test_mix: { a: 1 },
    thresholds: { max_p95: '2s' },
    test_profiles: {},
  });
  expect(Object.keys(configSchema.shape)).toEqual(expect.arrayContaining(Object.keys(scriptConfig)));
});

test('the plan is frozen to the bottom, and its JSON has everything', () => {
  const plan = planOf({ script: TWO });
  expect(Object.isFrozen(plan.scenarios[1]?.curve[0])).toBe(true);
  expect(JSON.parse(JSON.stringify(plan)).scenarios[1].curve).toEqual(plan.scenarios[1]?.curve);
});

test('allow_paths are taken from the folder of config.yaml', () => {
  const plan = planOf({ yaml: `${LOCAL}allow_paths: [../photos, /data]` });
  expect(plan.allowPaths).toEqual([join(plan.scriptPath, '..'), join(plan.scriptPath, '..', '..', 'photos'), '/data']);
});
