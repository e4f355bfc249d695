import { uniformOf } from '../core/random.ts';
import { settings, type Vu } from './state.ts';

/** `random` of one virtual user: what it gives depends on the seed and on the user and its iteration alone, in an open model on the start. */
export function makeRandom(vu: Vu) {
  const draw = (): number => uniformOf(settings.seed, 1, vu.scenario, vu.who, vu.which, vu.draws++);
  return {
    number: draw,
    integer(min: number, max: number): number {
      if (!Number.isInteger(min) || !Number.isInteger(max) || max < min)
        throw new RangeError(`random.integer: expected two whole numbers, the smaller one first; got ${String(min)}, ${String(max)}`);
      return min + Math.floor(draw() * (max - min + 1));
    },
    item<T>(items: readonly T[]): T {
      if (!Array.isArray(items) || items.length === 0) throw new RangeError('random.item: expected an array with at least one item');
      return items[Math.floor(draw() * items.length)] as T;
    },
    boolean: (probability = 0.5): boolean => draw() < probability,
    shuffle<T>(items: readonly T[]): T[] {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = Math.floor(draw() * (i + 1));
        [out[i], out[j]] = [out[j] as T, out[i] as T];
      }
      return out;
    },
  };
}
