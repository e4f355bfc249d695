import { expect, test } from 'vitest';
import { faultOf, typedFault } from '../../../runtime/ui/start/form-faults.ts';
import { firstTexts, formOf, thresholdsInForce } from '../../../runtime/ui/start/form-texts.ts';
import { loadInForce } from '../../../runtime/ui/start/load-in-force.ts';
import type { Options, PlanView } from '../../../runtime/views/api.ts';

const OPTIONS: Options = {
  version: '0.0.0',
  scripts: [{ path: 'scripts/a.ts', hasDefault: true, tasks: [], scenarios: [] }],
  environments: [
    { name: 'local', baseUrl: 'http://localhost', isProduction: false, isDefault: false },
    { name: 'demo', baseUrl: 'http://localhost', isProduction: false, isDefault: true },
  ],
  profiles: [
    {
      name: 'smoke',
      description: '',
      summary: '',
      users: 5,
      ratePerSecond: null,
      durationS: 30,
      thresholds: { max_p95: '1s', max_p99: '3s' },
    },
  ],
  mix: { health: 10, predict: 90 },
  thresholds: { max_p95: '2s' },
  defaults: {},
  variables: [],
  workers: 2,
};

test('an untouched form asks for the first script on the default environment and nothing else', () => {
  expect(formOf(firstTexts(OPTIONS), OPTIONS)).toEqual({ script: 'scripts/a.ts', environment: 'demo' });
});

test('20 users for 30s are numbers and texts as the API takes them', () => {
  const texts = { ...firstTexts(OPTIONS), users: '20', duration: ' 30s ' };
  expect(formOf(texts, OPTIONS)).toMatchObject({ users: 20, duration: '30s' });
});

test('one weight changed sends the whole mix, for tasks that are left out would be lost', () => {
  expect(formOf({ ...firstTexts(OPTIONS), mix: { health: '50' } }, OPTIONS).mix).toEqual({ health: 50, predict: 90 });
});

test('a limit typed as it is in config.yaml is no change, another one is', () => {
  expect(formOf({ ...firstTexts(OPTIONS), thresholds: { max_p95: '2s' } }, OPTIONS).thresholds).toBeUndefined();
  expect(formOf({ ...firstTexts(OPTIONS), thresholds: { max_p95: '1s' } }, OPTIONS).thresholds).toEqual({ max_p95: '1s' });
});

test("a profile's limits are what is in force: its own 1s typed is no change, the 2s of config.yaml is one", () => {
  const texts = { ...firstTexts(OPTIONS), profile: 'smoke' };
  expect(thresholdsInForce(OPTIONS, 'smoke')).toEqual({ max_p95: '1s', max_p99: '3s' });
  expect(formOf({ ...texts, thresholds: { max_p95: '1s' } }, OPTIONS).thresholds).toBeUndefined();
  expect(formOf({ ...texts, thresholds: { max_p95: '2s' } }, OPTIONS).thresholds).toEqual({ max_p95: '2s' });
});

test('stages, variables and tags go out as the command line takes them; a value may hold an =', () => {
  const texts = { ...firstTexts(OPTIONS), stages: '30s:10, 1m:0', variables: 'TOKEN=a=b\n\nPLAN = pro', tags: 'branch=main' };
  expect(formOf(texts, OPTIONS)).toMatchObject({
    stages: ['30s:10', '1m:0'],
    variables: { TOKEN: 'a=b', PLAN: 'pro' },
    tags: { branch: 'main' },
  });
});

test('scenarios that are chosen go out, unless the form says a load, which replaces them', () => {
  const texts = { ...firstTexts(OPTIONS), scenarios: ['browse'] };
  expect(formOf(texts, OPTIONS).scenarios).toEqual(['browse']);
  expect(formOf({ ...texts, users: '2' }, OPTIONS).scenarios).toBeUndefined();
});

test.each([
  ['--users', 'users'],
  ['environments.demo.max_users', 'users'],
  ['environments.demo.max_rps', 'rate'],
  ['--stage', 'stages'],
  ['--tag', 'tags'],
  ['thresholds.max_p95', 'thresholds.max_p95'],
  ['thresholds.max_p50', undefined],
  ['options.thresholds', undefined],
  ['default', undefined],
])('a fault at %s is shown at %s', (where, field) => {
  const fault = faultOf(
    { message: `${where}: expected more; got less`, hint: undefined, where },
    new Set(['users', 'rate', 'stages', 'tags', 'thresholds.max_p95']),
  );
  expect(fault).toMatchObject({ field, message: field === undefined ? `${where}: expected more; got less` : 'expected more; got less' });
});

test('a line that is no pair is said before anything is asked', () => {
  expect(typedFault({ ...firstTexts(OPTIONS), tags: 'a=1\nmain' })).toMatchObject({
    field: 'tags',
    message: 'expected name=value on each line; got "main"',
  });
  expect(typedFault({ ...firstTexts(OPTIONS), tags: 'a=1' })).toBeUndefined();
});

test('what an empty field stands for is what the plan has; without a plan, the profile', () => {
  const [profile] = OPTIONS.profiles;
  const closed = { name: 'default', executor: 'constant-vus', model: 'closed', users: 3, curve: [], phases: [], durationS: 120 } as const;
  const plan: PlanView = {
    scenarios: [{ ...closed, curve: [], phases: [] }],
    thresholds: [],
    tasks: [],
    environment: 'demo',
    baseUrl: '',
    notes: [],
  };
  expect(loadInForce(plan, profile)).toEqual({ users: '3', rate: 'none', duration: '2m' });
  expect(loadInForce(undefined, profile)).toEqual({ users: '5', rate: '', duration: '30s' });
  expect(loadInForce({ ...plan, scenarios: [...plan.scenarios, ...plan.scenarios] }, profile).users).toBe('of 2 scenarios');
});
