/**
 * Who owns a unit of work. Every index (a VU, an iteration) hashes to a point of [0, 2³²) by the golden ratio, and the
 * workers' ranges tile it, so any number of workers together does exactly what one would.
 */
export interface IndexRange {
  /** First point owned. */
  from: number;
  /** First point no longer owned; at most 2³². */
  to: number;
}

/** Equal ranges for `workerCount` workers; together they tile [0, 2³²). */
export function rangeOf(workerIndex: number, workerCount: number): IndexRange {
  const edge = (i: number): number => Math.floor((i * 4_294_967_296) / workerCount);
  return { from: edge(workerIndex), to: edge(workerIndex + 1) };
}

/**
 * What of a run is one worker's, told to it whole: nothing is worked out there from a number of workers, so a worker may be anywhere, and of any number.
 * The shares of all workers have everything once.
 */
export interface WorkerShare {
  /** Units of work, by the points of their indices. */
  readonly range: IndexRange;
  /** Numbers that it alone gives out: `from`, `from + step` …; the first is also its turn where workers take turns. */
  readonly numbers: { readonly from: number; readonly step: number };
  /** Whether hooks of the whole test run in it. */
  readonly hasHooks: boolean;
}

/** @param seat - from 0, of so many */
export function shareOf(seat: number, seats: number): WorkerShare {
  return { range: rangeOf(seat, seats), numbers: { from: seat, step: seats }, hasHooks: seat === 0 };
}

/** How much of the whole a range is, 0 to 1. */
export function ratioOf({ from, to }: IndexRange): number {
  return (to - from) / 4_294_967_296;
}

/** Whether the owner of `range` does the work with this index. */
export function owns(range: IndexRange, index: number): boolean {
  const point = Math.imul(index, 0x9e3779b1) >>> 0;
  return point >= range.from && point < range.to;
}

/** Numbers of the VUs of a scenario: those of the plan, and from `extraVuOffset` on those that a live change adds. */
export interface VuNumbering {
  readonly users: number;
  readonly vuOffset: number;
  readonly extraVuOffset: number;
}

/** Number in the whole test of a scenario's VU `v` (0-based), which is what its worker owns it by. */
export function vuNumberOf({ users, vuOffset, extraVuOffset }: VuNumbering, v: number): number {
  return v < users ? vuOffset + v : extraVuOffset + v - users;
}

/** Shared iterations that the worker has at the beginning: of each of its VUs that of its number. */
export function firstIterations(plan: VuNumbering, range: IndexRange): number[] {
  return Array.from({ length: plan.users }, (_, v) => v).filter((v) => owns(range, vuNumberOf(plan, v)));
}
