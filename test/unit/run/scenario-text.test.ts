import { expect, test } from 'vitest';
import { scenarioText, warmUpText } from '../../../runtime/run/scenario-text.ts';
import { LOCAL, planOf, TWO } from '../config/fixtures.ts';

const ofProfile = (settings: string): string => {
  const [scenario] = planOf({ yaml: `${LOCAL}test_profiles: { p: { ${settings} } }`, flags: { profile: 'p' } }).scenarios;
  return scenario === undefined ? '' : scenarioText(scenario);
};
const ofScenario = (a: object): string => {
  const [scenario] = planOf({ script: { ...TWO, options: { scenarios: { a } } } }).scenarios;
  return scenario === undefined ? '' : scenarioText(scenario);
};

test.each([
  ['arrival_rate: 50/s, duration: 5m, max_users: 100', '50/s for 5m, up to 100 users, queue when busy'],
  ['arrival_rate: 600/m, duration: 5m, max_users: 1, on_busy: drop', '600/m for 5m, up to 1 user, drop when busy'],
  [
    'arrival_rate: 5/s, duration: 30s, max_users: 9, pre_allocated_users: 3, arrivals: poisson',
    '5/s for 30s at random (poisson), up to 9 users (3 at first), queue when busy',
  ],
  [
    'arrival_rate: 10/s, stages: [{ duration: 1m, rate: 100/s }, { duration: 30s, rate: 0 }], max_users: 9',
    '10/s to 100/s to 0/s for 1m 30s, up to 9 users, queue when busy',
  ],
  [
    'arrival_rate: 100/s, duration: 2m, shape: spike, max_users: 500',
    '10/s to 100/s to 10/s for 2m, up to 500 users, queue when busy, phases base, peak, recovery',
  ],
  [
    'arrival_rate: 100/s, duration: 2m, shape: steps, max_users: 500',
    '20/s to 40/s to 60/s to 80/s to 100/s for 2m, up to 500 users, queue when busy, phases step-1, step-2, step-3, step-4, step-5',
  ],
  ['users: 5, duration: 30s', '5 users for 30s'],
  ['users: 20, duration: 2m, shape: spike', '2 to 20 to 2 users for 2m, phases base, peak, recovery'],
  ['users: 20, duration: 2m, shape: ramp', '0 to 20 users for 2m, phases ramp, steady'],
  ['users: 4, iterations: 20', '4 users, 20 iterations, at most 10m'],
  ['users: 4, iterations: 5, executor: per-vu-iterations, duration: 1m', '4 users, 5 iterations each, at most 1m'],
  ['iterations: 1', '1 user, 1 iteration, at most 10m'],
])('%s reads: %s', (settings, text) => {
  expect(ofProfile(settings)).toBe(text);
});

test('a scenario of the script has its start time, its function and a time unit of its own', () => {
  const a = {
    executor: 'constant-arrival-rate',
    rate: 3,
    timeUnit: '10s',
    duration: '1m',
    preAllocatedVUs: 5,
    maxVUs: 8,
    startTime: '20s',
    exec: 'buy',
    onBusy: 'drop',
  };
  expect(ofScenario(a)).toBe('3/10s for 1m, up to 8 users (5 at first), drop when busy, from 20s on, buy()');
});

test('a curve of many levels is told by its ends and its peak', () => {
  const stages = [5, 9, 2, 7, 3, 8, 1].map((target) => ({ duration: '1s', target }));
  expect(ofScenario({ executor: 'ramping-arrival-rate', stages, preAllocatedVUs: 2 })).toBe(
    '0/s to 9/s to 1/s for 7s, up to 2 users, queue when busy',
  );
});

test('each kind of warm-up', () => {
  expect(warmUpText({ kind: 'none' })).toBe('none');
  expect(warmUpText({ kind: 'requests', requests: 10 })).toBe('10 iterations');
  expect(warmUpText({ kind: 'duration', durationUs: 5_000_000 })).toBe('5s');
  expect(warmUpText({ kind: 'stable', durationUsMax: 60_000_000 })).toBe('until latencies are stable, at most 1m');
});
