import type { MetricUnit, Tags } from '../../../runtime/core/records.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import type { OutputMeta, OutputSecond } from '../../../runtime/outputs/live-output.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';

/** What outputs are told of the run of these tests. */
export const META: OutputMeta = {
  runId: 'r1',
  script: 'predict.ts',
  environment: 'demo',
  profile: 'smoke',
  version: '0.2.0',
  startedMs: 1_700_000_000_000,
  redact: (text) => text.replaceAll('hunter2', '[redacted]'),
};

export const TAGS: Tags = { scenario: 'default', name: '/predict', status: '200', group: '' };

/** A worker and the ledger that takes what it sends: seconds as outputs get them. */
export function aRun(): { registry: MetricRegistry; second(atMs: number): OutputSecond } {
  const registry = new MetricRegistry();
  registry.define({ name: 'size', type: 'trend', unit: 'default' as MetricUnit });
  return { registry, second: secondsOf([registry]) };
}

function secondsOf(registries: readonly MetricRegistry[]): (atMs: number) => OutputSecond {
  const ledger = new Ledger();
  return (atMs) => {
    registries.forEach((registry, worker) => {
      ledger.take(worker, registry.drain());
    });
    return ledger.close({ second: 0, atMs, users: 0 });
  };
}

/** Two workers of one run, and a second of both. */
export function twoWorkers(): { registries: [MetricRegistry, MetricRegistry]; second(atMs: number): OutputSecond } {
  const registries: [MetricRegistry, MetricRegistry] = [new MetricRegistry(), new MetricRegistry()];
  return { registries, second: secondsOf(registries) };
}

/** Two seconds of everything: 3 requests of 2.5, 40 and 700 ms, the last failed. */
export function twoSeconds(): [OutputSecond, OutputSecond] {
  const { registry, second } = aRun();
  const record = (us: number, isFailed: boolean): void => {
    registry.counter('http_reqs', 'measured', TAGS).add(1);
    registry.rate('http_req_failed', 'measured', TAGS).record(isFailed);
    registry.trend('http_req_duration', 'measured', TAGS).record(us);
  };
  record(2_500, false);
  record(40_000, false);
  registry.gauge('vus', 'measured', {}).set(5, 1);
  registry.counter('data_sent', 'measured', TAGS).add(2_048);
  const first = second(1_700_000_001_000);
  record(700_000, true);
  return [first, second(1_700_000_002_000)];
}
