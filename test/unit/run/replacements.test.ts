import { expect, test } from 'vitest';
import { ClusterError, EXIT, ScriptError } from '../../../runtime/core/errors.ts';
import { lossText, lostWorkOf } from '../../../runtime/run/lost-work.ts';
import { Replacements, type RunningPeriod, shareOf } from '../../../runtime/run/replacements.ts';
import { planOf, SECOND_US } from '../engine/scripted-host.ts';

const PLAN = { scenarios: [planOf({ users: 100 })], workers: 2 };
const PERIOD: RunningPeriod = { name: 'measured', scenarios: [...PLAN.scenarios], startUs: 0, isOver: false };
const LOSS = {
  seat: 0,
  cause: 'worker 1 died (SIGKILL)',
  period: 'measured',
  share: 0.5,
  lostUs: 12 * SECOND_US,
  silentUs: 640_000,
  requestsInFlight: 3,
  endsRun: false,
} as const;

/** Who has which seat. */
function fleetOf(...workers: number[]) {
  return { workers, canReplace: () => true, workerOf: (seat: number) => workers[seat] ?? -1 };
}

const report = (period: string, starts: { due: number; begun: number }) => ({
  period,
  atUs: 0,
  starts: [{ ...starts, late: 0, queued: 0, dropped: 0, interrupted: 0 }],
  requestsInFlight: 2,
  iterationsInFlight: [1],
});

const NOTHING_MOVED = (): number => 0;

test('of 100 users the first of two workers has 51, the second 49', () => {
  expect([shareOf(PLAN, 0), shareOf(PLAN, 1)]).toEqual([0.51, 0.49]);
});

test('who is lost twice: the third goes on where 30 and then 12 starts had been reported', () => {
  const fleet = fleetOf(0, 1);
  const replacements = new Replacements(fleet, PLAN);
  replacements.lastReportOf = (worker) => report('measured', worker === 1 ? { due: 30, begun: 29 } : { due: 12, begun: 10 });
  replacements.lose(1, new ClusterError('a'), PERIOD);
  fleet.workers[1] = 2;
  expect(replacements.join(1, PERIOD, NOTHING_MOVED).starts).toEqual([{ due: 30, begun: 29 }]);
  replacements.lose(1, new ClusterError('b'), PERIOD);
  fleet.workers[1] = 3;
  expect(replacements.join(1, PERIOD, NOTHING_MOVED).starts).toEqual([{ due: 42, begun: 39 }]);
  expect(replacements.losses.map(({ worker, back }) => [worker, back?.worker])).toEqual([
    [1, 2],
    [2, 3],
  ]);
});

test('starts are counted by who did them: of 30 reported, 4 were done for others and 7 of its own were done by others', () => {
  const fleet = fleetOf(0, 1);
  const replacements = new Replacements(fleet, PLAN);
  replacements.lastReportOf = () => report('measured', { due: 30, begun: 29 });
  replacements.lose(1, new ClusterError('a'), PERIOD);
  fleet.workers[1] = 2;
  expect(replacements.join(1, PERIOD, (worker) => (worker === 1 ? 4 - 7 : 0)).starts).toEqual([{ due: 33, begun: 29 }]);
});

test('what was reported of the warm-up is none of the measured period', () => {
  const replacements = new Replacements(fleetOf(0, 1), PLAN);
  replacements.lastReportOf = () => report('warm-up', { due: 30, begun: 30 });
  expect(replacements.lose(0, new ClusterError('a'), PERIOD)).toMatchObject({ requestsInFlight: 0, starts: [] });
  expect(replacements.join(0, PERIOD, NOTHING_MOVED).starts).toEqual([{ due: 0, begun: 0 }]);
});

test('three losses are made up for, the fourth ends the run; a runaway script does at once', () => {
  const replacements = new Replacements(fleetOf(0, 1), PLAN);
  for (const name of ['a', 'b', 'c']) expect(replacements.lose(0, new ClusterError(name), PERIOD).endsRun).toBe(false);
  const fourth = new ClusterError('d');
  expect(() => replacements.lose(0, fourth, PERIOD)).toThrow(fourth);
  expect([replacements.losses.length, replacements.knows(fourth)]).toEqual([4, true]);
  const runaway = new ScriptError('a loop', { exitCode: EXIT.runaway });
  expect(() => new Replacements(fleetOf(0), PLAN).lose(0, runaway, PERIOD)).toThrow(runaway);
});

test('a loss that is met again, in the next period, is one loss', () => {
  const replacements = new Replacements(fleetOf(0, 1), PLAN);
  const error = new ClusterError('a');
  expect(replacements.lose(0, error, { ...PERIOD, name: 'warm-up' })).toBe(replacements.lose(0, error, PERIOD));
  expect(replacements.losses).toHaveLength(1);
});

test.each([
  [
    { ...LOSS, back: { atUs: 13.1 * SECOND_US, worker: 2 } },
    0,
    'worker 1 was lost at 12 s and replaced at 13.1 s: about 1.1 s of its share of the load (50%), 3 requests in flight and numbers of up to 0.6 s (worker 1 died (SIGKILL))',
  ],
  [
    { ...LOSS, cause: '', requestsInFlight: 1, back: { atUs: 13 * SECOND_US, worker: 2 } },
    55,
    'worker 1 was lost at 12 s and replaced at 13 s: about 1 s of its share of the load (50%), 55 starts, 1 request in flight and numbers of up to 0.6 s',
  ],
  [
    { ...LOSS, cause: '', period: 'warm-up' as const },
    0,
    'worker 1 was lost at 12 s of the warm-up and not replaced: its share of the load (50%) from then on, 3 requests in flight and numbers of up to 0.6 s',
  ],
  [
    { ...LOSS, cause: '', endsRun: true },
    0,
    'worker 1 was lost at 12 s, one too many: the run ended early, 3 requests in flight and numbers of up to 0.6 s were lost',
  ],
])('a loss in words', (loss, lostStarts, text) => {
  expect(lossText(loss, lostStarts)).toBe(text);
});

test('nothing lost is nothing said; what else was lost stands last', () => {
  const counted = { lostStartsOf: () => 7 };
  expect(lostWorkOf([], counted, undefined)).toEqual({});
  expect(lostWorkOf([{ ...LOSS, back: { atUs: 13 * SECOND_US, worker: 2 } }], counted, 'other').lostWork).toMatch(/7 starts.*; other$/);
});
