import type { ThresholdPlan } from '../../runtime/core/plan.ts';
import { MetricRegistry } from '../../runtime/measure/registry.ts';
import { Ledger } from '../../runtime/record/ledger.ts';
import { judgeThresholds } from '../../runtime/verdict/judge.ts';
import { LiveJudge } from '../../runtime/verdict/live-judge.ts';
import { randomOf, TARGETS, type TargetName } from './dependent-load.ts';
import { thresholdPlanOf } from './threshold-plan.ts';

export interface SimulatedRun {
  readonly target: TargetName;
  readonly seed: number;
  readonly seconds: number;
  /** Expressions by metric, as in `options.thresholds`, each with `abort_on_fail`. */
  readonly thresholds: readonly (readonly [key: string, text: string])[];
  /** Response times over it are failures as well, in µs. */
  readonly failsOverUs?: number;
  /** Before the run ends by itself only; without it the judge does not know when that is. */
  readonly isLengthKnown?: boolean;
}

export interface SimulatedEnd {
  /** Seconds after which the run would have been ended; undefined: it was not. */
  readonly endedAfterS: number | undefined;
  /** Whether it passed, run to its end. */
  readonly isPassed: boolean;
}

/** A run of one worker against a simulated target, told to the judge second by second; and what came of it when nobody ended it. */
export function simulateRun({ target, seed, seconds, thresholds, failsOverUs, isLengthKnown = true }: SimulatedRun): SimulatedEnd {
  const plans = thresholds.map(planOf);
  const ledger = new Ledger();
  const judge = new LiveJudge(plans, ledger, { workers: [0], plannedUs: isLengthKnown ? seconds * 1_000_000 : undefined });
  const registry = new MetricRegistry();
  const next = TARGETS[target](randomOf(seed));
  for (let second = 0; second < seconds; second++) {
    const times = registry.trend('http_req_duration', 'measured', {});
    const failed = registry.rate('http_req_failed', 'measured', {});
    for (const tookUs of next()) {
      times.record(Math.round(tookUs));
      failed.record(failsOverUs !== undefined && tookUs > failsOverUs);
    }
    ledger.take(0, registry.drain(), { period: 'measured', second });
    judge.closeSecond();
  }
  const endedAfterS = judge.abort?.afterS;
  const results = judgeThresholds(plans, ledger.store, { measuredS: seconds, windows: judge.finish(seconds) });
  return { endedAfterS, isPassed: results.every(({ outcome }) => outcome !== 'missed') };
}

function planOf([key, text]: readonly [key: string, text: string]): ThresholdPlan {
  return { ...thresholdPlanOf(key, text), abort: { delayUs: 0 } };
}
