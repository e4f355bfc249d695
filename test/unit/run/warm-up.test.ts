import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import type { Second } from '../../../runtime/record/second.ts';
import { StableWatch, warmUpScenarios } from '../../../runtime/run/warm-up.ts';
import { teller } from '../../support/told-seconds.ts';
import { openPlanOf, planOf } from '../engine/scripted-host.ts';
import { sampleOf } from '../measure/http-samples.ts';

/** Seconds of answers, each after so many ms, and of requests that failed, each after so many. */
function secondsOf() {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const tell = teller();
  return (period: 'warm-up' | 'measured', answeredMs: readonly number[], failedMs: readonly number[] = []): Second => {
    for (const ms of answeredMs) recorder.record({ ...sampleOf({ tookUs: ms * 1_000 }), period });
    for (const ms of failedMs) recorder.record({ ...sampleOf({ tookUs: ms * 1_000, expected: false }), period });
    return tell(registry.drain());
  };
}

/** After how many seconds a warm-up is stable whose answers take so long; undefined: not within them. */
function stableAfter(latenciesMs: readonly (number | undefined)[], failedMs: readonly (readonly number[])[] = []): number | undefined {
  const watch = new StableWatch();
  const second = secondsOf();
  latenciesMs.forEach((ms, i) => void watch.take(second('warm-up', ms === undefined ? [] : [ms, ms, ms], failedMs[i])));
  return watch.stableAfterS;
}

test.each([
  ['steady from the start', [100, 100, 100, 100, 100, 100], 6],
  ['falling, then steady from the 5th second on', [900, 700, 500, 300, 100, 100, 104, 104, 100, 100], 10],
  ['falling by 20 % each window', [1000, 1000, 800, 800, 640, 640, 512, 512, 410, 410], undefined],
  ['without an answer now and then', [100, 100, undefined, undefined, 100, 100, undefined, undefined], undefined],
  ['too short', [100, 100, 100, 100, 100], undefined],
] as const)('response times that are %s', (_, latenciesMs, afterS) => {
  expect(stableAfter(latenciesMs)).toBe(afterS);
});

test('what other periods measure does not count', () => {
  const watch = new StableWatch();
  const second = secondsOf();
  for (let i = 0; i < 10; i++) {
    expect(watch.take(second('measured', [100]))).toBe(false);
  }
});

test('requests that fail make a warm-up neither stable nor unstable: answers alone do', () => {
  const steady = [100, 100, 100, 100, 100, 100];
  expect(stableAfter(steady, [[9_000], [], [50, 60], [], [5_000, 1], []])).toBe(6);
  const always = steady.map(() => [100, 100]);
  expect(stableAfter([undefined, undefined, undefined, undefined, undefined, undefined], always)).toBeUndefined();
  expect(stableAfter([900, 700, 500, 300, 100, 100], always)).toBeUndefined();
});

test('ten requests of a warm-up are ten iterations of a closed model, and the first 0.5 s of an open one at 20/s', () => {
  const warmUp = { kind: 'requests', requests: 10 } as const;
  const [closed] = warmUpScenarios(warmUp, [planOf({ users: 30 })]);
  expect(closed).toMatchObject({
    users: 10,
    length: { kind: 'iterations', iterations: 10, isShared: false },
    phases: [],
    spawnWindowUs: 0,
  });
  const curve = [
    { atUs: 0, rate: 20 },
    { atUs: 9_000_000, rate: 500 },
  ];
  const [open] = warmUpScenarios(warmUp, [openPlanOf({ users: 30, curve, arrivals: 'poisson', startTimeUs: 7 })]);
  expect(open).toMatchObject({
    users: 30,
    arrivals: 'from-zero',
    startTimeUs: 0,
    length: { kind: 'duration', durationUs: 500_000 },
    curve: [
      { atUs: 0, rate: 20 },
      { atUs: 500_000, rate: 20 },
    ],
  });
});

test('a warm-up by time has the scenarios that begin first, at all their users; an open one that begins at 0/s has the rate after that', () => {
  const plans = [
    planOf({ name: 'a', users: 3 }),
    openPlanOf({ name: 'b', vuOffset: 10, curve: [0, 40].map((rate, i) => ({ atUs: i * 1_000_000, rate })) }),
    planOf({ name: 'later', startTimeUs: 60_000_000, vuOffset: 50 }),
  ];
  const scenarios = warmUpScenarios({ kind: 'duration', durationUs: 5_000_000 }, plans);
  expect(scenarios.map(({ name, length }) => [name, length])).toEqual([
    ['a', { kind: 'duration', durationUs: 5_000_000 }],
    ['b', { kind: 'duration', durationUs: 5_000_000 }],
  ]);
  expect(scenarios[1]?.curve).toMatchObject([{ rate: 40 }, { rate: 40 }]);
  expect(warmUpScenarios({ kind: 'none' }, plans)).toEqual([]);
});
