import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configSchema } from '../../../runtime/config/schema.ts';
import { LOCAL, planOf, refusalOf } from './fixtures.ts';

const PROFILES = `${LOCAL}
test_profiles:
  smoke:  { users: 5, duration: 30s }
  spike:  { users: 100, duration: 2m, shape: spike }
  climb:  { stages: [{ duration: 1m, target: 10 }, { duration: 2m, target: 20 }] }
  count:  { users: 4, iterations: 20 }
  each:   { users: 4, executor: per-vu-iterations, iterations: 20 }
  paced:  { users: 2, duration: 10s, spawn_rate: 1, think_time: { min: 1s, max: 2s }, pace: 3s, graceful_stop: 5s }
  open:   { arrival_rate: 50/s, duration: 1m, max_users: 10 }
  arrive: { executor: constant-arrival-rate, users: 5, duration: 1m }
`;
const SCENARIOS = {
  scenarios: {
    browse: {
      executor: 'constant-vus',
      vus: 3,
      duration: '10s',
      exec: 'browse',
      startTime: '5s',
      gracefulStop: '1s',
      tags: { kind: 'b' },
      env: { N: 1 },
    },
    buy: { executor: 'ramping-vus', startVUs: 2, stages: [{ duration: 4000, target: 6 }], exec: 'buy' },
  },
};
const TWO = { exportNames: ['default', 'browse', 'buy'], options: SCENARIOS };

const constant = (users: number, seconds: number) => ({ users, length: { kind: 'duration', durationUs: seconds * 1_000_000 } });
const counted = (users: number, iterations: number, secondsMax = 600) => ({
  users,
  length: { kind: 'iterations', iterations, durationUsMax: secondsMax * 1_000_000 },
});

describe('load', () => {
  test.each([
    ['nothing at all: one user, one iteration', {}, {}, counted(1, 1)],
    ['options.vus alone: one iteration each', { vus: 3 }, {}, counted(3, 3)],
    ['options.vus and duration', { vus: 3, duration: '10s' }, {}, constant(3, 10)],
    ['a duration in options as a number of milliseconds', { duration: 1500 }, {}, constant(1, 1.5)],
    ['options.iterations, with a duration as the longest', { vus: 2, iterations: 8, duration: '1m' }, {}, counted(2, 8, 60)],
    ['options < profile', { vus: 3, duration: '10s' }, { profile: 'smoke' }, constant(5, 30)],
    ['profile < --users', {}, { profile: 'smoke', users: '7' }, constant(7, 30)],
    ['profile < --duration', {}, { profile: 'smoke', duration: '1m30s' }, constant(5, 90)],
    ['profile < --iterations, which replaces its length', {}, { profile: 'smoke', iterations: '50' }, counted(5, 50)],
    ['--duration beside --iterations is the longest', {}, { profile: 'smoke', iterations: '50', duration: '5s' }, counted(5, 50, 5)],
    ['--duration replaces the iterations of a profile', {}, { profile: 'count', duration: '5s' }, constant(4, 5)],
    ['options < --users and --duration', { vus: 3, duration: '10s' }, { users: '4', duration: '20s' }, constant(4, 20)],
    ['--users alone: one iteration each', {}, { users: '4' }, counted(4, 4)],
    ['--duration alone: one user', {}, { duration: '4s' }, constant(1, 4)],
    ['--once over a profile', {}, { profile: 'spike', isOnce: true }, counted(1, 1)],
    ['--once runs one iteration even of an arrival rate', {}, { profile: 'open', isOnce: true }, counted(1, 1)],
    ['iterations over all users', {}, { profile: 'count' }, counted(4, 20)],
    ['iterations of each user', {}, { profile: 'each' }, counted(4, 80)],
  ])('%s', (_title, options, flags, expected) => {
    const plan = planOf({ yaml: PROFILES, flags, script: { options } });
    expect(plan.scenarios).toHaveLength(1);
    expect(plan.scenarios[0]).toMatchObject({ ...expected, kind: 'closed', name: 'default', exec: 'default', vuOffset: 0 });
  });

  test('a profile brings its spawn rate, think time, pace and graceful stop; without them users spread over a tenth, and stop gracefully for 30 s', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'paced' } }).scenarios[0]).toMatchObject({
      spawnWindowUs: 2_000_000,
      thinkTime: { minUs: 1_000_000, maxUs: 2_000_000 },
      paceUs: 3_000_000,
      gracefulStopUs: 5_000_000,
    });
    expect(planOf({ yaml: PROFILES, flags: { profile: 'smoke' } }).scenarios[0]).toMatchObject({
      spawnWindowUs: 3_000_000,
      thinkTime: undefined,
      paceUs: undefined,
      gracefulStopUs: 30_000_000,
    });
  });

  test('--duration rescales a shape: a spike of 10 s peaks from 2 s to 8 s', () => {
    const [scenario] = planOf({ yaml: PROFILES, flags: { profile: 'spike', duration: '10s', users: '20' } }).scenarios;
    expect(scenario?.phases.map(({ fromUs, toUs }) => [fromUs, toUs])).toEqual([
      [0, 2_000_000],
      [2_000_000, 8_000_000],
      [8_000_000, 10_000_000],
    ]);
    expect(scenario?.users).toBe(20);
    expect(scenario?.curve[0]).toEqual({ atUs: 0, users: 2 });
  });

  test('stages of a profile begin with one user; --stage replaces a load whole', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'climb' } }).scenarios[0]).toMatchObject({
      users: 20,
      curve: [
        { atUs: 0, users: 1 },
        { atUs: 60_000_000, users: 10 },
        { atUs: 180_000_000, users: 20 },
      ],
      length: { kind: 'duration', durationUs: 180_000_000 },
    });
    expect(planOf({ yaml: PROFILES, flags: { profile: 'spike', stages: ['10s:4', '5s:0'] } }).scenarios[0]).toMatchObject({
      users: 4,
      curve: [
        { atUs: 0, users: 1 },
        { atUs: 10_000_000, users: 4 },
        { atUs: 15_000_000, users: 0 },
      ],
      phases: [],
    });
  });

  test('users are capped to the iterations, and the plan says so', () => {
    const plan = planOf({ yaml: PROFILES, flags: { profile: 'count', iterations: '3' } });
    expect(plan.scenarios[0]?.users).toBe(3);
    expect(plan.notes).toContain('test_profiles.count: 3 users instead of 4, because there are 3 iterations in all');
  });
});

describe('scenarios of the script', () => {
  test('each has its function, VU numbers of its own, start time, tags and variables', () => {
    expect(planOf({ script: TWO }).scenarios).toMatchObject([
      {
        name: 'browse',
        exec: 'browse',
        users: 3,
        vuOffset: 0,
        startTimeUs: 5_000_000,
        gracefulStopUs: 1_000_000,
        tags: { kind: 'b' },
        env: { N: '1' },
        length: { durationUs: 10_000_000 },
      },
      {
        name: 'buy',
        exec: 'buy',
        users: 6,
        vuOffset: 3,
        startTimeUs: 0,
        curve: [
          { atUs: 0, users: 2 },
          { atUs: 4_000_000, users: 6 },
        ],
      },
    ]);
  });

  test('per-vu-iterations without a number is one iteration each, whatever its maxDuration', () => {
    const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 5, maxDuration: '1m' } } };
    expect(planOf({ script: { options } }).scenarios[0]).toMatchObject(counted(5, 5, 60));
  });

  test('a profile replaces them, and so do load flags; the plan says so', () => {
    const byProfile = planOf({ yaml: PROFILES, flags: { profile: 'smoke' }, script: TWO });
    expect(byProfile.scenarios).toMatchObject([{ name: 'default', users: 5 }]);
    expect(byProfile.notes).toContain("profile smoke replaces the script's scenarios (browse, buy)");
    const byFlags = planOf({ flags: { users: '2', duration: '3s' }, script: TWO });
    expect(byFlags.scenarios).toMatchObject([{ name: 'default', ...constant(2, 3) }]);
    expect(byFlags.notes).toContain("the command line replaces the script's scenarios (browse, buy)");
    expect(planOf({ yaml: PROFILES, flags: { profile: 'smoke' }, script: { options: { vus: 1 } } }).notes).toContain(
      "profile smoke replaces the load of the script's options",
    );
  });

  test('--scenario takes some of them, --once runs one iteration of each at once', () => {
    expect(planOf({ flags: { scenarios: ['buy'] }, script: TWO }).scenarios).toMatchObject([{ name: 'buy', vuOffset: 0 }]);
    expect(planOf({ flags: { isOnce: true }, script: TWO }).scenarios).toMatchObject([
      { name: 'browse', startTimeUs: 0, ...counted(1, 1) },
      { name: 'buy', vuOffset: 1, ...counted(1, 1) },
    ]);
  });
});

describe('refusals', () => {
  const NO_DEFAULT = { exportNames: ['browse', 'buy'] };
  test.each([
    [
      '--duration beside stages',
      { profile: 'climb', duration: '1m' },
      {},
      '--duration: expected no stages beside it; got those of test_profiles.climb (2 stages over 3m)',
    ],
    [
      '--users beside stages',
      { profile: 'climb', users: '3' },
      {},
      '--users: expected no stages beside it; got those of test_profiles.climb (2 stages over 3m)',
    ],
    [
      '--duration beside stages of options',
      { duration: '1m' },
      { options: { stages: [{ duration: '5s', target: 3 }] } },
      '--duration: expected no stages beside it; got those of options (1 stage over 5s)',
    ],
    [
      '--iterations on a shape',
      { profile: 'spike', iterations: '5' },
      {},
      '--iterations: expected a load without a shape; got the shape spike of test_profiles.spike',
    ],
    [
      '--stage beside --duration',
      { stages: ['1s:1'], duration: '1s' },
      {},
      '--duration: expected nothing beside --stage, which says how long it takes; got both',
    ],
    [
      '--once beside --users',
      { isOnce: true, users: '2' },
      {},
      '--once: expected no --users beside it, because it is one iteration of one user; got both',
    ],
    ['--users 0', { users: '0' }, {}, '--users: expected a whole number from 1 to 100000 (users); got "0"'],
    ['--users ten', { users: 'ten' }, {}, '--users: expected a whole number from 1 to 100000 (users); got "ten"'],
    ['--iterations 1e3', { iterations: '1e3' }, {}, '--iterations: expected a whole number from 1 to 1000000000 (iterations); got "1e3"'],
    ['--duration 30', { duration: '30' }, {}, '--duration: expected 1ms to 30d, such as "30s" or "1m30s"; got "30"'],
    [
      '--stage 30',
      { stages: ['30'] },
      {},
      '--stage: expected DURATION:USERS such as "30s:10", the duration up to 30d, 0 to 100000 users; got "30"',
    ],
    ['--seed -1', { seed: '-1' }, {}, '--seed: expected a whole number from 0 to 4294967295 (a 32-bit seed); got "-1"'],
    ['--workers 65', { workers: '65' }, {}, '--workers: expected a whole number from 1 to 64 (workers); got "65"'],
    ['--tag status=x', { tags: { status: 'x' } }, {}, /^--tag: expected a name that is none of scenario, task, .*; got "status"$/],
    ['--tag "a b"=x', { tags: { 'a b': 'x' } }, {}, '--tag: expected a tag name of letters, digits, "_", "-" and "."; got "a b"'],
    ['--on-inconclusive', { onInconclusive: 'pass' }, {}, '--on-inconclusive: expected fail or warn; got "pass"'],
    ['--http-debug', { httpDebug: 'some' }, {}, '--http-debug: expected failed or all or off; got "some"'],
    [
      'an unknown profile',
      { profile: 'smok' },
      {},
      '--profile: expected a profile, one of smoke, spike, climb, count, each, paced, open, arrive; got "smok": did you mean "smoke"?',
    ],
    [
      'an unknown environment',
      { environment: 'lcal' },
      {},
      '--env: expected an environment, one of local; got "lcal": did you mean "local"?',
    ],
    [
      'an unknown scenario',
      { scenarios: ['brose'] },
      TWO,
      '--scenario: expected a scenario, one of browse, buy; got "brose": did you mean "browse"?',
    ],
    [
      '--scenario beside a profile',
      { profile: 'smoke', scenarios: ['buy'] },
      TWO,
      '--scenario: expected a scenario, one of default; got "buy"',
    ],
    [
      'a profile without a default function',
      { profile: 'smoke' },
      NO_DEFAULT,
      '--profile: expected a script with a default function, which is what profile smoke runs; got a script that exports browse, buy',
    ],
    [
      'no default function',
      {},
      { exportNames: [] },
      'default: expected a script with a default function, which is what a run without scenarios runs; got a script that exports nothing',
    ],
    [
      'an exec that is not exported',
      {},
      { ...TWO, exportNames: ['default', 'browser', 'buy'] },
      'options.scenarios.browse.exec: expected an exported function, one of default, browser, buy; got "browse": did you mean "browser"?',
    ],
    [
      'an arrival rate',
      { profile: 'open' },
      {},
      /^test_profiles\.open: expected users with a duration.*got arrival_rate "50\/s", and this version does not run arrival rates$/,
    ],
    ['an executor of the open model', { profile: 'arrive' }, {}, /got the executor constant-arrival-rate, and this version/],
    ['--rate', { rate: '50/s' }, {}, /^--rate: expected users with .*got "50\/s", and this version does not run arrival rates$/],
    [
      '--base-url',
      { baseUrl: 'localhost:8000' },
      {},
      '--base-url: expected an absolute http or https URL, such as http://localhost:8000; got "localhost:8000"',
    ],
    ['options of the wrong type', {}, { options: { vus: '3' } }, 'options.vus: expected a whole number from 1 to 100000 (users); got "3"'],
    [
      'options.stages beside iterations',
      {},
      { options: { iterations: 3, stages: [{ duration: 1, target: 1 }] } },
      'options: expected iterations or stages; got both',
    ],
    [
      'options.scenarios beside duration',
      {},
      { options: { ...SCENARIOS, duration: '1s' }, exportNames: TWO.exportNames },
      'options: expected duration or scenarios; got both',
    ],
    [
      'an unknown executor',
      {},
      { options: { scenarios: { a: { executor: 'constant-vu' } } } },
      /^options\.scenarios\.a\.executor: expected one of constant-vus, .*; got "constant-vu"$/,
    ],
  ])('%s is a 104', (_title, flags, script, message) => {
    const error = refusalOf(() => planOf({ yaml: PROFILES, flags: flags as object, script }));
    expect(error.exitCode).toBe(104);
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
  });

  test('max_users bounds the users that are there at once, and the message has both numbers', () => {
    const yaml = (most: number) =>
      `environments: { prod: { base_url: "https://h", max_users: ${most} } }\ntest_profiles: { load: { users: 60, duration: 1m } }`;
    expect(refusalOf(() => planOf({ yaml: yaml(50), flags: { profile: 'load' } })).message).toBe(
      'environments.prod.max_users: expected at most 50 users at once; got 60',
    );
    expect(planOf({ yaml: yaml(60), flags: { profile: 'load' } }).environment.usersMax).toBe(60);
    const options = (startTime: string) => ({
      scenarios: {
        a: { executor: 'constant-vus', vus: 60, duration: '10s', gracefulStop: '5s' },
        b: { executor: 'constant-vus', vus: 60, duration: '10s', startTime },
      },
    });
    expect(planOf({ yaml: yaml(60), script: { options: options('15s') } }).scenarios).toHaveLength(2);
    expect(refusalOf(() => planOf({ yaml: yaml(60), script: { options: options('14s') } })).message).toContain('got 120');
  });
});

describe('the rest of the plan', () => {
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
    expect(plan.runId).toMatch(/^20250131-120000-predict-[0-9a-f]{4}$/);
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

  test('workers are as many as cores but no more than users, and --workers likewise', () => {
    expect(planOf({ flags: { users: '8', duration: '1s' }, coreCount: 4 }).workers).toBe(4);
    expect(planOf({ flags: { users: '3', duration: '1s' }, coreCount: 4 }).workers).toBe(3);
    expect(planOf({ flags: { users: '100', duration: '1s' }, coreCount: 128 }).workers).toBe(64);
    const plan = planOf({ flags: { users: '3', duration: '1s', workers: '5' } });
    expect(plan.workers).toBe(3);
    expect(plan.notes).toEqual(['3 workers instead of 5, because there are no more users']);
  });

  test('a seed is kept, and a run without one has some 32-bit number', () => {
    expect(planOf({ flags: { seed: '4294967295' } }).seed).toBe(4_294_967_295);
    const seeds = Array.from({ length: 8 }, () => planOf().seed);
    expect(seeds.every((seed) => Number.isInteger(seed) && seed >= 0 && seed <= 4_294_967_295)).toBe(true);
    expect(new Set(seeds).size).toBeGreaterThan(1);
  });

  test('script options bring tags and timeouts; those without effect are told', () => {
    const plan = planOf({
      script: { options: { setupTimeout: '5s', teardownTimeout: 2000, tags: { team: 'a', build: 'x' }, userAgent: 'me', threshold: {} } },
      flags: { tags: { build: 'y' } },
    });
    expect(plan).toMatchObject({ setupTimeoutUs: 5_000_000, teardownTimeoutUs: 2_000_000, tags: { team: 'a', build: 'y' } });
    expect(plan.notes).toEqual([
      "options.userAgent has no effect: it is one of k6's that this version does not have",
      'options.threshold is not known and has no effect; did you mean "thresholds"?',
    ]);
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
});
