import type { CurvePoint, PhasePlan, RatePoint } from '../core/plan.ts';
import { type LevelPoint, levelsOfStages, type Stage } from './levels.ts';

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
 * @param users - at the peak, 1 or more; a part of them is rounded, and at least one
 */
export function shapeOf(shape: Shape, users: number, durationUs: number): ShapedLoad {
  const levelOf = (share: number): number => (share === 0 ? 0 : Math.max(1, Math.round(users * share)));
  const { points, phases } = SHAPES[shape](durationUs, levelOf);
  return { curve: points.map(({ atUs, level }) => ({ atUs, users: level })), phases };
}

/** The same of starts: `rate` at the peak, a part of it as it comes. */
export function rateShapeOf(shape: Shape, rate: number, durationUs: number): { curve: RatePoint[]; phases: readonly PhasePlan[] } {
  const { points, phases } = SHAPES[shape](durationUs, (share) => Number((rate * share).toPrecision(12)));
  return { curve: points.map(({ atUs, level }) => ({ atUs, rate: level })), phases };
}

interface Shaped {
  readonly points: readonly LevelPoint[];
  readonly phases: readonly PhasePlan[];
}
/** @param levelOf - the level at a share of the peak, 0 to 1 */
type ShapeMaker = (durationUs: number, levelOf: (share: number) => number) => Shaped;

const SHAPES: Readonly<Record<Shape, ShapeMaker>> = { spike, steps, ramp };

/** A tenth; the whole, within a second, for the middle three fifths; the tenth again. */
function spike(durationUs: number, levelOf: (share: number) => number): Shaped {
  const [base, peak] = [levelOf(0.1), levelOf(1)];
  const [peakUs, recoveryUs] = [fifthUs(durationUs, 1), fifthUs(durationUs, 4)];
  const jumpUs = Math.min(SECOND_US, peakUs); // a spike of under five seconds is a jump in proportion
  return {
    points: [
      { atUs: 0, level: base },
      { atUs: peakUs, level: base },
      { atUs: peakUs + jumpUs, level: peak },
      { atUs: recoveryUs, level: peak },
      { atUs: recoveryUs, level: base },
      { atUs: durationUs, level: base },
    ],
    phases: [
      { name: 'base', fromUs: 0, toUs: peakUs },
      { name: 'peak', fromUs: peakUs, toUs: recoveryUs },
      { name: 'recovery', fromUs: recoveryUs, toUs: durationUs },
    ],
  };
}

/** Five equal plateaus up to the whole. */
function steps(durationUs: number, levelOf: (share: number) => number): Shaped {
  const points: LevelPoint[] = [];
  const phases: PhasePlan[] = [];
  for (let step = 1; step <= PLATEAUS; step++) {
    const [fromUs, toUs] = [fifthUs(durationUs, step - 1), fifthUs(durationUs, step)];
    const level = levelOf(step / PLATEAUS);
    points.push({ atUs: fromUs, level }, { atUs: toUs, level });
    phases.push({ name: `step-${step}`, fromUs, toUs });
  }
  return { points, phases };
}

/** From nothing in a straight line over the first fifth. */
function ramp(durationUs: number, levelOf: (share: number) => number): Shaped {
  const steadyUs = fifthUs(durationUs, 1);
  return {
    points: [
      { atUs: 0, level: levelOf(0) },
      { atUs: steadyUs, level: levelOf(1) },
      { atUs: durationUs, level: levelOf(1) },
    ],
    phases: [
      { name: 'ramp', fromUs: 0, toUs: steadyUs },
      { name: 'steady', fromUs: steadyUs, toUs: durationUs },
    ],
  };
}

function fifthUs(durationUs: number, count: number): number {
  return Math.round((durationUs * count) / 5);
}

/** Stages as k6's ramping-vus: from the users at the start in straight lines; a stage of no duration is a jump. */
export function curveOfStages(startUsers: number, stages: readonly Stage[]): CurvePoint[] {
  return levelsOfStages(startUsers, stages).map(({ atUs, level }) => ({ atUs, users: level }));
}

/**
 * Over what time the users that are there from the start begin: at once as in k6, or `users / spawn_rate`.
 * @param durationUs - undefined where the length is a number of iterations
 */
export function spawnWindowUsOf(users: number, durationUs: number | undefined, spawnRatePerSecond: number | undefined): number {
  if (spawnRatePerSecond === undefined) return 0;
  return Math.min(Math.round((users / spawnRatePerSecond) * SECOND_US), durationUs ?? Number.MAX_SAFE_INTEGER);
}
