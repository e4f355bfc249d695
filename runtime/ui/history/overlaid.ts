import type { SecondPoint } from '../../views/api.ts';

type Columns = [number[], ...(number | null)[][]];

/** What is no load any more. */
const AFTERWARDS: ReadonlySet<string> = new Set(['teardown', 'summary', 'ended']);

/** Seconds of several runs in one: each counted from where its own measured period began; what came before and behind it is left out. */
export function overlaid(runs: readonly (readonly SecondPoint[])[], of: (point: SecondPoint) => number | null): Columns {
  const tables = runs.map((points) => {
    const begin = points.find(({ phase }) => phase === 'measuring')?.second ?? points[0]?.second ?? 0;
    return new Map(
      points.filter(({ second, phase }) => second >= begin && !AFTERWARDS.has(phase)).map((point) => [point.second - begin, of(point)]),
    );
  });
  const seconds = [...new Set(tables.flatMap((table) => [...table.keys()]))].sort((a, b) => a - b);
  return [seconds, ...tables.map((table) => seconds.map((second) => table.get(second) ?? null))];
}
