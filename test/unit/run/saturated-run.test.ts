import { expect, test } from 'vitest';
import { HttpRecorder } from '../../../runtime/metrics/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/metrics/registry.ts';
import { MetricStore } from '../../../runtime/metrics/store.ts';
import { runJsonOf } from '../../../runtime/run/run-json-of.ts';
import { LOCAL, planOf } from '../config/fixtures.ts';
import { sampleOf } from '../metrics/http-samples.ts';

/** A run of 6 s with 200 answers of 47 ms, on a generator with these p99s of its loop lag, one a second. */
function runOn(lagsMs: readonly number[], thresholds: string, dropped = 0) {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  for (let i = 0; i < 200; i++) recorder.record(sampleOf({ tookUs: 47_000 }));
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const seconds = lagsMs.map((ms, second) => ({
    second,
    loopLagP99Us: ms * 1000,
    loopLagMaxUs: ms * 1000,
    cpu: 0.2,
    lateStarts: 0,
    begunStarts: 33,
    rssBytes: 1,
  }));
  return runJsonOf({
    plan: planOf({ yaml: `${LOCAL}thresholds: ${thresholds}\n` }),
    baseUrl: 'http://127.0.0.1:8000',
    startedMs: 0,
    measuredS: 6,
    store,
    errors: [],
    starts: { due: 200 + dropped, begun: 200, late: 0, queued: 0, dropped, interrupted: 0 },
    generator: [seconds],
    ending: {},
    notes: [],
  });
}

const ONE_STALL = [5, 5, 60, 5, 5, 5];

test('one stall of 60 ms in 6 s saturates the generator, and a p95 missed by 46 ms is missed all the same', () => {
  expect(runOn(ONE_STALL, '{ max_p95: 1ms }')).toMatchObject({
    run: { exitCode: 99 },
    generator: { saturated: true },
    thresholds: [{ outcome: 'missed' }],
  });
});

test('with 60 ms of lag in every second a p95 missed by 46 ms may be the generator’s doing: 111', () => {
  expect(runOn([60, 60, 60, 60, 60, 60], '{ max_p95: 1ms }')).toMatchObject({
    run: { exitCode: 111 },
    thresholds: [{ outcome: 'undecided' }],
  });
});

test('a p95 of 47 ms under 2 s and 33 requests/s over 10 stand on a saturated generator, unless starts were dropped', () => {
  expect(runOn(ONE_STALL, '{ max_p95: 2s, min_rps: 10 }')).toMatchObject({ run: { exitCode: 0 }, generator: { saturated: true } });
  expect(runOn(ONE_STALL, '{ max_p95: 2s, min_rps: 10 }', 5)).toMatchObject({ run: { exitCode: 111 } });
});
