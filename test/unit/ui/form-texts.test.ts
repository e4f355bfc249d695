import { expect, test } from 'vitest';
import type { Options } from '../../../runtime/server/api.ts';
import { firstTexts, formOf } from '../../../runtime/ui/start/form-texts.ts';

const OPTIONS: Options = {
  version: '0.0.0',
  scripts: [{ path: 'scripts/a.ts', hasDefault: true, tasks: [] }],
  environments: [
    { name: 'local', baseUrl: 'http://localhost', isProduction: false, isDefault: false },
    { name: 'demo', baseUrl: 'http://localhost', isProduction: false, isDefault: true },
  ],
  profiles: [],
  mix: { health: 10, predict: 90 },
  thresholds: { max_p95: '2s' },
  defaults: {},
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
