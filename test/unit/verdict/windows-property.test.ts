import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compare } from '../../../runtime/verdict/compare.ts';
import { forSeconds, inShare, JudgedRun, type Second, thresholdOf } from './run-of-seconds.ts';

/** Every stretch of a run, from its raw samples: as the README says it, and as slowly as that. */
function stretchesOf(seconds: readonly (readonly number[])[], lengthS: number, ratio: number) {
  const needed = Math.ceil(1 / Math.min(ratio, 1 - ratio) - 1e-9);
  const stretches: { fromS: number; toS: number; valueUs: number | undefined }[] = [];
  for (let toS = lengthS; toS <= seconds.length; toS++) {
    const samplesFrom = (fromS: number) => seconds.slice(fromS, toS).flat();
    const before = stretches.at(-1);
    let fromS = toS - lengthS;
    if (before?.valueUs === undefined) fromS = before?.fromS ?? 0;
    else while (fromS > 0 && samplesFrom(fromS).length < needed) fromS--;
    const sorted = samplesFrom(fromS).sort((a, b) => a - b);
    const rank = Math.max(1, Math.ceil(ratio * sorted.length - 1e-9));
    stretches.push({ fromS, toS, valueUs: sorted.length < needed ? undefined : (sorted[rank - 1] as number) });
  }
  return stretches;
}

const run = fc.array(fc.array(fc.integer({ min: 1, max: 2000 }), { maxLength: 12 }), { minLength: 1, maxLength: 30 });
const ratio = fc.constantFrom(0.5, 0.75, 0.9, 0.95);
const limitUs = fc.integer({ min: 200, max: 1900 });
const comparison = fc.constantFrom('<', '<=', '>', '>=' as const);

const recorded =
  (valuesUs: readonly number[]): Second =>
  (_, registry) => {
    const series = registry.trend('iteration_duration', 'measured', { scenario: 'default' });
    for (const valueUs of valuesUs) series.record(valueUs);
  };

/** Two workers see every other sample; the second one reports up to 3 seconds behind the first. */
function judged(plan: ReturnType<typeof thresholdOf>, seconds: readonly (readonly number[])[], lags: readonly number[]) {
  const both = new JudgedRun([plan], { workers: 2, plannedUs: seconds.length * 1_000_000 });
  let reported = 0;
  seconds.forEach((values, second) => {
    const own = (worker: number, all: readonly number[]) => recorded(all.filter((_, i) => i % 2 === worker));
    both.report(0, second, own(0, values));
    const until = Math.max(reported, second + 1 - (lags[second % lags.length] as number));
    for (; reported < until; reported++) both.report(1, reported, own(1, seconds[reported] as number[]));
    both.judge.closeSecond();
  });
  for (; reported < seconds.length; reported++)
    both.report(1, reported, recorded((seconds[reported] as number[]).filter((_, i) => i % 2 === 1)));
  return both.end(seconds.length)[0];
}

test('in 300 random runs of two workers the stretches of a window are those that a recomputation from the raw samples gives', () => {
  fc.assert(
    fc.property(
      run,
      fc.integer({ min: 1, max: 6 }),
      ratio,
      limitUs,
      comparison,
      fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1 }),
      (...drawn) => {
        const [seconds, lengthS, quantile, limit, sign, lags] = drawn;
        const plan = thresholdOf('iteration_duration', `p(${quantile * 100})${sign}${limit}us`, { window: forSeconds(lengthS) });
        const result = judged(plan, seconds, lags);
        const stretches = stretchesOf(seconds, lengthS, quantile);
        const values = stretches.flatMap(({ valueUs }) => (valueUs === undefined ? [] : [valueUs]));
        const missed = values.filter((valueUs) => !compare(valueUs, sign, limit));
        const worstUs = sign === '<' || sign === '<=' ? Math.max(...values) : Math.min(...values);

        if (seconds.flat().length === 0) expect(result?.outcome).toBe('no-data');
        else if (values.length === 0) expect(result?.outcome).toBe('undecided');
        else {
          expect(result).toMatchObject({ outcome: missed.length > 0 ? 'missed' : 'met', actual: worstUs / 1000 });
          if (missed.length > 1) expect(result?.detail).toContain(`in ${missed.length} stretches`);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('in 300 random runs a share of seconds is met or missed only when the undecided seconds cannot change it', () => {
  fc.assert(
    fc.property(run, ratio, limitUs, fc.integer({ min: 1, max: 100 }), (seconds, quantile, limit, percent) => {
      const plan = thresholdOf('iteration_duration', `p(${quantile * 100})<${limit}us`, { window: inShare(percent / 100) });
      const result = judged(plan, seconds, [0]);
      const values = stretchesOf(seconds, 1, quantile).map(({ valueUs }) => valueUs);
      const good = values.filter((valueUs) => valueUs !== undefined && valueUs < limit).length;
      const open = values.filter((valueUs) => valueUs === undefined).length;
      const isAtLeast = (met: number) => met * 100 >= percent * values.length;

      if (seconds.flat().length === 0) expect(result?.outcome).toBe('no-data');
      else expect(result?.outcome).toBe(isAtLeast(good) ? 'met' : isAtLeast(good + open) ? 'undecided' : 'missed');
    }),
    { numRuns: 300 },
  );
});
