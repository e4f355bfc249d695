/** A run of so few points is drawn with a dot for each: a line alone would not show it. */
const FEW = 3;
/** Pixels across a dot. */
export const POINT_SIZE = 4;

/**
 * Places in a chart's column where a dot is drawn: a figure between two gaps has no line to show it.
 * @param values one for each time; null and undefined are gaps
 */
export function lonelyPoints(values: ArrayLike<number | null | undefined>): number[] {
  const isGap = (at: number): boolean => values[at] === null || values[at] === undefined;
  return Array.from(values, (_, at) => at).filter((at) => !isGap(at) && (values.length < FEW || (isGap(at - 1) && isGap(at + 1))));
}
