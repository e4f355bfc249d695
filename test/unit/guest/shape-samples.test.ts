import { expect, test } from 'vitest';
import { optionsAsData } from '../../../runtime/guest/shape-samples.ts';

interface Sampled {
  shape: { samples: number[]; everyMs: number };
}
const sampled = (options: object) => (optionsAsData(options) as Sampled).shape;

test('a shape with a duration of 2 s is asked every 100 ms, 21 times', () => {
  const { samples, everyMs } = sampled({ shape: (t: number) => 10 * t, duration: '2s' });
  expect([samples.length, everyMs, samples[0], samples[5], samples.at(-1)]).toEqual([21, 100, 0, 5, 20]);
});

test('a shape that gives undefined from 2.5 s on ends there: 26 samples, the last of them at 2.5 s', () => {
  const { samples } = sampled({ shape: (t: number) => (t < 2.5 ? 5 : undefined) });
  expect(samples).toEqual(Array.from({ length: 26 }, () => 5));
});

test('a shape that ends after a whole day is asked for all of it', () => {
  const { samples, everyMs } = sampled({ shape: (t: number) => (t < 86_400 ? 1 : null) });
  expect([samples.length, everyMs]).toEqual([86_401, 1000]);
});

test('a shape of an hour is asked once a second, one of 10 days every 10 s', () => {
  const hour = sampled({ shape: () => 1, duration: '1h' });
  expect([hour.samples.length, hour.everyMs]).toEqual([3601, 1000]);
  const days = sampled({ shape: () => 1, duration: '10d' });
  expect([days.samples.length, days.everyMs]).toEqual([86_401, 10_000]);
});

test('a duration may be a number of milliseconds, as in k6', () => {
  expect(sampled({ shape: () => 1, duration: 300 }).samples).toHaveLength(4);
});

test('shapes of scenarios are asked too, each with its own duration, and all else is as JSON has it', () => {
  const options = {
    scenarios: { a: { shape: () => 3, duration: '200ms' }, b: { executor: 'constant-vus', duration: '1s', onEnd: () => 1 } },
  };
  expect(optionsAsData(options)).toEqual({
    scenarios: { a: { shape: { samples: [3, 3, 3], everyMs: 100 }, duration: '200ms' }, b: { executor: 'constant-vus', duration: '1s' } },
  });
  expect(optionsAsData(undefined)).toBeUndefined();
  expect(optionsAsData({ shape: 'wave' })).toEqual({ shape: 'wave' });
});

test('a shape without an end and without a duration is refused', () => {
  expect(() => sampled({ shape: () => 1 })).toThrow('options: shape never ends: expected undefined where it does, or a duration beside it');
});
