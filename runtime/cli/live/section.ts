import type { Paint } from '../../report/paint.ts';

/** What a live view may take of a terminal. */
export interface Room {
  /** Cells of a line; lines are never longer. */
  readonly columns: number;
  readonly paint: Paint;
}

/** A part of the live view that makes do with fewer lines than it would like. */
export interface Section {
  /** Fewer than this say nothing. */
  readonly linesMin: number;
  readonly linesMax: number;
  /** @param lines - from `linesMin` to `linesMax` @returns at most so many */
  render(lines: number): string[];
}

/**
 * How many lines each section gets: in the order of `byUrgency` first the least of each, then a line more in turn.
 * @returns by section; 0 for one that has to go
 */
export function allotted(byUrgency: readonly Section[], lines: number): Map<Section, number> {
  const given = new Map<Section, number>(byUrgency.map((section) => [section, 0]));
  let left = lines;
  for (const section of byUrgency) {
    if (section.linesMin > left || section.linesMax === 0) continue;
    given.set(section, section.linesMin);
    left -= section.linesMin;
  }
  const wants = (section: Section): boolean => {
    const has = given.get(section) ?? 0;
    return has > 0 && has < section.linesMax;
  };
  for (let eager = byUrgency.filter(wants); left > 0 && eager.length > 0; eager = eager.filter(wants)) {
    for (const section of eager.slice(0, left)) given.set(section, (given.get(section) ?? 0) + 1);
    left -= Math.min(left, eager.length);
  }
  return given;
}

/** `rows`, or of those that matter most (a larger rank is first) as many as fit above a line that tells of the rest; in their own order. */
export function fitting<Row>(rows: readonly Row[], lines: number, rankOf: (row: Row) => number): { shown: Row[]; hidden: number } {
  if (rows.length <= lines) return { shown: [...rows], hidden: 0 };
  const kept = new Set([...rows].sort((a, b) => rankOf(b) - rankOf(a)).slice(0, Math.max(0, lines - 1)));
  return { shown: rows.filter((row) => kept.has(row)), hidden: rows.length - kept.size };
}
