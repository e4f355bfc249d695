import { hashOf, uniformOf } from '../core/random.ts';
import type { Interval } from './interval.ts';

const REPEATS = 1000;

/** Seconds drawn together: as long as their dependence is believed to last. */
export function blockSecondsOf(seconds: number): number {
  return Math.max(1, Math.min(Math.ceil(1.5 * seconds ** (1 / 3)), Math.floor(seconds / 2)));
}

/**
 * 95 % interval of a share over seconds that depend on each other, by drawing blocks of neighbouring seconds again and again. The same seed gives the
 * same interval. Below ten minutes it is too narrow: `npm run bench:statistics` measures by how much beside `weightOf`, which judges.
 * @param over - of each second
 * @param of - samples of each second
 * @see Künsch (1989), moving blocks
 */
export function bootstrapShare(over: readonly number[], of: readonly number[], options: { seed: number; repeats?: number }): Interval {
  const seconds = of.length;
  const all = of.reduce((sum, each) => sum + each, 0);
  if (seconds === 0 || all === 0) return { low: 0, high: 1 };
  const block = blockSecondsOf(seconds);
  const repeats = options.repeats ?? REPEATS;
  const shares = Float64Array.from({ length: repeats }, (_, repeat) =>
    redrawn(over, of, { block, key: hashOf(options.seed, repeat) }),
  ).sort();
  const at = (ratio: number): number => shares[Math.min(repeats - 1, Math.max(0, Math.ceil(ratio * repeats) - 1))] as number;
  return { low: at(0.025), high: at(0.975) };
}

function redrawn(over: readonly number[], of: readonly number[], { block, key }: { block: number; key: number }): number {
  const seconds = of.length;
  let [bad, all] = [0, 0];
  for (let filled = 0, draw = 0; filled < seconds; draw++) {
    const from = Math.floor(uniformOf(key, draw) * (seconds - block + 1));
    for (let i = 0; i < block && filled < seconds; i++, filled++) {
      bad += over[from + i] as number;
      all += of[from + i] as number;
    }
  }
  return all === 0 ? 0 : bad / all;
}
