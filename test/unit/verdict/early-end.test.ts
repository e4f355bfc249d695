import { expect, test } from 'vitest';
import { TARGETS, type TargetName, truthOf } from '../../support/dependent-load.ts';
import { simulateRun } from '../../support/early-end.ts';

const NAMES = Object.keys(TARGETS) as TargetName[];
const SEEDS = Array.from({ length: 10 }, (_, i) => i + 1);

// A small part of bench/early-abort.js, which has 1,000 runs a case.
test.each(NAMES)(
  'of 10 runs of a target that is as good as its limit, %s, none is ended early that passes when run to its end',
  (target) => {
    const { quantileUs, meanUs } = truthOf(target);
    const limitUs = quantileUs(0.95);
    const ended = SEEDS.map((seed) =>
      simulateRun({
        target,
        seed,
        seconds: 40,
        failsOverUs: limitUs,
        thresholds: [
          ['http_req_duration', `p(95)<${limitUs / 1000}`],
          ['http_req_duration', `avg<${meanUs / 1000}`],
          ['http_req_failed', 'rate<0.05'],
        ],
      }),
    );
    expect(ended.filter(({ endedAfterS, isPassed }) => isPassed && endedAfterS !== undefined)).toEqual([]);
  },
);

test.each(NAMES)(
  'each of 3 runs of 40 s of a target with 60 %% of requests over the limit of p95, %s, is ended in its first half',
  (target) => {
    const limitUs = truthOf(target).quantileUs(0.4);
    for (const seed of SEEDS.slice(0, 3)) {
      const { endedAfterS } = simulateRun({ target, seed, seconds: 40, thresholds: [['http_req_duration', `p(95)<${limitUs / 1000}`]] });
      expect(endedAfterS).toBeLessThanOrEqual(30);
    }
  },
);
