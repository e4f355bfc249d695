import type { CurvePoint } from '../../../runtime/core/plan.ts';
import { SECOND_US } from './scripted-host.ts';

const START_USERS = 4;
/** [target, seconds] */
const STAGES = [
  [6, 2],
  [1, 5],
  [5, 4],
  [1, 4],
  [4, 3],
  [4, 2],
  [1, 0],
  [1, 3],
] as const;

/** k6's test vector of ramping-vus as a curve. @see https://github.com/grafana/k6/blob/master/lib/executor/ramping_vus_test.go */
export function k6Curve(): CurvePoint[] {
  let atUs = 0;
  return [
    { atUs, users: START_USERS },
    ...STAGES.map(([users, seconds]) => {
      atUs += seconds * SECOND_US;
      return { atUs, users };
    }),
  ];
}

export const K6_DURATION_US = 23 * SECOND_US;

/** [second, users from there on], the raw steps that k6 plans; at the end nobody is active. */
export const K6_STEPS = [
  ...[
    [0, 4],
    [1, 5],
    [2, 6],
    [3, 5],
    [4, 4],
    [5, 3],
    [6, 2],
    [7, 1],
    [8, 2],
    [9, 3],
    [10, 4],
    [11, 5],
  ],
  ...[
    [12, 4],
    [13, 3],
    [14, 2],
    [15, 1],
    [16, 2],
    [17, 3],
    [18, 4],
    [20, 1],
    [23, 0],
  ],
] as [number, number][];

/** Users that the vector plans at a moment. */
export function k6UsersAt(atUs: number): number {
  return K6_STEPS.findLast(([second]) => second * SECOND_US <= atUs)?.[1] ?? 0;
}
