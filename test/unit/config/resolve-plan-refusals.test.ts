import { expect, test } from 'vitest';
import { PROFILES, planOf, refusalOf, SCENARIOS, TWO } from './fixtures.ts';

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
    '--users alone beside stages of options',
    { users: '3' },
    { options: { stages: [{ duration: '5s', target: 3 }] } },
    '--users: expected no stages beside it; got those of options (1 stage over 5s)',
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
  ['--workers 65', { workers: '65' }, {}, '--workers: expected a whole number from 1 to 64 (workers); got "65"'],
  ['--tag status=x', { tags: { status: 'x' } }, {}, /^--tag: expected a name that is none of scenario, task, .*; got "status"$/],
  ['--tag "a b"=x', { tags: { 'a b': 'x' } }, {}, '--tag: expected a tag name of letters, digits, "_", "-" and "."; got "a b"'],
  ['--on-inconclusive', { onInconclusive: 'pass' }, {}, '--on-inconclusive: expected fail or warn; got "pass"'],
  ['--http-debug', { httpDebug: 'some' }, {}, '--http-debug: expected failed or all or off; got "some"'],
  [
    'an unknown profile',
    { profile: 'smok' },
    {},
    '--profile: expected a profile, one of smoke, spike, climb, count, each, paced, open, climb_open, spike_open; got "smok": did you mean "smoke"?',
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
  ['--rate without a duration', { rate: '50/s' }, {}, '--rate: expected a duration for it; got none in options'],
  [
    '--rate on a number of iterations',
    { rate: '50/s', profile: 'count' },
    {},
    '--rate: expected a duration for it; got none in test_profiles.count',
  ],
  [
    '--rate fast',
    { rate: 'fast' },
    {},
    /^--rate: expected a rate above 0, such as "50\/s", "600\/m" or a number a second, .*; got "fast"$/,
  ],
  ['--rate 0/s', { rate: '0/s', duration: '1s' }, {}, /^--rate: expected a rate above 0.*; got "0\/s"$/],
  ['--rate 50/d', { rate: '50/d' }, {}, /^--rate: expected a rate.*; got "50\/d"$/],
  ['--rate 1000001/s', { rate: '1000001/s' }, {}, /^--rate: .*at most 1000000\/s; got "1000001\/s"$/],
  [
    '--rate beside --iterations',
    { rate: '5/s', iterations: '5' },
    {},
    '--iterations: expected no --iterations beside --rate, which goes on for a --duration; got both',
  ],
  ['--rate beside --stage', { rate: '5/s', stages: ['1s:1'] }, {}, '--rate: expected nothing beside --stage, which is of users; got both'],
  [
    '--rate beside --once',
    { rate: '5/s', isOnce: true },
    {},
    '--once: expected no --rate beside it, because it is one iteration of one user; got both',
  ],
  [
    '--rate beside stages of rates',
    { rate: '5/s', profile: 'climb_open' },
    {},
    '--rate: expected no stages beside it; got those of test_profiles.climb_open (2 stages over 1m 30s)',
  ],
  [
    '--duration beside stages of rates',
    { duration: '5s', profile: 'climb_open' },
    {},
    '--duration: expected no stages beside it; got those of test_profiles.climb_open (2 stages over 1m 30s)',
  ],
  [
    '--iterations on an arrival rate',
    { iterations: '5', profile: 'open' },
    {},
    '--iterations: expected a load of users; got the arrival rate 50/s of test_profiles.open',
  ],
  [
    '--iterations on the shape of an arrival rate',
    { iterations: '5', profile: 'spike_open' },
    {},
    '--iterations: expected a load without a shape; got the shape spike of test_profiles.spike_open',
  ],
  [
    '--users beside a shape function',
    { users: '5' },
    { options: { shape: { samples: [1, 2], everyMs: 1000 } } },
    '--users: expected a load without a shape function, which says it all; got that of options',
  ],
  [
    '--rate beside a shape function',
    { rate: '5/s' },
    { options: { shape: { samples: [1, 2], everyMs: 1000 } } },
    '--rate: expected a load without a shape function, which says it all; got that of options',
  ],
  [
    '--iterations beside a shape function',
    { iterations: '5' },
    { options: { shape: { samples: [1, 2], everyMs: 1000 } } },
    '--iterations: expected a load without a shape; got the shape function of options',
  ],
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
    /^options\.scenarios\.a\.executor: expected one of constant-vus, .*; got "constant-vu": did you mean "constant-vus"\?$/,
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

test('max_rps bounds the starts of arrival rates that run at once: 60/s and 50/s side by side are over 100/s, one after the other are not', () => {
  const yaml =
    'environments: { prod: { base_url: "https://h", max_rps: 100 } }\ntest_profiles: { fast: { arrival_rate: 6001/m, duration: 1m, max_users: 9 } }';
  const refused = refusalOf(() => planOf({ yaml, flags: { profile: 'fast' } }));
  expect([refused.message, refused.hint]).toEqual([
    'environments.prod.max_rps: expected at most 100 starts a second; got 100.017',
    'give --rate 100/s, or raise max_rps',
  ]);
  expect(planOf({ yaml, flags: { profile: 'fast', rate: '100/s' } }).environment.rpsMax).toBe(100);
  const rate = (perSecond: number, startTime: string) => ({
    executor: 'constant-arrival-rate',
    rate: perSecond,
    duration: '10s',
    preAllocatedVUs: 5,
    startTime,
  });
  const options = (startTime: string) => ({ scenarios: { a: rate(60, '0s'), b: rate(50, startTime) } });
  expect(refusalOf(() => planOf({ yaml, script: { options: options('9s') } })).message).toContain('got 110');
  expect(planOf({ yaml, script: { options: options('10s') } }).scenarios).toHaveLength(2);
});

test('max_users bounds an arrival rate too, and a default number of users stays within it', () => {
  const yaml = (rest: string) =>
    `environments: { prod: { base_url: "https://h", max_users: 50 } }\ntest_profiles: { open: { arrival_rate: 20/s, duration: 1m${rest} } }`;
  expect(refusalOf(() => planOf({ yaml: yaml(', max_users: 60'), flags: { profile: 'open' } })).message).toBe(
    'environments.prod.max_users: expected at most 50 users at once; got 60',
  );
  const plan = planOf({ yaml: yaml(''), flags: { profile: 'open' } });
  expect(plan.scenarios[0]?.users).toBe(50);
  expect(plan.notes).toEqual(['test_profiles.open: up to 50 users, as the environment allows: no number of users was given']);
});
