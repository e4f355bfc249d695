import { expect, test } from 'vitest';
import { type GeneratorSecond, NO_STARTS } from '../../../runtime/core/records.ts';
import type { LiveThreshold } from '../../../runtime/core/run-json.ts';
import type { GeneratorMaterial } from '../../../runtime/run/generator-facts.ts';
import { LiveDoubts } from '../../../runtime/run/live-doubts.ts';
import { withAsked } from '../../support/asked.ts';

const P95: LiveThreshold = withAsked({
  source: 'thresholds.max_p95',
  expression: 'http_req_response_time: p(95)<100ms',
  outcome: 'met',
  actual: 60,
  limit: 100,
  unit: 'ms',
});
const FLOOR: LiveThreshold = withAsked({ ...P95, expression: 'http_reqs: rate>=100', outcome: 'missed', actual: 90, unit: 'per-second' });

/** A worker that had work and no processor for `starvedUs` of each second, and a loop that lagged for so long. */
const secondsOf = (count: number, lagUs: number, starvedUs = 0): GeneratorSecond[] =>
  Array.from({ length: count }, (_, second) => ({
    ...{ second, spanS: 1, cpu: 0.1, rssBytes: 1, loopLagP50Us: lagUs, loopLagP99Us: lagUs, loopLagMaxUs: lagUs },
    ...{ starvedUs, starvedUsMax: starvedUs },
  })) as unknown as GeneratorSecond[];

const material = (generator: GeneratorSecond[], changes: Partial<GeneratorMaterial> = {}): GeneratorMaterial => ({
  plan: { scenarios: [{ kind: 'open' } as never] },
  generator: [generator],
  starts: NO_STARTS,
  measuredS: generator.length,
  ...changes,
});

test('as at the end: what is met by less than the error of a saturated generator is undecided while it runs, with the same reason', () => {
  const near = { ...P95, actual: 95 };
  const starved = secondsOf(20, 60_000, 400_000);
  expect(new LiveDoubts().settled([near, { ...P95, actual: 10 }], material(starved))).toEqual([
    { ...near, outcome: 'undecided', because: 'the load generator was saturated, and it was met by less than its error' },
    { ...P95, actual: 10 },
  ]);
  expect(new LiveDoubts().settled([near], material(secondsOf(20, 2_000)))).toEqual([near]);
});

test('a rate that falls short of its floor is undecided on a starved generator, and stands on a free one', () => {
  expect(new LiveDoubts().settled([FLOOR], material(secondsOf(20, 60_000, 400_000)))).toMatchObject([{ outcome: 'undecided' }]);
  expect(new LiveDoubts().settled([FLOOR], material(secondsOf(20, 2_000)))).toEqual([FLOOR]);
});

test('what is doubted follows the seconds: a generator that recovers is believed again', () => {
  const doubts = new LiveDoubts();
  const bad = secondsOf(10, 60_000, 400_000);
  expect(doubts.settled([FLOOR], material(bad))[0]?.outcome).toBe('undecided');
  const all = [...bad, ...secondsOf(400, 2_000).map((each) => ({ ...each, second: each.second + 10 }))];
  expect(doubts.settled([FLOOR], material(all))[0]?.outcome).toBe('missed');
});
