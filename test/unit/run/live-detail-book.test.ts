import { expect, test } from 'vitest';
import { type GeneratorSecond, NO_STARTS } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { assessGenerator } from '../../../runtime/monitor/saturation.ts';
import { LiveView } from '../../../runtime/record/live-view.ts';
import { LiveDetailBook } from '../../../runtime/run/live-detail-book.ts';
import { LoadEdits } from '../../../runtime/run/load-edits.ts';
import type { RunSecond } from '../../../runtime/run/run-control.ts';
import { teller } from '../../support/told-seconds.ts';
import { LOCAL, planOf, TWO } from '../config/fixtures.ts';
import { sampleOf } from '../measure/http-samples.ts';

const S = 1_000_000;
const plan = planOf({
  yaml: LOCAL,
  script: {
    ...TWO,
    options: {
      scenarios: {
        steady: { executor: 'constant-vus', vus: 10, duration: '1m', exec: 'browse' },
        late: {
          executor: 'constant-arrival-rate',
          rate: 60,
          timeUnit: '1m',
          duration: '30s',
          startTime: '40s',
          preAllocatedVUs: 5,
          exec: 'buy',
        },
        work: { executor: 'shared-iterations', vus: 1, iterations: 200, maxDuration: '1m', exec: 'buy' },
      },
    },
  },
});
const { loads } = new LoadEdits(plan);

/** A run's seconds, as the run tells them. */
function watched() {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const [tell, view] = [teller(), new LiveView()];
  const book = new LiveDetailBook(plan, 'http://127.0.0.1:8000');
  return (changes: Partial<RunSecond> = {}, tookUs: readonly number[] = []) => {
    for (const us of tookUs) recorder.record(sampleOf({ tookUs: us }));
    const second = tell(registry.drain(), { users: 10, starts: { ...NO_STARTS, late: 2, dropped: 1 } });
    const told: RunSecond = {
      ...second,
      stage: 'measuring',
      elapsedUs: (second.second + 1) * S,
      remainingUs: undefined,
      inFlight: 4,
      numbers: view.take(second),
      thresholds: [],
      generator: [],
      startsByScenario: [],
      ...changes,
    };
    return { detail: book.take(told, loads) };
  };
}

test('at 45 s a scenario of 60 s has 15 s left, one from 40 s on 25 of its 30 s, one of 200 iterations is as far as it has begun', () => {
  const startsByScenario = [NO_STARTS, NO_STARTS, { ...NO_STARTS, begun: 50 }];
  const { detail } = watched()({ elapsedUs: 45 * S, startsByScenario });
  expect(detail.scenarios).toEqual([
    { name: 'steady', load: '10 users', doneRatio: 0.75, remainingUs: 15 * S, startsInUs: -45 * S, iterations: undefined },
    { name: 'late', load: '1/s', doneRatio: 5 / 30, remainingUs: 25 * S, startsInUs: -5 * S, iterations: undefined },
    { name: 'work', load: '1 user', doneRatio: 0.25, remainingUs: undefined, startsInUs: -45 * S, iterations: { begun: 50, planned: 200 } },
  ]);
  expect([detail.late, detail.dropped, detail.inFlight]).toEqual([2, 1, 4]);
});

test('20 s of warm-up are no part of any scenario', () => {
  const { detail } = watched()({ elapsedUs: 20 * S, stage: 'warm-up' });
  expect(detail.scenarios.map(({ doneRatio, startsInUs }) => [doneRatio, startsInUs])).toEqual([
    [0, 0],
    [0, 40 * S],
    [0, 0],
  ]);
});

test.each(['stopping', 'teardown', 'ended'] as const)(
  'in the stage "%s" a scenario is as far as it came, and none has more than its all',
  (stage) => {
    const startsByScenario = [NO_STARTS, NO_STARTS, { ...NO_STARTS, begun: 250 }];
    const { detail } = watched()({ elapsedUs: 75 * S, stage, startsByScenario });
    expect(detail.scenarios).toMatchObject([
      { doneRatio: 1, remainingUs: 0, startsInUs: -75 * S },
      { doneRatio: 1, remainingUs: 0, startsInUs: -35 * S },
      { doneRatio: 1, iterations: { begun: 200, planned: 200 } },
    ]);
  },
);

test('a scenario that has not begun is nothing done, with all of its time left', () => {
  const { detail } = watched()({ elapsedUs: 30 * S });
  expect(detail.scenarios[1]).toMatchObject({ doneRatio: 0, remainingUs: 30 * S, startsInUs: 10 * S });
});

test('of 70 seconds the last 60 are kept, each with its own requests and percentiles', () => {
  const second = watched();
  for (let i = 0; i < 69; i++) second({}, [i * 1000]);
  const { detail } = second({}, [100_000, 100_000, 300_000]);
  expect(detail.seconds).toHaveLength(60);
  expect(detail.seconds[0]).toMatchObject({ second: 10, requests: 1, p50Us: 10_000 });
  expect(detail.seconds.at(-1)).toMatchObject({ second: 69, requests: 3 });
  expect(Math.abs((detail.seconds.at(-1)?.p99Us ?? 0) - 300_000)).toBeLessThan(300);
  expect(detail.requests).toMatchObject([{ task: 'predict', method: 'POST', name: '/predict', count: 72, failed: 0 }]);
});

test('saturated seconds are counted as the verdict counts them, each once, whatever the workers report when', () => {
  const second = watched();
  const all: GeneratorSecond[][] = [[], []];
  const saying = (said: [worker: number, second: GeneratorSecond][]) => {
    for (const [worker, one] of said) all[worker]?.push(one);
    return second({ said: said.map(([worker, one]) => ({ ...one, worker })) }).detail.generator;
  };
  expect(saying([])).toBeUndefined();
  const at = (number: number, lagUs: number): GeneratorSecond => {
    return { second: number, loopLagP99Us: lagUs, loopLagMaxUs: lagUs, cpu: 0.5, lateStarts: 0, begunStarts: 1, rssBytes: 0 };
  };
  expect(
    saying([
      [0, at(0, 1_000)],
      [1, at(0, 30_000)],
      [1, at(1, 30_000)],
    ]),
  ).toMatchObject({ saturatedSeconds: 2, measuredSeconds: 2, isSaturated: undefined });
  expect(
    saying([
      [0, at(1, 40_000)],
      [0, at(2, 1_000)],
      [0, at(3, 2_000)],
    ]),
  ).toEqual({
    workers: 2,
    loopLagUsP99: 30_000,
    cpu: 0.5,
    saturatedSeconds: 2,
    measuredSeconds: 4,
    isSaturated: true,
  });
  expect(assessGenerator(all)).toMatchObject({ saturated: true, saturatedSeconds: 2 });
});

test('a stall of 3 s that one report tells of is 3 saturated seconds of 3, not of 1', () => {
  const second = watched();
  const stall = { second: 0, loopLagP99Us: 3 * S, loopLagMaxUs: 3 * S, cpu: 0.5, lateStarts: 0, begunStarts: 1, rssBytes: 0, worker: 0 };
  expect(second({ said: [stall] }).detail.generator).toMatchObject({ saturatedSeconds: 3, measuredSeconds: 3 });
});

test('one saturated second in 20 is no saturated generator, one in 19 is', () => {
  const at = (number: number, lagUs: number) => {
    return { worker: 0, second: number, loopLagP99Us: lagUs, loopLagMaxUs: lagUs, cpu: 0.5, lateStarts: 0, begunStarts: 1, rssBytes: 0 };
  };
  const healthOf = (seconds: number) =>
    watched()({ said: Array.from({ length: seconds }, (_, i) => at(i, i === 0 ? 30_000 : 1_000)) }).detail.generator;
  expect(healthOf(20)).toMatchObject({ saturatedSeconds: 1, measuredSeconds: 20, isSaturated: false });
  expect(healthOf(19)).toMatchObject({ saturatedSeconds: 1, measuredSeconds: 19, isSaturated: true });
});

test('after 3 measured seconds it is said whether the generator was saturated, not before: in none of 3 it was not', () => {
  const second = watched();
  const at = (number: number): GeneratorSecond & { worker: number } => ({
    worker: 0,
    second: number,
    loopLagP99Us: 1_000,
    loopLagMaxUs: 1_000,
    cpu: 0.5,
    lateStarts: 0,
    begunStarts: 1,
    rssBytes: 0,
  });
  expect(second({ said: [at(0), at(1)] }).detail.generator?.isSaturated).toBeUndefined();
  expect(second({ said: [at(2)] }).detail.generator).toMatchObject({ measuredSeconds: 3, isSaturated: false });
});
