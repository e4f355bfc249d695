import { expect, test } from 'vitest';
import { thresholdTexts, withOverrides } from '../../../runtime/config/form-overrides.ts';
import type { LoadedConfig } from '../../../runtime/config/load-config.ts';

const config: LoadedConfig = {
  path: undefined,
  folder: '/',
  settings: {
    thresholds: {
      max_p95: '2s',
      min_rps: 10,
      large: { max_p95: { limit: '4s', for: '10s' } },
      http_reqs: 'count>1',
    } as unknown as NonNullable<LoadedConfig['settings']['thresholds']>,
    test_profiles: { load: { users: 5, duration: '1m', thresholds: { max_p95: '9s', max_p99: '9s' } } },
    test_mix: { a: 1 },
  },
  environments: {},
  lineOf: () => undefined,
};

test('short thresholds are shown as texts by key, those of a task with its name before', () => {
  expect(thresholdTexts(config.settings.thresholds ?? {})).toEqual({ max_p95: '2s', min_rps: '10', 'large.max_p95': '4s for 10s' });
});

test('a form wins over the configuration and over its profiles; an empty text takes a threshold away', () => {
  const { settings } = withOverrides(config, { thresholds: { max_p95: '1s', min_rps: '', 'large.max_p95': '3s', 'small.max_p99': '1s' } });
  expect(settings.thresholds).toEqual({ max_p95: '1s', large: { max_p95: '3s' }, small: { max_p99: '1s' }, http_reqs: 'count>1' });
  expect(settings.test_profiles?.['load']?.thresholds).toEqual({ max_p99: '9s' });
});

test('what reads as the configuration itself is no change', () => {
  const shown = thresholdTexts(config.settings.thresholds ?? {});
  expect(withOverrides(config, { thresholds: shown }).settings).toEqual(config.settings);
  expect(withOverrides(config, {})).toBe(config);
});

test('weights are replaced whole', () => {
  expect(withOverrides(config, { mix: { b: 2 } }).settings.test_mix).toEqual({ b: 2 });
});

test.each([
  [{ thresholds: { max_p95: 'fast' } }, 'thresholds.max_p95'],
  [{ thresholds: { min_rps: 'x' } }, 'thresholds.min_rps'],
  [{ mix: { a: -1 } }, 'mix.a'],
])('%j is refused by its key', (form, where) => {
  expect(() => withOverrides(config, form)).toThrow(where);
});

test('under profile load its 9s is what is in force: typed again it is no change, the 2s of the configuration is one', () => {
  expect(withOverrides(config, { thresholds: { max_p95: '9s' }, profile: 'load' }).settings).toEqual(config.settings);
  const { settings } = withOverrides(config, { thresholds: { max_p95: '2s' }, profile: 'load' });
  expect([settings.thresholds?.max_p95, settings.test_profiles?.['load']?.thresholds]).toEqual(['2s', { max_p99: '9s' }]);
});
