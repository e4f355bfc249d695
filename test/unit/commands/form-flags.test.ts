import { expect, test } from 'vitest';
import { flagsOfForm, formDefaults } from '../../../runtime/commands/form-flags.ts';
import type { RunFlags } from '../../../runtime/config/flags.ts';

const SMOKE: Partial<RunFlags> = { environment: 'demo', profile: 'smoke', users: '20', seed: '7' };

test('`-p smoke -u 20` fills the form in; what it is left with is what is run', () => {
  expect(formDefaults(SMOKE)).toEqual({ environment: 'demo', profile: 'smoke', users: 20 });
  expect(flagsOfForm(SMOKE, { environment: 'demo', profile: 'smoke', users: 20 })).toEqual(SMOKE);
});

test('no profile and no users in the form take the flags back; what it has no fields for stays', () => {
  expect(flagsOfForm(SMOKE, { environment: 'demo' })).toEqual({ environment: 'demo', seed: '7' });
  expect(flagsOfForm({ rate: '20/s', duration: '1m' }, { duration: '30s' })).toEqual({ duration: '30s' });
});

test('600 a minute are 10 a second in the form', () => {
  expect(formDefaults({ rate: '600/m' })).toEqual({ rate: 10 });
});

test('`-s 5s:3` fills the form in, and is taken back by a form without it; 10 iterations hold until there is another load', () => {
  const stages = ['5s:3'];
  expect(formDefaults({ stages })).toEqual({ stages });
  expect(flagsOfForm({ stages, iterations: '10' }, { stages })).toEqual({ stages, iterations: '10' });
  expect(flagsOfForm({ stages }, { duration: '10s' })).toEqual({ duration: '10s' });
  expect(flagsOfForm({ iterations: '10' }, { stages })).toEqual({ stages });
  expect(flagsOfForm({ iterations: '10', isOnce: true }, { profile: 'load' })).toEqual({ profile: 'load' });
});

test('`-u 2 -i 10` in an untouched form is 10 iterations of 2 users; 3 users are no longer 10 iterations', () => {
  const flags = { users: '2', iterations: '10' };
  expect(flagsOfForm(flags, { users: 2 })).toEqual(flags);
  expect(flagsOfForm(flags, { users: 3 })).toEqual({ users: '3' });
});

test('`-e TOKEN=x --tag a=1 --scenario s`: the form sees tags and scenarios, not what may be a secret, which stays below its own variables', () => {
  const flags = { variables: { TOKEN: 'x', PLAN: 'free' }, tags: { a: '1' }, scenarios: ['s'] };
  expect(formDefaults(flags)).toEqual({ tags: { a: '1' }, scenarios: ['s'] });
  expect(flagsOfForm(flags, { variables: { PLAN: 'pro' } })).toEqual({ variables: { TOKEN: 'x', PLAN: 'pro' } });
  expect(flagsOfForm(flags, { tags: { b: '2' } })).toEqual({ variables: flags.variables, tags: { b: '2' } });
});
