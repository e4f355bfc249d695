import type { RunEntry } from '../../views/api.ts';

/** Runs to be compared, the base first: the one that is a baseline, else the oldest; in whatever order they were chosen. */
export function comparedInOrder(runs: readonly RunEntry[]): string[] {
  return [...runs]
    .sort((a, b) => Number(b.baselines.length > 0) - Number(a.baselines.length > 0) || a.startedMs - b.startedMs)
    .map(({ id }) => id);
}

/** The same runs with another one as the base. */
export function withBase(ids: readonly string[], base: string): string[] {
  return [base, ...ids.filter((id) => id !== base)];
}
