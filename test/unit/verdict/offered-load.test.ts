import { expect, test } from 'vitest';
import type { ClosedScenarioPlan, OpenScenarioPlan } from '../../../runtime/core/plan.ts';
import { NO_STARTS } from '../../../runtime/core/records.ts';
import { STALLED_METRIC, STALLED_REST_METRIC } from '../../../runtime/core/roles.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { causeOfLowRate, type OfferedLoad, offeredLoadOf } from '../../../runtime/verdict/offered-load.ts';
import { modelNote } from '../../../runtime/verdict/wording.ts';

const CALM: OfferedLoad = { starts: { ...NO_STARTS, due: 4000, begun: 4000 }, saturated: false, isClosedModel: false };
const startsOf = (changes: Partial<OfferedLoad['starts']>) => ({ ...CALM.starts, ...changes });

test.each<[string, Partial<OfferedLoad>, string]>([
  ['a saturated generator', { saturated: true, starts: startsOf({ queued: 400 }) }, 'cause: the generator could not offer more'],
  [
    'a saturated generator whose users waited for the target most of the time',
    { saturated: true, isClosedModel: true, usersBusyRatio: 1, waitedRatio: 0.98, stalledRatio: 0.1 },
    'cause: a slow target, users waited for it 98% of the time; more users would have offered more',
  ],
  [
    'a saturated generator whose stalls may have cost half of what came',
    { saturated: true, isClosedModel: true, usersBusyRatio: 1, waitedRatio: 0.98, stalledRatio: 0.5 },
    'cause: the generator could not offer more',
  ],
  [
    'a saturated generator that began all of an open plan in time',
    { saturated: true },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  ['late starts', { starts: startsOf({ late: 400 }) }, 'cause: the generator, 400 of 4000 starts began late'],
  [
    'an open model without free users',
    { starts: startsOf({ begun: 3900, queued: 300, dropped: 100 }) },
    'cause: too few users for how long iterations took, 400 of 4000 starts found every user busy (300 waited, 100 were dropped)',
  ],
  [
    'starts that went with a lost worker',
    { starts: startsOf({ begun: 3900, dropped: 100 }), lostStarts: 100 },
    'cause: a lost worker, 100 of 4000 starts went with it',
  ],
  ['the bound of the environment', { heldToRps: 20, isClosedModel: true }, 'cause: max_rps of the environment, 20 requests a second'],
  [
    'an open model in which all began in time',
    { requests: 4000, failed: 0 },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  [
    'an open model whose requests failed',
    { requests: 4000, failed: 900 },
    'cause: failed requests, 900 of 4000; every start that was due began in time',
  ],
  [
    'a closed model whose users are busy with themselves',
    { isClosedModel: true, usersBusyRatio: 0.98, waitedRatio: 0.1 },
    'cause: the script, its users were busy 98% of the time and waited for the target only 10% of the time',
  ],
  [
    'a closed model of which nobody knows how busy its users were',
    { isClosedModel: true },
    'nothing measured says why: how busy the users were is not known',
  ],
  [
    'a closed model with users that wait for answers',
    { isClosedModel: true, usersBusyRatio: 0.98 },
    'cause: a slow target, users waited for it 98% of the time; more users would have offered more',
  ],
  [
    'a closed model whose users think for a fifth of the time',
    { isClosedModel: true, usersBusyRatio: 0.8 },
    'cause: too few users, they were busy only 80% of the time (think time, pace or a late start took the rest)',
  ],
  [
    'starts that went with a lost worker, beside as many that found every user busy',
    { starts: startsOf({ begun: 3700, queued: 100, dropped: 300 }), lostStarts: 100 },
    'cause: too few users for how long iterations took, 300 of 4000 starts found every user busy (100 waited, 200 were dropped)',
  ],
  [
    'as many that went with a lost worker as found every user busy',
    { starts: startsOf({ begun: 3800, queued: 40, dropped: 160 }), lostStarts: 100 },
    'cause: too few users for how long iterations took, 100 of 4000 starts found every user busy (40 waited, 60 were dropped)',
  ],
  [
    'one more that went with a lost worker',
    { starts: startsOf({ begun: 3800, queued: 40, dropped: 160 }), lostStarts: 101 },
    'cause: a lost worker, 101 of 4000 starts went with it',
  ],
  [
    'starts that went with a lost worker, exactly one in a hundred',
    { starts: startsOf({ begun: 3960, dropped: 40 }), lostStarts: 40 },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  [
    'as many late starts as found every user busy',
    { starts: startsOf({ begun: 3900, late: 100, queued: 40, dropped: 60 }) },
    'cause: too few users for how long iterations took, 100 of 4000 starts found every user busy (40 waited, 60 were dropped)',
  ],
  [
    'one more late start',
    { starts: startsOf({ begun: 3900, late: 101, queued: 40, dropped: 60 }) },
    'cause: the generator, 101 of 3900 starts began late',
  ],
  [
    'late starts, exactly one in a hundred',
    { starts: startsOf({ late: 40 }) },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  [
    'starts that found every user busy, exactly one in a hundred, and as few failures',
    { starts: startsOf({ queued: 15, dropped: 25 }), requests: 4000, failed: 40 },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  [
    'a saturated generator that began all of an open plan, one start in a hundred late or after a wait',
    { saturated: true, starts: startsOf({ late: 20, queued: 20 }) },
    'every start that was due began in time (4000 in all): the plan offers no more, or its iterations ask for less',
  ],
  [
    'a saturated generator that began all of an open plan, one more late',
    { saturated: true, starts: startsOf({ late: 21, queued: 20 }) },
    'cause: the generator could not offer more',
  ],
  [
    'a saturated generator that began all of an open plan but one start',
    { saturated: true, starts: startsOf({ begun: 3999, dropped: 1 }) },
    'cause: the generator could not offer more',
  ],
  [
    'a saturated generator of which nobody knows how long its users waited',
    { saturated: true, isClosedModel: true, usersBusyRatio: 0.2 },
    'cause: the generator could not offer more',
  ],
  [
    'users who are busy nine tenths of the time, half of it with the target',
    { isClosedModel: true, usersBusyRatio: 0.9, waitedRatio: 0.45 },
    'cause: a slow target, users waited for it 45% of the time; more users would have offered more',
  ],
  [
    'a closed model with users that think',
    { isClosedModel: true, usersBusyRatio: 0.4 },
    'cause: too few users, they were busy only 40% of the time (think time, pace or a late start took the rest)',
  ],
])('%s: the cause of a low rate is named', (_, changes, expected) => {
  expect(causeOfLowRate({ ...CALM, ...changes }, 0.5)).toBe(expected);
});

const FRAME = {
  name: 'default',
  exec: 'default',
  executor: 'ramping-vus',
  users: 10,
  vuOffset: 0,
  extraVuOffset: 1_000_000,
  phases: [],
  startTimeUs: 0,
  gracefulStopUs: 0,
  tags: {},
  env: {},
};
const closed = (changes: Partial<ClosedScenarioPlan>): ClosedScenarioPlan => ({
  ...FRAME,
  kind: 'closed',
  curve: [{ atUs: 0, users: 10 }],
  length: { kind: 'duration', durationUs: 20_000_000 },
  spawnWindowUs: 0,
  gracefulRampDownUs: 0,
  thinkTime: undefined,
  paceUs: undefined,
  ...changes,
});

function busyRatio(scenario: ClosedScenarioPlan | OpenScenarioPlan, busyS: number, measuredS: number) {
  const registry = new MetricRegistry();
  registry.trend('iteration_duration', 'measured', {}).record(busyS * 1_000_000);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return offeredLoadOf([scenario], store, { starts: NO_STARTS, saturated: null, measuredS }).usersBusyRatio;
}

test('10 users for 20 s that spent 100 s in iterations were busy half of the time', () => {
  expect(busyRatio(closed({}), 100, 20)).toBeCloseTo(0.5);
});

test('a ramp from 0 to 10 users over 20 s is 100 user seconds, its first half 25; a jump counts from where it is', () => {
  const ramp = [
    { atUs: 0, users: 0 },
    { atUs: 20_000_000, users: 10 },
  ];
  expect(busyRatio(closed({ curve: ramp }), 50, 20)).toBeCloseTo(0.5);
  expect(busyRatio(closed({ curve: ramp }), 12.5, 10)).toBeCloseTo(0.5);
  const jump = [
    { atUs: 0, users: 2 },
    { atUs: 10_000_000, users: 2 },
    { atUs: 10_000_000, users: 10 },
    { atUs: 20_000_000, users: 10 },
  ];
  expect(busyRatio(closed({ curve: jump }), 60, 20)).toBeCloseTo(0.5);
});

function heldToRps(requests: number, rpsMax: number | undefined): number | undefined {
  const registry = new MetricRegistry();
  for (let i = 0; i < requests; i++) registry.rate('http_req_failed', 'measured', {}).record(false);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return offeredLoadOf([closed({})], store, {
    starts: NO_STARTS,
    saturated: null,
    measuredS: 10,
    ...(rpsMax === undefined ? {} : { rpsMax }),
  }).heldToRps;
}

test('max_rps of 20 is what held a run of 180 and more requests in 10 s, and not one of 179', () => {
  expect([heldToRps(200, 20), heldToRps(180, 20), heldToRps(179, 20), heldToRps(200, undefined)]).toEqual([20, 20, undefined, undefined]);
});

/** What is known of 10 users who were in the run for 20 s, of what their registry has. */
function loadOf(record: (registry: MetricRegistry) => void, starts = NO_STARTS): OfferedLoad {
  const registry = new MetricRegistry();
  record(registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return offeredLoadOf([closed({})], store, { starts, saturated: false, measuredS: 20 });
}

test('of 200 user seconds 150 were busy, 100 waited for the target, and 30 of these were the generator’s own but for 10', () => {
  const load = loadOf((registry) => {
    registry.trend('iteration_duration', 'measured', {}).record(150_000_000);
    registry.trend('http_req_duration', 'measured', {}).record(100_000_000);
    registry.trend(STALLED_METRIC, 'measured', { of: 'http_req_duration' }).record(30_000_000);
    registry.trend(STALLED_REST_METRIC, 'measured', { of: 'http_req_duration' }).record(10_000_000);
  });
  expect(load).toMatchObject({ usersBusyRatio: 0.75, waitedRatio: 0.5, stalledRatio: 0.1 });
});

test('users are busy and wait all of the time at most, and what no stall was in has no stalls', () => {
  const load = loadOf((registry) => {
    registry.trend('iteration_duration', 'measured', {}).record(300_000_000);
    registry.trend('http_req_duration', 'measured', {}).record(250_000_000);
    registry.trend(STALLED_METRIC, 'measured', { of: 'http_req_duration' }).record(10_000_000);
    registry.trend(STALLED_REST_METRIC, 'measured', { of: 'http_req_duration' }).record(10_000_000);
  });
  expect(load).toMatchObject({ usersBusyRatio: 1, waitedRatio: 1 });
  expect(load).not.toHaveProperty('stalledRatio');
});

test('with more than one interrupted iteration in a hundred nobody knows how busy the users were', () => {
  const of = (interrupted: number) =>
    loadOf((registry) => registry.trend('iteration_duration', 'measured', {}).record(100_000_000), {
      ...NO_STARTS,
      due: 1_000,
      begun: 1_000,
      interrupted,
    }).usersBusyRatio;
  expect([of(10), of(11)]).toEqual([0.5, undefined]);
});

test('starts that went with a lost worker, requests and failures are those of the run', () => {
  const load = loadOf((registry) => {
    registry.counter('dropped_iterations', 'measured', { kind: 'lost' }).add(30);
    registry.counter('dropped_iterations', 'measured', { kind: 'busy' }).add(5);
    for (const hasFailed of [true, false, true]) registry.rate('http_req_failed', 'measured', {}).record(hasFailed);
  });
  expect(load).toMatchObject({ lostStarts: 30, requests: 3, failed: 2 });
});

test('scenarios that begin late, end early or are open add the time that their users were in the run', () => {
  const open: OpenScenarioPlan = {
    ...FRAME,
    kind: 'open',
    executor: 'constant-arrival-rate',
    users: 5,
    preAllocatedUsers: 5,
    timeUnitUs: 1_000_000,
    curve: [{ atUs: 0, rate: 1 }],
    arrivals: 'from-zero',
    length: { kind: 'duration', durationUs: 4_000_000 },
    onBusy: 'queue',
  };
  expect(busyRatio(open, 10, 20)).toBeCloseTo(0.5); // 5 users for 4 s
  expect(busyRatio(open, 5, 2)).toBeCloseTo(0.5);
  expect(busyRatio(closed({ startTimeUs: 10_000_000 }), 50, 20)).toBeCloseTo(0.5); // 10 users for the last 10 s
  expect(busyRatio(closed({ startTimeUs: 20_000_000 }), 50, 20)).toBeUndefined();
  expect(busyRatio(closed({ length: { kind: 'duration', durationUs: 5_000_000 } }), 25, 20)).toBeCloseTo(0.5);
});

test('a run without iterations does not know how busy its users were', () => {
  const load = offeredLoadOf([closed({})], new MetricStore(), { starts: NO_STARTS, saturated: null, measuredS: 20 });
  expect(load).toEqual({ starts: NO_STARTS, requests: 0, failed: 0, saturated: null, isClosedModel: true });
});

test('a closed model says what it cannot see, an open one has nothing to say', () => {
  expect(modelNote('closed')).toBe('Closed model: concurrency was the limit; a slow target was offered less.');
  expect(modelNote(undefined)).toBe(modelNote('closed'));
  expect(modelNote('mixed')).toBe('Where the model is closed: concurrency was the limit; a slow target was offered less.');
  expect(modelNote('open')).toBeUndefined();
});
