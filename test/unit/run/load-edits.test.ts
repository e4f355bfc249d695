import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RunPlan } from '../../../runtime/core/plan.ts';
import { type LoadEdit, LoadEdits, sharedOut } from '../../../runtime/run/load-edits.ts';
import { LOCAL, planOf, TWO } from '../config/fixtures.ts';

const BOUNDED = 'environments: { local: { base_url: "http://127.0.0.1:8000", max_users: 40, max_rps: 100 } }\n';

const profilePlan = (settings: string, yaml = LOCAL): RunPlan =>
  planOf({ yaml: `${yaml}test_profiles: { p: { ${settings} } }`, flags: { profile: 'p' } });
/** Two closed scenarios of 10 and 30 users, and an open one of 60 starts a minute, all at once. */
const MIXED = planOf({
  yaml: LOCAL,
  script: {
    ...TWO,
    options: {
      scenarios: {
        few: { executor: 'constant-vus', vus: 10, duration: '1m', exec: 'browse' },
        many: { executor: 'constant-vus', vus: 30, duration: '1m', exec: 'buy' },
        open: { executor: 'constant-arrival-rate', rate: 60, timeUnit: '1m', duration: '1m', preAllocatedVUs: 5, exec: 'buy' },
      },
    },
  },
});

/** Plans, enlists and applies an edit. */
function made(edits: LoadEdits, edit: LoadEdit, atS: number) {
  const planned = edits.plan(edit);
  edits.enlisted(planned);
  edits.apply(planned, atS);
  return planned;
}

test('users that are not there yet are enlisted once: 5 to 8, then none, then 2 more', () => {
  const edits = new LoadEdits(profilePlan('users: 5, duration: 1m'));
  expect(made(edits, { users: 8 }, 10)).toEqual({
    phase: 'edit-1',
    change: 'users 5 → 8 (default)',
    changes: [{ scenario: 0, phase: 'edit-1', users: 8 }],
    enlisted: [{ scenario: 0, from: 5, to: 8 }],
  });
  expect(made(edits, { users: 3 }, 20).enlisted).toEqual([]);
  expect(made(edits, { users: 10 }, 30)).toMatchObject({ change: 'users 3 → 10 (default)', enlisted: [{ from: 8, to: 10 }] });
  expect(edits.loads).toEqual([{ scenario: 'default', model: 'closed', users: 10, usersMax: 10, rate: null }]);
});

test('stretches lie side by side from 0 to the end, and there is one while nobody edits', () => {
  const edits = new LoadEdits(profilePlan('users: 5, duration: 1m'));
  expect(edits.isEdited).toBe(false);
  made(edits, { users: 6 }, 12.5);
  made(edits, { users: 7 }, 20);
  expect(edits.isEdited).toBe(true);
  expect(edits.segments(60)).toEqual([
    { phase: 'base', fromS: 0, toS: 12.5, change: '' },
    { phase: 'edit-1', fromS: 12.5, toS: 20, change: 'users 5 → 6 (default)' },
    { phase: 'edit-2', fromS: 20, toS: 60, change: 'users 6 → 7 (default)' },
  ]);
});

test('a rate is starts a second, whatever the scenario counts in: 3/s is 180 a minute', () => {
  const edits = new LoadEdits(MIXED);
  const { change, changes } = made(edits, { scenario: 'open', rate: 3 }, 1);
  expect(change).toBe('rate 1/s → 3/s (open)');
  expect(changes).toEqual([
    { scenario: 0, phase: 'edit-1' },
    { scenario: 1, phase: 'edit-1' },
    { scenario: 2, phase: 'edit-1', rate: 180 },
  ]);
  expect(edits.loads[2]).toMatchObject({ users: 5, rate: 3 });
});

test('users of a run with several scenarios are shared out among its closed ones: 20 of 10 and 30 are 5 and 15', () => {
  expect(new LoadEdits(MIXED).plan({ users: 20 }).changes).toEqual([
    { scenario: 0, phase: 'edit-1', users: 5 },
    { scenario: 1, phase: 'edit-1', users: 15 },
    { scenario: 2, phase: 'edit-1' },
  ]);
});

test.each<[string, LoadEdit, string]>([
  ['neither', {}, 'edit: expected users or a rate; got neither'],
  ['a fraction of a user', { users: 1.5 }, 'users: expected a whole number of users from 0 to 100000; got 1.5'],
  ['too many users', { users: 100_001 }, 'users: expected a whole number of users from 0 to 100000; got 100001'],
  [
    'more users than the environment allows',
    { users: 41 },
    'users: expected at most 40 users at once, as environments.local.max_users says; got 41',
  ],
  [
    'a rate of a closed model',
    { rate: 5 },
    'rate: expected users: this run is a closed model, where users wait for their answers; got a rate',
  ],
  ['a rate that is none', { rate: Number.NaN }, 'rate: expected a number from 0 to 1000000 (starts a second); got NaN'],
  ['a scenario that is none', { scenario: 'defalt', users: 2 }, 'scenario: expected one of default; got "defalt"'],
])('%s is refused, and nothing has changed', (_, edit, message) => {
  const edits = new LoadEdits(profilePlan('users: 20, duration: 1m', BOUNDED));
  expect(() => edits.plan(edit)).toThrow(expect.objectContaining({ name: 'ConfigError', message }));
  expect(edits.loads[0]).toMatchObject({ users: 20, usersMax: 20 });
  expect(edits.isEdited).toBe(false);
});

test('an open model keeps at least one user, and its rate stays within max_rps', () => {
  const edits = new LoadEdits(profilePlan('arrival_rate: 50/s, duration: 1m, max_users: 10', BOUNDED));
  expect(() => edits.plan({ users: 0 })).toThrow('users: expected a whole number of users from 1 to 100000; got 0');
  expect(() => edits.plan({ rate: 100.5 })).toThrow(
    'rate: expected at most 100 starts a second, as environments.local.max_rps says; got 100.5',
  );
  expect(edits.plan({ rate: 100, users: 20 })).toMatchObject({ change: 'users 10 → 20 (default), rate 50/s → 100/s (default)' });
});

test('shares are whole, add up and are at most 1 away from their proportion', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 8 }),
      (total, weights) => {
        const shares = sharedOut(total, weights);
        const sum = weights.reduce((all, weight) => all + weight, 0);
        expect(shares.reduce((all, share) => all + share, 0)).toBe(total);
        shares.forEach((share, i) => {
          const exact = sum > 0 ? (total * (weights[i] as number)) / sum : total / weights.length;
          expect(Math.abs(share - exact)).toBeLessThanOrEqual(1);
        });
      },
    ),
  );
});

test('a rate is shared out among open scenarios in proportion to theirs, alike where none has one, and what is over max_rps already may not rise', () => {
  const of = (first: number, second: number, yaml = LOCAL): RunPlan => {
    const open = (rate: number) => ({
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: '1m',
      preAllocatedVUs: 5,
      exec: 'buy',
    });
    return planOf({ yaml, script: { ...TWO, options: { scenarios: { one: open(first), two: open(second) } } } });
  };
  const ratesOf = (edits: LoadEdits): (number | null)[] => edits.loads.map(({ rate }) => rate);
  const edits = new LoadEdits(of(10, 30));
  made(edits, { rate: 20 }, 1);
  expect(ratesOf(edits)).toEqual([5, 15]);
  made(edits, { rate: 0 }, 2);
  expect(ratesOf(edits)).toEqual([0, 0]);
  made(edits, { rate: 8 }, 3);
  expect(ratesOf(edits)).toEqual([4, 4]);
  made(edits, { rate: 3, scenario: 'two' }, 4);
  expect(ratesOf(edits)).toEqual([4, 3]);
  const bounded = new LoadEdits(of(10, 30, BOUNDED));
  made(bounded, { rate: 100 }, 1);
  expect(() => bounded.plan({ rate: 100.5 })).toThrow(
    'expected at most 100 starts a second, as environments.local.max_rps says; got 100.5',
  );
  expect(() => bounded.plan({ rate: 100, scenario: 'two' })).toThrow('got 125');
});
