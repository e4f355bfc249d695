import type { CurvePoint } from '../core/plan.ts';

/** A stretch of time in which a VU is active: from `onUs`, no longer at `offUs`; µs since the scenario began. */
export interface ActiveInterval {
  readonly onUs: number;
  readonly offUs: number;
}

/**
 * When VU `v` (0-based within the scenario) is active: it comes when the rising line has reached `v + 1` users and
 * goes when the falling line is down to `v`, which for whole numbers of users are k6's times to the µs:
 *
 *     users
 *       3 |        ______            VU 2 comes here ↓ as the line reaches 3 …
 *       2 |     __/      \__         … and goes the moment it begins to fall
 *       1 |____/            \__
 *
 * @returns in order, with gaps between them, none past `durationUs`
 */
export function activeIntervals(curve: readonly CurvePoint[], v: number, durationUs: number): ActiveInterval[] {
  const intervals: ActiveInterval[] = [];
  let onUs: number | undefined;
  let from = curve[0];
  if (from === undefined) return [];
  if (from.users >= v + 1) onUs = 0;
  for (const to of curve.slice(1)) {
    if (onUs === undefined && to.users >= v + 1) {
      const atUs = crossingUs(from, to, v + 1);
      const last = intervals.at(-1);
      // Down and up again in the same moment: the VU was never away.
      if (last?.offUs === atUs) onUs = (intervals.pop() as ActiveInterval).onUs;
      else onUs = atUs;
    } else if (onUs !== undefined && to.users <= v) {
      pushClipped(intervals, { onUs, offUs: crossingUs(from, to, v) }, durationUs);
      onUs = undefined;
    }
    from = to;
  }
  if (onUs !== undefined) pushClipped(intervals, { onUs, offUs: durationUs }, durationUs);
  return intervals;
}

/** Users of the curve at its beginning, jumps at 0 included. */
export function usersAtStart(curve: readonly CurvePoint[]): number {
  const jumped = curve.findLast((point) => point.atUs <= 0) ?? curve[0];
  return Math.floor(jumped?.users ?? 0);
}

/** When the line between two points is at `users`, counted back from its end as k6 does. */
function crossingUs(from: CurvePoint, to: CurvePoint, users: number): number {
  if (from.users === to.users) return to.atUs;
  return Math.round(to.atUs - ((to.atUs - from.atUs) * (to.users - users)) / (to.users - from.users));
}

function pushClipped(intervals: ActiveInterval[], { onUs, offUs }: ActiveInterval, durationUs: number): void {
  const clipped = { onUs, offUs: Math.min(offUs, durationUs) };
  if (clipped.onUs < clipped.offUs) intervals.push(clipped);
}
