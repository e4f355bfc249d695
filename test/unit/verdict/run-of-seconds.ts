import { BUILT_IN_METRICS } from '../../../runtime/core/built-in-metrics.ts';
import type { ThresholdPlan, ThresholdWindow } from '../../../runtime/core/plan.ts';
import type { MetricDefinition } from '../../../runtime/core/records.ts';
import type { ThresholdResult } from '../../../runtime/core/run-json.ts';
import { parseThresholdExpression, parseThresholdKey } from '../../../runtime/core/threshold.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import type { MetricStore } from '../../../runtime/record/store.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { LiveJudge, type LiveJudgeOptions } from '../../../runtime/verdict/live-judge.ts';
import type { LiveState } from '../../../runtime/verdict/live-state.ts';
import { sampleOf } from '../measure/http-samples.ts';

export const CUSTOM: readonly MetricDefinition[] = [
  { name: 'confidence', type: 'trend', unit: 'default' },
  { name: 'found', type: 'counter', unit: 'default' },
];

interface Changes {
  readonly window?: ThresholdWindow;
  readonly special?: NonNullable<ThresholdPlan['special']>;
  readonly abort?: { readonly delayUs: number };
}

/** A threshold as the config gives it, its window apart. */
export function thresholdOf(key: string, text: string, { window, special, abort }: Changes = {}): ThresholdPlan {
  const { metric, tags } = parseThresholdKey('thresholds', key);
  const definition = [...BUILT_IN_METRICS, ...CUSTOM].find(({ name }) => name === metric) as MetricDefinition;
  const parsed = parseThresholdExpression('thresholds', text, definition);
  return {
    source: `thresholds.${key}`,
    expression: `${key}: ${text}`,
    metric,
    tags,
    parsed: window === undefined ? parsed : { ...parsed, window },
    special,
    ...(abort === undefined ? {} : { abort }),
  };
}

export const forSeconds = (seconds: number): ThresholdWindow => ({ kind: 'for', durationUs: seconds * 1_000_000 });
export const inShare = (ratio: number): ThresholdWindow => ({ kind: 'share', ratio });

/** What a worker records in a second. */
export type Second = (recorder: HttpRecorder, registry: MetricRegistry) => void;

/** So many expected answers that took so long, due to their end. */
export const answers =
  (count: number, tookUs: number, changes: Parameters<typeof sampleOf>[0] = {}): Second =>
  (recorder) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ tookUs, ...changes }));
  };
export const failures = (count: number): Second => answers(count, 1000, { expected: false, outcome: { status: 500 } });
export const nothing: Second = () => undefined;
export const all =
  (...parts: Second[]): Second =>
  (recorder, registry) => {
    for (const part of parts) part(recorder, registry);
  };

interface Worker {
  readonly registry: MetricRegistry;
  readonly recorder: HttpRecorder;
}

/** Workers that record, drain and report, a ledger that is told, and the judge that watches it. */
export class JudgedRun {
  readonly judge: LiveJudge;
  readonly ledger = new Ledger();
  readonly #plans: readonly ThresholdPlan[];
  readonly #workers: Worker[];

  constructor(plans: readonly ThresholdPlan[], { workers = 1, ...options }: { workers?: number; plannedUs?: number } = {}) {
    this.#plans = plans;
    this.#workers = Array.from({ length: workers }, () => {
      const registry = new MetricRegistry();
      for (const definition of CUSTOM) registry.define(definition);
      return { registry, recorder: new HttpRecorder(registry) };
    });
    const expected: LiveJudgeOptions = { ...options, workers: this.#workers.keys() };
    this.judge = new LiveJudge(plans, this.ledger, expected);
  }

  get store(): MetricStore {
    return this.ledger.store;
  }

  /** One worker lives through a second and reports it. */
  report(worker: number, second: number, what: Second, period = 'measured'): void {
    const { recorder, registry } = this.#workers[worker] as Worker;
    what(recorder, registry);
    this.ledger.take(worker, registry.drain(), { period, second });
  }

  /** The seconds of a run with one worker, each closed at once. @returns the state after the last */
  live(seconds: readonly Second[]): LiveState {
    let state = this.judge.closeSecond();
    seconds.forEach((what, second) => {
      this.report(0, second, what);
      state = this.judge.closeSecond();
    });
    return state;
  }

  /** The results at the end. */
  end(measuredS: number): ThresholdResult[] {
    return judgeThresholds(this.#plans, this.store, { measuredS, windows: this.judge.finish(measuredS) });
  }
}

/** The result of one threshold after a run of one worker. */
export function judgeSeconds(plan: ThresholdPlan, seconds: readonly Second[]): ThresholdResult {
  const run = new JudgedRun([plan], { plannedUs: seconds.length * 1_000_000 });
  run.live(seconds);
  return run.end(seconds.length)[0] as ThresholdResult;
}
