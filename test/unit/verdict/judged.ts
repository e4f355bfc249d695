import type { ThresholdPlan } from '../../../runtime/core/plan.ts';
import type { MetricDefinition } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { judgeThresholds } from '../../../runtime/verdict/judge.ts';
import { thresholdPlanOf } from '../../support/threshold-plan.ts';
import { cutOffSampleOf, sampleOf } from '../measure/http-samples.ts';

const CUSTOM: MetricDefinition[] = [
  { name: 'confidence', type: 'trend', unit: 'default' },
  { name: 'render', type: 'trend', unit: 'time' },
  { name: 'found', type: 'counter', unit: 'default' },
];

/** A threshold as it is written. */
export function planOf(key: string, text: string, special?: ThresholdPlan['special']): ThresholdPlan {
  return { ...thresholdPlanOf(key, text, CUSTOM), special };
}

export const latency = (text: string, tags = '') => planOf(`http_req_response_time${tags}`, text, 'latency');
export const failureRate = (text: string, tags = '') => planOf(`http_req_failed${tags}`, text, 'failure-rate');
export const rps = (text: string, tags = '') => planOf(`http_reqs${tags}`, text, 'rps');
export const failedChecks = (text: string, tags = '') => planOf(`checks${tags}`, text, 'failed-checks');
export const iterationErrors = (text: string, tags = '') => planOf(`iteration_errors${tags}`, text, 'iteration-errors');

/** What a worker records. */
export type Run = (recorder: HttpRecorder, registry: MetricRegistry) => void;

/** The result of a threshold after a run of one worker. */
export function judge(plan: ThresholdPlan, run: Run, options: { seriesMax?: number; measuredS?: number } = {}) {
  const registry = new MetricRegistry(options.seriesMax === undefined ? {} : { seriesMax: options.seriesMax });
  for (const definition of CUSTOM) registry.define(definition);
  run(new HttpRecorder(registry), registry);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return judgeThresholds([plan], store, { measuredS: options.measuredS ?? 10 })[0];
}

export const answers =
  (count: number, tookUs: number, changes: Parameters<typeof sampleOf>[0] = {}): Run =>
  (recorder) => {
    for (let i = 0; i < count; i++) recorder.record(sampleOf({ tookUs, ...changes }));
  };
export const all =
  (...runs: Run[]): Run =>
  (recorder, registry) => {
    for (const run of runs) run(recorder, registry);
  };
export const cutOff =
  (count: number, kind: 'timeout' | 'interrupted', tookUs: number): Run =>
  (recorder) => {
    for (let i = 0; i < count; i++) recorder.record(cutOffSampleOf(kind, tookUs));
  };
