import type { CurvePoint, PhasePlan } from '../core/plan.ts';

/** How the users of a profile come and go when neither constant nor spelled out as stages. */
export type Shape = 'spike' | 'steps' | 'ramp';

/** Users over time, with its named parts. */
export interface ShapedLoad {
  readonly curve: readonly CurvePoint[];
  readonly phases: readonly PhasePlan[];
}

const SECOND_US = 1_000_000;
const PLATEAUS = 5;

/**
 * ```
 *        ┌────┐            ┌─            ┌────
 *  spike │    │    steps ┌─┘       ramp ╱
 *      ──┘    └──      ──┘             ╱
 * ```
 * @param users - at the peak, 1 or more
 */
export function shapeOf(shape: Shape, users: number, durationUs: number): ShapedLoad {
  const fifthUs = (count: number): number => Math.round((durationUs * count) / 5);
  switch (shape) {
    case 'spike':
      return spike(users, durationUs, fifthUs);
    case 'steps':
      return steps(users, fifthUs);
    case 'ramp':
      return {
        curve: [
          { atUs: 0, users: 0 },
          { atUs: fifthUs(1), users },
          { atUs: durationUs, users },
        ],
        phases: [
          { name: 'ramp', fromUs: 0, toUs: fifthUs(1) },
          { name: 'steady', fromUs: fifthUs(1), toUs: durationUs },
        ],
      };
  }
}

/** A tenth of the users; all of them, within a second, for the middle three fifths; the tenth again. */
function spike(users: number, durationUs: number, fifthUs: (count: number) => number): ShapedLoad {
  const base = Math.max(1, Math.round(users / 10));
  const [peakUs, recoveryUs] = [fifthUs(1), fifthUs(4)];
  const jumpUs = Math.min(SECOND_US, peakUs); // a spike of under five seconds is a jump in proportion
  return {
    curve: [
      { atUs: 0, users: base },
      { atUs: peakUs, users: base },
      { atUs: peakUs + jumpUs, users },
      { atUs: recoveryUs, users },
      { atUs: recoveryUs, users: base },
      { atUs: durationUs, users: base },
    ],
    phases: [
      { name: 'base', fromUs: 0, toUs: peakUs },
      { name: 'peak', fromUs: peakUs, toUs: recoveryUs },
      { name: 'recovery', fromUs: recoveryUs, toUs: durationUs },
    ],
  };
}

/** Five equal plateaus up to all users. */
function steps(users: number, fifthUs: (count: number) => number): ShapedLoad {
  const curve: CurvePoint[] = [];
  const phases: PhasePlan[] = [];
  for (let step = 1; step <= PLATEAUS; step++) {
    const [fromUs, toUs] = [fifthUs(step - 1), fifthUs(step)];
    const level = Math.max(1, Math.round((users * step) / PLATEAUS));
    curve.push({ atUs: fromUs, users: level }, { atUs: toUs, users: level });
    phases.push({ name: `step-${step}`, fromUs, toUs });
  }
  return { curve, phases };
}

/** Stages as k6's ramping-vus: from the users at the start in straight lines; a stage of no duration is a jump. */
export function curveOfStages(startUsers: number, stages: readonly { durationUs: number; target: number }[]): CurvePoint[] {
  const curve: CurvePoint[] = [{ atUs: 0, users: startUsers }];
  let atUs = 0;
  for (const { durationUs, target } of stages) {
    atUs += durationUs;
    curve.push({ atUs, users: target });
  }
  return curve;
}

/** Longest that users take to begin unless `spawn_rate` says otherwise. */
const SPAWN_WINDOW_US_MAX = 10 * SECOND_US;

/**
 * Over what time the users that are there from the start begin: min(a tenth of the duration, 10 s), or `users / spawn_rate`.
 * @param durationUs - undefined where the length is a number of iterations: then they begin at once
 */
export function spawnWindowUsOf(users: number, durationUs: number | undefined, spawnRatePerSecond: number | undefined): number {
  if (spawnRatePerSecond !== undefined)
    return Math.min(Math.round((users / spawnRatePerSecond) * SECOND_US), durationUs ?? Number.MAX_SAFE_INTEGER);
  return durationUs === undefined ? 0 : Math.min(Math.round(durationUs / 10), SPAWN_WINDOW_US_MAX);
}
