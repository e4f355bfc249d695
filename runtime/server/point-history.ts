import type { Percentiles, SecondPoint } from '../views/api.ts';

/** Points kept of a run: past these, neighbours are joined. */
const POINTS_MAX = 7_200;

/** All points of a run in bounded memory: an hour or two second by second, a day in coarser steps. */
export class PointHistory {
  readonly #pointsMax: number;
  #points: SecondPoint[] = [];
  /** Of the step that is not whole yet. */
  #open: SecondPoint[] = [];
  #stepS = 1;

  constructor(pointsMax = POINTS_MAX) {
    this.#pointsMax = pointsMax;
  }

  get stepS(): number {
    return this.#stepS;
  }

  get points(): SecondPoint[] {
    return this.#open.length === 0 ? [...this.#points] : [...this.#points, joined(this.#open)];
  }

  add(point: SecondPoint): void {
    this.#open.push(point);
    if (this.#open.length < this.#stepS) return;
    this.#points.push(joined(this.#open));
    this.#open = [];
    if (this.#points.length <= this.#pointsMax) return;
    const last = this.#points.length % 2 === 1 ? this.#points.pop() : undefined;
    this.#points = Array.from({ length: this.#points.length / 2 }, (_, i) => joined(this.#points.slice(2 * i, 2 * i + 2)));
    this.#stepS *= 2;
    if (last !== undefined) this.#open = Array.from({ length: this.#stepS / 2 }, () => last);
  }
}

/** Several as one: counts are per second, on average; percentiles and the generator's state are the worst, for they cannot be averaged; users and phase the last. */
function joined(points: readonly SecondPoint[]): SecondPoint {
  const [first] = points as [SecondPoint];
  const last = points.at(-1) as SecondPoint;
  if (points.length === 1) return first;
  const average = (of: (point: SecondPoint) => number): number => points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const generators = points.flatMap(({ generator }) => generator ?? []);
  return {
    ...last,
    second: first.second,
    atMs: first.atMs,
    requests: average((point) => point.requests),
    failures: average((point) => point.failures),
    dropped: average((point) => point.dropped),
    responseMs: worst(points.flatMap(({ responseMs }) => responseMs ?? [])),
    durationMs: worst(points.flatMap(({ durationMs }) => durationMs ?? [])),
    generator:
      generators.length === 0
        ? null
        : { lagMs: Math.max(...generators.map(({ lagMs }) => lagMs)), cpu: Math.max(...generators.map(({ cpu }) => cpu)) },
  };
}

function worst(all: readonly Percentiles[]): Percentiles | null {
  if (all.length === 0) return null;
  return {
    p50: Math.max(...all.map(({ p50 }) => p50)),
    p95: Math.max(...all.map(({ p95 }) => p95)),
    p99: Math.max(...all.map(({ p99 }) => p99)),
  };
}
