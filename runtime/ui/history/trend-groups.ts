import type { TrendPoint } from '../../views/api.ts';

/** Runs of the same profile and load together: the group of the newest run first; one run is no trend. */
export function trendGroups(points: readonly TrendPoint[]): TrendPoint[][] {
  const groups = new Map<string, TrendPoint[]>();
  for (const point of [...points].sort((a, b) => a.startedMs - b.startedMs)) {
    const key = JSON.stringify([point.profile, point.load]);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  const newest = (group: readonly TrendPoint[]): number => group.at(-1)?.startedMs ?? 0;
  return [...groups.values()].filter((group) => group.length > 1).sort((a, b) => newest(b) - newest(a));
}
