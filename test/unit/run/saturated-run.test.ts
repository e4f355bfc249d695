import { expect, test } from 'vitest';
import type { OpenScenarioPlan, ScenarioPlan } from '../../../runtime/core/plan.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { runJsonOf } from '../../../runtime/run/run-json-of.ts';
import { LOCAL, planOf } from '../config/fixtures.ts';
import { hopOf, sampleOf } from '../measure/http-samples.ts';

/** The same users, at 33 starts a second. */
function openScenario({ kind: _, ...frame }: ScenarioPlan): OpenScenarioPlan {
  return {
    ...frame,
    kind: 'open',
    preAllocatedUsers: frame.users,
    timeUnitUs: 1_000_000,
    curve: [
      { atUs: 0, rate: 33 },
      { atUs: 6_000_000, rate: 33 },
    ],
    arrivals: 'from-zero',
    onBusy: 'drop',
    length: { kind: 'duration', durationUs: 6_000_000 },
  };
}

/** Of one hop, all of it while it waited for the answer. */
const ownOf = (us: number) => ({ totalUs: us, isInBurst: false, hops: [{ blockedUs: 0, sendingUs: 0, waitingUs: us, receivingUs: 0 }] });

/** A run of 6 s with 200 answers of 47 ms or as told, each an iteration, on a generator with these p99s of its loop lag, one a second. */
function runOn(
  lagsMs: readonly number[],
  thresholds: string,
  { isOpen = false, dropped = 0, ownUs = 0, cpu = 0.2, users = 1, count = 200, tookUs = 47_000 } = {},
) {
  const registry = new MetricRegistry();
  const recorder = new HttpRecorder(registry);
  const outcome = { hops: [hopOf({ sendingUs: 0, waitingUs: tookUs, receivingUs: 0 })] };
  for (let i = 0; i < count; i++) {
    recorder.record({ ...sampleOf({ tookUs, outcome }), ...(ownUs === 0 ? {} : { own: ownOf(ownUs) }) });
    registry.trend('iteration_duration', 'measured', { scenario: 'default' }).record(tookUs);
  }
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const seconds = lagsMs.map((ms, second) => ({
    second,
    loopLagP99Us: ms * 1000,
    loopLagMaxUs: ms * 1000,
    cpu,
    lateStarts: 0,
    begunStarts: 33,
    rssBytes: 1,
  }));
  const plan = planOf({ yaml: `${LOCAL}thresholds: ${thresholds}\n`, flags: { users: String(users), duration: '6s' } });
  return runJsonOf({
    plan: isOpen ? { ...plan, scenarios: [openScenario(plan.scenarios[0] as ScenarioPlan)] } : plan,
    baseUrl: 'http://127.0.0.1:8000',
    startedMs: 0,
    measuredS: 6,
    store,
    errors: [],
    starts: { due: count + dropped, begun: count, late: 0, queued: 0, dropped, interrupted: 0 },
    generator: [seconds],
    ending: {},
    notes: [],
  });
}

const TWO_STALLS = [5, 5, 50, 5, 50, 5];
const ONE_STALL = [5, 5, 60, 5, 5, 5];

test('two stalls of 50 ms in 6 s saturate the generator, and a p95 missed by 46 ms is missed all the same', () => {
  expect(runOn(TWO_STALLS, '{ max_p95: 1ms }')).toMatchObject({
    run: { exitCode: 99 },
    generator: { saturated: true },
    thresholds: [{ outcome: 'missed' }],
  });
});

test('one stall of 60 ms in 6 s is an anecdote: the run passes', () => {
  expect(runOn(ONE_STALL, '{ max_p95: 2s }')).toMatchObject({ run: { exitCode: 0 }, generator: { saturated: false } });
});

test('a p95 of 47 ms over a limit of 40 ms is open when 10 ms of each sample may be the generator’s own, saturated or not, and missed when 5 ms may', () => {
  const open = { run: { exitCode: 111 }, thresholds: [{ outcome: 'undecided', detail: expect.stringContaining('own stalls') }] };
  expect(runOn([60, 60, 60, 60, 60, 60], '{ max_p95: 40ms }', { ownUs: 10_000 })).toMatchObject(open);
  expect(runOn([5, 5, 5, 5, 5, 5], '{ max_p95: 40ms }', { ownUs: 10_000 })).toMatchObject(open);
  expect(runOn([60, 60, 60, 60, 60, 60], '{ max_p95: 40ms }', { ownUs: 5_000 })).toMatchObject({ run: { exitCode: 99 } });
});

test('on a generator saturated by its own work a closed model that met its limits is inconclusive, on one that others starved it passes', () => {
  expect(runOn(TWO_STALLS, '{ max_p95: 2s, min_rps: 10 }')).toMatchObject({ run: { exitCode: 0 }, generator: { saturated: true } });
  expect(runOn(TWO_STALLS, '{ max_p95: 2s, min_rps: 10 }', { cpu: 0.95 })).toMatchObject({
    run: { exitCode: 111 },
    generator: { saturated: true },
    verdict: { reasons: expect.arrayContaining([expect.stringContaining('a closed model then offers less')]) },
  });
});

test('a p95 of 47 ms under 2 s and 33 requests/s over 10 stand on a saturated generator with 200 planned starts, unless 5 were dropped', () => {
  const passed = runOn(TWO_STALLS, '{ max_p95: 2s, min_rps: 10 }', { isOpen: true });
  expect(passed).toMatchObject({ run: { exitCode: 0 }, generator: { saturated: true } });
  expect(runOn(TWO_STALLS, '{ max_p95: 2s, min_rps: 10 }', { isOpen: true, dropped: 5 })).toMatchObject({ run: { exitCode: 111 } });
});

test('a rate of 33/s that was to be 100/s names its cause', () => {
  expect(runOn([5, 5, 5, 5, 5, 5], '{ http_reqs: ["rate>=100"] }', { isOpen: true, dropped: 50 }).thresholds[0]?.detail).toBe(
    'rate 33.33/s, limit at least 100/s: missed by 66.67/s (-66.7%); ' +
      'cause: too few users for how long iterations took, 50 of 250 starts found every user busy (0 waited, 50 were dropped)',
  );
});

test('seconds of graceful stop are not those of the load: 30 idle ones hide no saturation, a bad one makes none', () => {
  const idle = Array.from({ length: 30 }, () => 5);
  const latency = '{ max_p95: 100ms }';
  expect(runOn([...TWO_STALLS, ...idle], latency).generator.saturated).toBe(true);
  expect(runOn([...ONE_STALL, 60, 60, 60], latency).generator.saturated).toBe(runOn(ONE_STALL, latency).generator.saturated);
});

test('of 5 users and answers of 0.95 s a rate of 5.2/s is no surprise: a saturated generator is named only where its stalls may have cost the rest', () => {
  const slow = { users: 5, count: 31, tookUs: 950_000 };
  const detailOf = (ownUs: number) => runOn(TWO_STALLS, '{ min_rps: 10 }', { ...slow, ownUs }).thresholds[0]?.detail;
  expect(detailOf(0)).toContain('cause: a slow target, users waited for it 98.17% of the time');
  expect(detailOf(100_000)).toContain('cause: a slow target');
  expect(detailOf(500_000)).toContain('cause: the generator could not offer more');
});
