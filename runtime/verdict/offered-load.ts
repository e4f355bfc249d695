import { JUDGED_PERIODS, type ScenarioPlan } from '../core/plan.ts';
import type { StartCounts } from '../core/records.ts';
import { HTTP, STALLED_METRIC, STALLED_REST_METRIC } from '../core/roles.ts';
import type { MetricStore } from '../record/store.ts';
import { trimmed } from './scale.ts';

/** What was offered to the target, and what stood in the way of more. */
export interface OfferedLoad {
  readonly starts: StartCounts;
  /** Of those dropped: they went with a worker that was lost. */
  readonly lostStarts?: number;
  /** Null: not measured. */
  readonly saturated: boolean | null;
  /** Some users wait for their answers before they ask again: nobody planned how much is offered. */
  readonly isClosedModel: boolean;
  /** Share of the users' time that went into iterations, think time left out; undefined: not known. */
  readonly usersBusyRatio?: number;
  /** Share of the users' time in which a request of theirs was at the target; undefined: not known. */
  readonly waitedRatio?: number;
  /** Of that, the share in which the generator may have been what they waited for: its workers were away. Undefined: none. */
  readonly stalledRatio?: number;
  /** Logical requests that were answered or failed, and those that failed. Undefined: not known. */
  readonly requests?: number;
  readonly failed?: number;
  /** Requests a second that the environment allows, when that is what held the load back. */
  readonly heldToRps?: number;
}

/** Share of the starts from which on they tell the cause. */
const TELLING_RATIO = 0.01;
/** From here on users have no time left to ask for more. */
const BUSY_RATIO = 0.9;
/** From this share of the environment's bound on, the bound is what held the load back. */
const HELD_RATIO = 0.9;

/**
 * One line on why less came than was asked for. A cause is named where something measured points to it, the target too; else it says what is known.
 * @param shortRatio - what came of what was asked for: 0 to 1
 */
export function causeOfLowRate(load: OfferedLoad, shortRatio: number): string {
  const { starts, lostStarts = 0, saturated, isClosedModel, usersBusyRatio, heldToRps, requests = 0, failed = 0 } = load;
  const { waitedRatio = usersBusyRatio ?? 0 } = load;
  const { due, begun, late, queued } = starts;
  const dropped = starts.dropped - lostStarts;
  if (saturated === true && !isExplainedWithout(load, shortRatio)) return 'cause: the generator could not offer more';
  if (heldToRps !== undefined) return `cause: max_rps of the environment, ${heldToRps} requests a second`;
  if (late > begun * TELLING_RATIO && late > queued + dropped) return `cause: the generator, ${late} of ${begun} starts began late`;
  if (lostStarts > due * TELLING_RATIO && lostStarts > queued + dropped)
    return `cause: a lost worker, ${lostStarts} of ${due} starts went with it`;
  if (isClosedModel) {
    if (usersBusyRatio === undefined) return 'nothing measured says why: how busy the users were is not known';
    if (usersBusyRatio < BUSY_RATIO)
      return `cause: too few users, they were busy only${busyText(usersBusyRatio)} (think time, pace or a late start took the rest)`;
    if (waitedRatio < usersBusyRatio / 2)
      return `cause: the script, its users were busy${busyText(usersBusyRatio)} and waited for the target only${busyText(waitedRatio)}`;
    return `cause: a slow target, users waited for it${busyText(waitedRatio)}; more users would have offered more`;
  }
  const waiting = queued + dropped;
  if (waiting <= due * TELLING_RATIO) {
    if (failed > requests * TELLING_RATIO)
      return `cause: failed requests, ${failed} of ${requests}; every start that was due began in time`;
    return `every start that was due began in time (${due} in all): the plan offers no more, or its iterations ask for less`;
  }
  return `cause: too few users for how long iterations took, ${waiting} of ${due} starts found every user busy (${queued} waited, ${dropped} were dropped)`;
}

/**
 * Whether too little would have been asked on a generator that takes no time at all: by users who think and who wait for the target, or by a plan of which all
 * was begun in time.
 */
function isExplainedWithout(load: OfferedLoad, shortRatio: number): boolean {
  const { isClosedModel, usersBusyRatio, waitedRatio, stalledRatio = 0, starts } = load;
  if (!isClosedModel) return starts.begun >= starts.due && starts.late + starts.queued <= starts.due * TELLING_RATIO;
  if (usersBusyRatio === undefined || waitedRatio === undefined) return false;
  return shortRatio < 1 - usersBusyRatio + waitedRatio - stalledRatio;
}

function busyText(ratio: number): string {
  return ` ${trimmed(ratio * 100)}% of the time`;
}

/** What the totals of a run and its plan say of the load. */
export function offeredLoadOf(
  scenarios: readonly ScenarioPlan[],
  store: MetricStore,
  facts: { starts: StartCounts; saturated: boolean | null; measuredS: number; rpsMax?: number },
): OfferedLoad {
  const { starts, saturated, measuredS, rpsMax } = facts;
  const userUs = scenarios.reduce((sum, scenario) => sum + userTimeUs(scenario, measuredS * 1_000_000), 0);
  const lostStarts = store.counter('dropped_iterations', { periods: JUDGED_PERIODS, tags: { kind: 'lost' } })?.sum;
  const busyUs = store.trend('iteration_duration', { periods: JUDGED_PERIODS })?.sum;
  const waitedUs = store.trend(HTTP.duration, { periods: JUDGED_PERIODS })?.sum;
  const ofStalls = (metric: string): number => store.trend(metric, { periods: JUDGED_PERIODS, tags: { of: HTTP.duration } })?.sum ?? 0;
  const stalledUs = ofStalls(STALLED_METRIC) - ofStalls(STALLED_REST_METRIC);
  const answers = store.rate(HTTP.failed, { periods: ['measured'] });
  const requests = answers?.count ?? 0;
  const isHeld = rpsMax !== undefined && measuredS > 0 && requests / measuredS >= HELD_RATIO * rpsMax;
  return {
    starts,
    requests,
    failed: answers?.passes ?? 0,
    ...(isHeld ? { heldToRps: rpsMax } : {}),
    ...(lostStarts === undefined ? {} : { lostStarts }),
    saturated,
    isClosedModel: scenarios.some(({ kind }) => kind === 'closed'),
    // iterations that were cut short have no duration: with many of them nobody knows how busy the users were
    ...(busyUs === undefined || userUs <= 0 || starts.interrupted > starts.begun * TELLING_RATIO
      ? {}
      : {
          usersBusyRatio: Math.min(1, busyUs / userUs),
          ...(waitedUs === undefined ? {} : { waitedRatio: Math.min(1, waitedUs / userUs) }),
          ...(stalledUs <= 0 ? {} : { stalledRatio: stalledUs / userUs }),
        }),
  };
}

/** Users times time, up to `endUs` of the run. */
function userTimeUs(scenario: ScenarioPlan, endUs: number): number {
  const lengthUs = Math.max(0, endUs - scenario.startTimeUs);
  if (scenario.kind === 'open') return scenario.users * Math.min(lengthUs, scenario.length.durationUs);
  const { curve, length } = scenario;
  const stopUs = Math.min(lengthUs, length.kind === 'duration' ? length.durationUs : Number.POSITIVE_INFINITY);
  let sum = 0;
  curve.forEach((to, i) => {
    const from = curve[i - 1] ?? { atUs: 0, users: to.users };
    const untilUs = Math.min(to.atUs, stopUs);
    if (untilUs <= from.atUs) return;
    const users = from.users + ((to.users - from.users) * (untilUs - from.atUs)) / (to.atUs - from.atUs);
    sum += ((from.users + users) / 2) * (untilUs - from.atUs);
  });
  const last = curve.at(-1);
  return last !== undefined && stopUs > last.atUs ? sum + last.users * (stopUs - last.atUs) : sum;
}
