import type { SecondPoint } from '../../views/api.ts';

/** A second comes once; told again, the later word counts. */
export function addPoint(points: SecondPoint[], point: SecondPoint): void {
  let at = points.length;
  while (at > 0 && (points[at - 1]?.second ?? -1) >= point.second) at--;
  points.splice(at, points[at]?.second === point.second ? 1 : 0, point);
}
