/** Response times as targets give them that depend on what was before: seeded, in µs, so many seconds of them. */

/** Requests a second of every simulated target. */
export const REQUESTS_PER_SECOND = 100;

/** Response times of the next second, in µs. */
export type Target = () => number[];

type Random = () => number;

/** How neighbouring requests hang together. */
export const TARGETS = {
  /** Each request by itself. */
  independent: (random: Random): Target => {
    return () => each(() => 50_000 * Math.exp(0.5 * normal(random)));
  },
  /** A level that wanders from second to second. */
  wandering: (random: Random): Target => {
    let level = 0.2 * normal(random);
    return () => {
      level = 0.8 * level + 0.2 * Math.sqrt(1 - 0.8 ** 2) * normal(random);
      return each(() => 50_000 * Math.exp(level + 0.5 * normal(random)));
    };
  },
  /** Three times as slow for 3 s at a time, 9 % of the time. */
  bursts: (random: Random): Target => {
    let left = random() < 0.09 ? Math.ceil(3 * random()) : 0;
    return () => {
      if (left === 0 && random() < 0.032) left = 3;
      const factor = left > 0 ? 3 : 1;
      left = Math.max(0, left - 1);
      return each(() => factor * 50_000 * Math.exp(0.5 * normal(random)));
    };
  },
  /** One server, arrivals and work at random, busy 90 % of the time. */
  queue: (random: Random): Target => {
    const serviceUs = 0.9 * (1_000_000 / REQUESTS_PER_SECOND);
    let waitUs = random() < 0.9 ? exponential(random, serviceUs / 0.1) : 0;
    return () =>
      each(() => {
        const tookUs = waitUs + exponential(random, serviceUs);
        waitUs = Math.max(0, tookUs - exponential(random, 1_000_000 / REQUESTS_PER_SECOND));
        return tookUs;
      });
  },
} satisfies Record<string, (random: Random) => Target>;

export type TargetName = keyof typeof TARGETS;

/** Numbers from 0 up to 1, the same for the same seed. @see https://github.com/bryc/code/blob/master/jshash/PRNGs.md (mulberry32) */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is true of a target: of many starts of it. */
export function truthOf(name: TargetName): { quantileUs: (ratio: number) => number; meanUs: number } {
  const [starts, seconds] = [300, 20];
  const all = new Float64Array(starts * seconds * REQUESTS_PER_SECOND);
  const random = randomOf(7);
  let filled = 0;
  for (let start = 0; start < starts; start++) {
    const next = TARGETS[name](random);
    for (let second = 0; second < seconds; second++) for (const tookUs of next()) all[filled++] = tookUs;
  }
  all.sort();
  const meanUs = all.reduce((sum, tookUs) => sum + tookUs, 0) / all.length;
  return { quantileUs: (ratio) => all[Math.floor(ratio * all.length)] as number, meanUs };
}

function each(tookUs: () => number): number[] {
  return Array.from({ length: REQUESTS_PER_SECOND }, tookUs);
}

function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function exponential(random: Random, mean: number): number {
  return -mean * Math.log(1 - random());
}
