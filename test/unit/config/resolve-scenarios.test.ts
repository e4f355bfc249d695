import { describe, expect, test } from 'vitest';
import { LOCAL, PROFILES, planOf, TWO } from './fixtures.ts';

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

  test('a profile brings its spawn rate, think time, pace and graceful stop; without them users begin at once, and stop gracefully for 30 s', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'paced' } }).scenarios[0]).toMatchObject({
      spawnWindowUs: 2_000_000,
      thinkTime: { minUs: 1_000_000, maxUs: 2_000_000 },
      paceUs: 3_000_000,
      gracefulStopUs: 5_000_000,
    });
    expect(planOf({ yaml: PROFILES, flags: { profile: 'smoke' } }).scenarios[0]).toMatchObject({
      spawnWindowUs: 0,
      thinkTime: undefined,
      paceUs: undefined,
      gracefulStopUs: 30_000_000,
    });
  });

  test('stages that jump to 100 users at once spread them by a spawn rate of 25/s over 4 s', () => {
    const stages = '[{ duration: 0s, target: 100 }, { duration: 8s, target: 100 }]';
    const yaml = `${LOCAL}test_profiles: { jump: { stages: ${stages}, spawn_rate: 25 } }\n`;
    const [scenario] = planOf({ yaml, flags: { profile: 'jump' } }).scenarios;
    expect(scenario).toMatchObject({ executor: 'ramping-vus', spawnWindowUs: 4_000_000 });
  });

  test('users are spread over the whole length at most, and of a number of iterations over as long as their rate needs', () => {
    const spawnUs = (options: Record<string, unknown>) =>
      planOf({ script: { options: { spawnRate: 1, vus: 100, ...options } } }).scenarios[0];
    expect(spawnUs({ duration: '8s' })).toMatchObject({ kind: 'closed', spawnWindowUs: 8_000_000 });
    expect(spawnUs({ duration: '200s' })).toMatchObject({ kind: 'closed', spawnWindowUs: 100_000_000 });
    expect(spawnUs({ iterations: 100, duration: '8s' })).toMatchObject({ kind: 'closed', spawnWindowUs: 100_000_000 });
  });

  test('stages have a user and a millisecond at least', () => {
    const planned = (...stages: object[]) => planOf({ script: { options: { stages } } }).scenarios[0];
    expect(planned({ duration: '0s', target: 1 }, { duration: '1ms', target: 1 })).toMatchObject({
      users: 1,
      length: { kind: 'duration', durationUs: 1_000 },
    });
    expect(() => planned({ duration: '0s', target: 1 })).toThrow('expected stages of 1ms or more in all; got 0s');
  });

  test('a billion iterations over all users are planned, and one more is refused', () => {
    const planned = (iterations: number) => planOf({ script: { options: { vus: 2, iterations } } }).scenarios[0];
    expect(planned(1_000_000_000)).toMatchObject({ length: { iterations: 1_000_000_000 } });
    expect(() => planned(1_000_000_001)).toThrow(/1000000000/);
    const each = (iterations: number) =>
      planOf({ script: { options: { scenarios: { s: { executor: 'per-vu-iterations', vus: 2, iterations } } } } }).scenarios[0];
    expect(each(500_000_000)).toMatchObject({ length: { iterations: 1_000_000_000 } });
    expect(() => each(500_000_001)).toThrow('expected at most 1000000000 iterations over all users; got 1000000002');
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
