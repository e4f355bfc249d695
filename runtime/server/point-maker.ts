import type { Histogram } from '../core/histogram.ts';
import type { Second } from '../record/second.ts';
import type { Percentiles, SecondPoint } from '../views/api.ts';

/** A second as the pages draw it. */
export function pointOf({ second, atMs, stage, users, all, newStarts, workers }: Second): SecondPoint {
  return {
    second,
    atMs,
    phase: stage,
    users,
    requests: all.requests,
    failures: all.failures,
    responseMs: percentilesOf(all.answers),
    durationMs: percentilesOf(all.durations),
    dropped: newStarts.dropped,
    generator:
      workers.length === 0
        ? null
        : {
            lagMs: Math.max(...workers.map(({ said }) => said.loopLagP99Us)) / 1000,
            cpu: Math.max(...workers.map(({ said }) => said.cpu)),
          },
  };
}

function percentilesOf(times: Histogram): Percentiles | null {
  const [p50, p95, p99] = times.percentiles([0.5, 0.95, 0.99])?.map((us) => us / 1000) ?? [];
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}
