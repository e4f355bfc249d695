import { describe, expect, test } from 'vitest';
import { configOf, LOCAL, PROFILES, planOf, refusalOf } from './fixtures.ts';

const SECOND_US = 1_000_000;
const profile = (settings: string, flags: object = {}) =>
  planOf({ yaml: `${LOCAL}test_profiles: { p: { ${settings} } }`, flags: { profile: 'p', ...flags } });
const only = (settings: string, flags: object = {}) => profile(settings, flags).scenarios[0];
const flat = (rate: number, seconds: number) => [
  { atUs: 0, rate },
  { atUs: seconds * SECOND_US, rate },
];

describe('profiles', () => {
  test('an arrival rate of 50/s for 1 m with at most 10 users starts evenly from zero, and queues when busy', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'open' } }).scenarios).toEqual([
      {
        kind: 'open',
        name: 'default',
        exec: 'default',
        executor: 'constant-arrival-rate',
        users: 10,
        preAllocatedUsers: 10,
        vuOffset: 0,
        extraVuOffset: 1_000_000,
        timeUnitUs: SECOND_US,
        curve: flat(50, 60),
        arrivals: 'from-zero',
        onBusy: 'queue',
        phases: [],
        length: { kind: 'duration', durationUs: 60 * SECOND_US },
        startTimeUs: 0,
        gracefulStopUs: 30 * SECOND_US,
        tags: {},
        env: {},
      },
    ]);
  });

  test.each([
    ['50/s', 50, SECOND_US],
    ['50', 50, SECOND_US],
    ['0.5/s', 0.5, SECOND_US],
    ['600/m', 600, 60 * SECOND_US],
    ['90/h', 90, 3600 * SECOND_US],
  ])('arrival_rate: %s is %d in each %i µs', (text, rate, timeUnitUs) => {
    expect(only(`arrival_rate: ${text}, duration: 10s, max_users: 5`)).toMatchObject({ timeUnitUs, curve: flat(rate, 10) });
  });

  test('on_busy, arrivals, pre_allocated_users and graceful_stop are taken as they are', () => {
    const settings =
      'arrival_rate: 5/s, duration: 10s, max_users: 20, pre_allocated_users: 4, on_busy: drop, arrivals: poisson, graceful_stop: 5s';
    expect(only(settings)).toMatchObject({
      users: 20,
      preAllocatedUsers: 4,
      onBusy: 'drop',
      arrivals: 'poisson',
      gracefulStopUs: 5 * SECOND_US,
    });
  });

  test('stages of rates begin at the arrival rate, in one unit for all of them', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'climb_open' } }).scenarios[0]).toMatchObject({
      executor: 'ramping-arrival-rate',
      arrivals: 'integral',
      timeUnitUs: 60 * SECOND_US,
      curve: [
        { atUs: 0, rate: 600 },
        { atUs: 60 * SECOND_US, rate: 6000 },
        { atUs: 90 * SECOND_US, rate: 600 },
      ],
      length: { durationUs: 90 * SECOND_US },
    });
  });

  test('stages of rates without an arrival rate begin at 0/s', () => {
    expect(only('stages: [{ duration: 10s, rate: 20/s }], max_users: 5')).toMatchObject({
      timeUnitUs: SECOND_US,
      curve: [
        { atUs: 0, rate: 0 },
        { atUs: 10 * SECOND_US, rate: 20 },
      ],
    });
  });

  test('a spike of 100/s over 2 m is 10/s, 100/s from 25 s to 96 s and 10/s again, in the phases of a spike of users', () => {
    expect(planOf({ yaml: PROFILES, flags: { profile: 'spike_open' } }).scenarios[0]).toMatchObject({
      executor: 'ramping-arrival-rate',
      arrivals: 'integral',
      users: 200,
      preAllocatedUsers: 20,
      curve: [
        [0, 10],
        [24, 10],
        [25, 100],
        [96, 100],
        [96, 10],
        [120, 10],
      ].map(([seconds, rate]) => ({ atUs: (seconds as number) * SECOND_US, rate })),
      phases: [{ name: 'base' }, { name: 'peak', fromUs: 24 * SECOND_US, toUs: 96 * SECOND_US }, { name: 'recovery' }],
    });
  });

  test('steps of 7/s are not rounded: 1.4, 2.8, 4.2, 5.6 and 7; a ramp begins at nothing', () => {
    const steps = only('arrival_rate: 7/s, duration: 50s, shape: steps, max_users: 5');
    expect(steps?.kind === 'open' && steps.curve.filter((_, i) => i % 2 === 0).map(({ rate }) => rate)).toEqual([1.4, 2.8, 4.2, 5.6, 7]);
    expect(only('arrival_rate: 7/s, duration: 50s, shape: ramp, max_users: 5')).toMatchObject({
      curve: [{ rate: 0 }, { atUs: 10 * SECOND_US, rate: 7 }, { rate: 7 }],
    });
  });

  test.each([
    ['0.2/s', 10],
    ['20/s', 200],
    ['6/m', 10],
    ['300/s', 1000],
  ])('without max_users an arrival rate of %s has at most %i users, and the plan says so', (rate, users) => {
    const plan = profile(`arrival_rate: ${rate}, duration: 10s`);
    expect(plan.scenarios[0]).toMatchObject({ users, preAllocatedUsers: users });
    expect(plan.notes).toEqual([
      `test_profiles.p: up to ${users} users, enough for answers that take 10 s, within 10 to 1000: no number of users was given`,
    ]);
  });

  test.each([
    ['arrival_rate: 5/s', 'p: expected duration, iterations or stages; got none of them'],
    ['arrival_rate: 0/s, duration: 1s', 'p.arrival_rate: expected a rate above 0 where no stages follow; got "0/s"'],
    ['arrival_rate: -1, duration: 1s', /p\.arrival_rate: expected a rate from 0, such as "50\/s", .*; got -1$/],
    [
      'arrival_rate: 5/s, duration: 1s, users: 5',
      'p.users: expected max_users, not users, beside an arrival rate, which says when iterations start',
    ],
    ['arrival_rate: 5/s, duration: 1s, pace: 1s', 'p.pace: expected no pace beside an arrival rate, which says when iterations start'],
    [
      'arrival_rate: 5/s, duration: 1s, think_time: 1s',
      'p.think_time: expected no think_time beside an arrival rate, which says when iterations start',
    ],
    [
      'arrival_rate: 5/s, duration: 1s, iterations: 5',
      'p.iterations: expected no iterations beside an arrival rate, which says when iterations start',
    ],
    ['arrival_rate: 5/s, stages: [{ duration: 1s, target: 5 }]', /p\.stages: expected rates, such as .*; got targets, which are users$/],
    [
      'stages: [{ duration: 1s, target: 5 }, { duration: 1s, rate: 5/s }]',
      'p.stages: expected either target or rate in every stage; got both kinds',
    ],
    ['stages: [{ duration: 1s, target: 5, rate: 5/s }]', 'p.stages[0]: expected exactly one of target (users) and rate'],
    ['stages: [{ duration: 1s }]', 'p.stages[0]: expected exactly one of target (users) and rate'],
    ['stages: [{ duration: 1s, rate: fast }]', /p\.stages\[0\]\.rate: expected a rate from 0, .*; got "fast"$/],
    ['duration: 1s, max_users: 5', 'p.max_users: expected arrival_rate beside max_users, which is of arrival rates'],
    ['duration: 1s, on_busy: drop', 'p.on_busy: expected arrival_rate beside on_busy, which is of arrival rates'],
    [
      'duration: 1s, executor: constant-arrival-rate',
      'p.executor: expected arrival_rate, such as 50/s, for the executor constant-arrival-rate; got none',
    ],
    [
      'arrival_rate: 5/s, duration: 1s, executor: constant-vus',
      'p.executor: expected constant-arrival-rate, which is what these settings make; got "constant-vus"',
    ],
    [
      'arrival_rate: 5/s, duration: 1s, max_users: 2, pre_allocated_users: 3',
      'p.max_users: expected at least pre_allocated_users, 3; got 2',
    ],
    ['arrival_rate: 5/s, duration: 1s, on_busy: wait', 'p.on_busy: expected one of queue, drop; got "wait"'],
    [
      'executor: constant-vus, iterations: 5',
      'p.executor: expected a duration, and neither a shape nor iterations, for the executor constant-vus',
    ],
    ['executor: ramping-vus, duration: 5s', 'p.executor: expected stages or a shape for the executor ramping-vus; got none'],
    [
      'executor: shared-iterations, duration: 5s, shape: spike',
      'p.executor: expected iterations for the executor shared-iterations; got a shape',
    ],
  ])('%s is a 104', (settings, message) => {
    const { message: got } = refusalOf(() => configOf(`${LOCAL}test_profiles: { p: { ${settings} } }`));
    if (typeof message === 'string') expect(got).toBe(`test_profiles.${message}`);
    else expect(got).toMatch(message);
  });

  test('stages that never rise above 0/s are a 104', () => {
    expect(refusalOf(() => only('stages: [{ duration: 10s, rate: 0/s }], max_users: 5')).message).toBe(
      'test_profiles.p: expected a rate above 0 at some moment; got none',
    );
  });
});

describe('flags', () => {
  const run = (flags: object, options: unknown = undefined) => planOf({ yaml: PROFILES, flags, script: { options } });

  test('--rate and --duration make an open model of a bare run, with --users as the most', () => {
    expect(run({ rate: '50/s', duration: '10s', users: '20' }).scenarios[0]).toMatchObject({
      kind: 'open',
      executor: 'constant-arrival-rate',
      users: 20,
      curve: flat(50, 10),
      onBusy: 'queue',
    });
    expect(run({ rate: '50/s', duration: '10s' }).notes).toEqual([
      'options: up to 500 users, enough for answers that take 10 s, within 10 to 1000: no number of users was given',
    ]);
  });

  test('--rate takes the duration and the shape of a profile of users, and leaves its users, think time and pace behind', () => {
    expect(run({ profile: 'smoke', rate: '2/s', users: '7' }).scenarios[0]).toMatchObject({ kind: 'open', users: 7, curve: flat(2, 30) });
    expect(run({ profile: 'spike', rate: '20/s', users: '7' }).scenarios[0]).toMatchObject({
      curve: [{ rate: 2 }, { rate: 2 }, { rate: 20 }, { rate: 20 }, { rate: 2 }, { rate: 2 }],
      phases: [{ name: 'base' }, { name: 'peak' }, { name: 'recovery' }],
    });
    expect(run({ profile: 'paced', rate: '2/s', users: '7' }).notes).toEqual([
      'think_time, pace, spawn_rate of test_profiles.paced have no effect with --rate, which says when iterations start',
    ]);
  });

  test('--rate replaces the rate of an open profile and --users its most, and what is allocated first is no more than that', () => {
    expect(run({ profile: 'spike_open', rate: '50/s', users: '5' }).scenarios[0]).toMatchObject({
      users: 5,
      preAllocatedUsers: 5,
      curve: [{ rate: 5 }, { rate: 5 }, { rate: 50 }, { rate: 50 }, { rate: 5 }, { rate: 5 }],
    });
  });

  test('--duration 10s rescales the spike of an arrival rate: its peak is from 2 s to 8 s', () => {
    expect(run({ profile: 'spike_open', duration: '10s' }).scenarios[0]).toMatchObject({
      phases: [{}, { name: 'peak', fromUs: 2 * SECOND_US, toUs: 8 * SECOND_US }, {}],
      length: { durationUs: 10 * SECOND_US },
    });
  });

  test('--users bounds stages of rates and leaves their curve alone', () => {
    expect(run({ profile: 'climb_open', users: '9' }).scenarios[0]).toMatchObject({ users: 9, curve: [{ rate: 600 }, { rate: 6000 }, {}] });
  });

  test('--stage and --once make a closed model of an open profile', () => {
    expect(run({ profile: 'open', stages: ['5s:3'] }).scenarios[0]).toMatchObject({ kind: 'closed', executor: 'ramping-vus', users: 3 });
    expect(run({ profile: 'open', isOnce: true }).scenarios[0]).toMatchObject({ kind: 'closed', length: { iterations: 1 } });
  });

  test("--rate replaces the script's scenarios, and takes the duration of options without any", () => {
    const scenarios = { a: { executor: 'constant-vus', duration: '5s' } };
    expect(run({ rate: '2/s', duration: '3s', users: '1' }, { scenarios })).toMatchObject({
      scenarios: [{ name: 'default', kind: 'open', curve: flat(2, 3) }],
      notes: ["the command line replaces the script's scenarios (a)"],
    });
    expect(run({ rate: '2/s', users: '1' }, { vus: 3, duration: '4s' }).scenarios[0]).toMatchObject({ kind: 'open', curve: flat(2, 4) });
  });
});
