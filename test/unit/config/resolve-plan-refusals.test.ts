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
