import { Histogram } from '../../../runtime/core/histogram.ts';
import type { HttpSample, Period } from '../../../runtime/core/records.ts';
import { HttpRecorder } from '../../../runtime/measure/http-recorder.ts';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { Ledger } from '../../../runtime/record/ledger.ts';
import type { RowSecond, Second } from '../../../runtime/record/second.ts';
import { sampleOf } from '../measure/http-samples.ts';

/** Workers with real recorders, and the ledger that they report to. */
export function crew(workers = 1) {
  const ledger = new Ledger();
  const recorders = Array.from({ length: workers }, () => {
    const registry = new MetricRegistry();
    return { registry, http: new HttpRecorder(registry) };
  });
  let second = 0;
  return {
    ledger,
    recorders,
    http: (recorders[0] as (typeof recorders)[number]).http,
    registry: (recorders[0] as (typeof recorders)[number]).registry,
    /** What was recorded since the last one. */
    second(facts: Partial<Parameters<Ledger['close']>[0]> = {}): Second {
      recorders.forEach(({ registry }, worker) => void ledger.take(worker, registry.drain()));
      return ledger.close({ second: second++, atMs: 1_000 * second, users: 3, ...facts });
    },
  };
}

export const of = (period: Period, tookUs: number, changes: Parameters<typeof sampleOf>[0] = {}): HttpSample => ({
  ...sampleOf({ tookUs, ...changes }),
  period,
});

/** The times of rows, as a histogram sees them. */
export function timesOf(rows: readonly RowSecond[], which: 'expected' | 'unexpected'): number[] {
  const times = new Histogram('time');
  for (const row of rows) row[which].addTo(times);
  return times.count === 0 ? [] : Array.from({ length: times.count }, (_, i) => times.valueAtRank(i + 1));
}

export const countsOf = ({ part, who, requests, failures, expected, unexpected }: RowSecond) => [
  part,
  who.name,
  requests,
  failures,
  expected.count,
  unexpected.count,
];
