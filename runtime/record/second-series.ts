import type { Histogram } from '../core/histogram.ts';
import { SCRIPT_TAGS } from '../core/roles.ts';
import type { PercentileColumns, RunSeries } from '../core/run-series.ts';
import type { GaugeSecond, Second } from './second.ts';
import { rounded } from './timeline-figures.ts';

const GAUGES_MAX = 40;
const POINT_PERCENTILES = [0.5, 0.95, 0.99];
const GAUGE_UNITS = {
  time: { unit: 'ms', divisor: 1000 },
  data: { unit: 'bytes', divisor: 1 },
  default: { unit: '', divisor: 1 },
} as const;

/** Makes of each second of a run the point that it is in its series; while the run goes on and read back alike. */
export class SecondSeries {
  readonly #gauges = new Set<string>();
  #startMs: number | undefined;
  #lastMs = 0;

  /** Call with every second, in order. */
  of(second: Second): RunSeries {
    const { atMs, lengthS, users, all, checks, newStarts, workers, events } = second;
    this.#lastMs = this.#startMs === undefined ? atMs : Math.max(atMs, this.#lastMs + 1);
    this.#startMs ??= atMs - 1000;
    const endS = rounded((this.#lastMs - this.#startMs) / 1000);
    const news = workers.flatMap(({ said, isNew }) => (isNew ? [said] : []));
    const worst = (of: (said: (typeof news)[number]) => number): number | null =>
      news.length === 0 ? null : rounded(Math.max(...news.map(of)));
    return {
      startMs: this.#startMs,
      foldedBy: 1,
      endS: [endS],
      lengthS: [rounded(lengthS)],
      users: [users],
      requests: [all.requests],
      failures: [all.failures],
      responseTimeMs: percentilesOf(all.answers),
      durationMs: percentilesOf(all.durations),
      bytesReceived: [all.bytesReceived],
      bytesSent: [all.bytesSent],
      checks: [checks.reduce((sum, { count }) => sum + count, 0)],
      checksFailed: [checks.reduce((sum, { count, passes }) => sum + count - passes, 0)],
      starts: { begun: [newStarts.begun], late: [newStarts.late], queued: [newStarts.queued], dropped: [newStarts.dropped] },
      generator: { loopLagMsP99: [worst(({ loopLagP99Us }) => loopLagP99Us / 1000)], cpu: [worst(({ cpu }) => cpu)] },
      gauges: this.#gaugesOf(second),
      events: events.map(({ kind, text }) => ({ atS: endS, kind, text })),
    };
  }

  /** The last word of each name. */
  #gaugesOf({ gauges }: Second): RunSeries['gauges'] {
    const told = new Map<string, RunSeries['gauges'][number]>();
    for (const gauge of gauges) {
      const name = gaugeName(gauge);
      if (!this.#gauges.has(name) && this.#gauges.size >= GAUGES_MAX) continue;
      this.#gauges.add(name);
      const { unit, divisor } = GAUGE_UNITS[gauge.unit];
      told.set(name, { name, unit, values: [gauge.last / divisor] });
    }
    return [...told.values()];
  }
}

function gaugeName({ metric, tags }: GaugeSecond): string {
  const own = Object.entries(tags).filter(([tag, value]) => !SCRIPT_TAGS.includes(tag) && value !== '');
  return own.length === 0 ? metric : `${metric}{${own.map(([tag, value]) => `${tag}:${value}`).join(',')}}`;
}

function percentilesOf(times: Histogram): PercentileColumns {
  const [p50 = null, p95 = null, p99 = null] = times.percentiles(POINT_PERCENTILES)?.map((us) => rounded(us / 1000)) ?? [];
  return { p50: [p50], p95: [p95], p99: [p99] };
}
