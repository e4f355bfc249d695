/** A shape that a script computes, asked at regular moments: value i is that at i × `everyUs`. */
export interface SampledShape {
  readonly values: readonly number[];
  readonly everyUs: number;
}

/** A level of users or starts at a moment of the scenario. */
export interface LevelPoint {
  readonly atUs: number;
  readonly level: number;
}

/** The level (users, or a rate) changes to `target` in a straight line over `durationUs`. */
export interface Stage {
  readonly durationUs: number;
  readonly target: number;
}

/** The curve of stages; one of no duration is a jump. */
export function levelsOfStages(start: number, stages: readonly Stage[]): LevelPoint[] {
  const points: LevelPoint[] = [{ atUs: 0, level: start }];
  let atUs = 0;
  for (const { durationUs, target } of stages) {
    atUs += durationUs;
    points.push({ atUs, level: target });
  }
  return points;
}

/**
 * The curve through the samples; points that lie on a straight line between their neighbours are left out. The last sample ends it.
 * @param endUs - where it is cut, if it is longer
 */
export function curveOfSamples({ values, everyUs }: SampledShape, endUs = Number.POSITIVE_INFINITY): LevelPoint[] {
  const points: LevelPoint[] = [];
  for (const [i, level] of values.entries()) {
    const atUs = i * everyUs;
    if (atUs >= endUs) {
      const before = values[i - 1] ?? level;
      points.push({ atUs: endUs, level: before + ((level - before) * (endUs - (atUs - everyUs))) / everyUs });
      break;
    }
    points.push({ atUs, level });
  }
  return points.filter((point, i) => !isOnLine(points[i - 1], point, points[i + 1]));
}

function isOnLine(before: LevelPoint | undefined, { atUs, level }: LevelPoint, after: LevelPoint | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return (level - before.level) * (after.atUs - atUs) === (after.level - level) * (atUs - before.atUs);
}
