import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import type { ErrorTally, GeneratorSecond } from '../core/records.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import type { Percentiles, SecondPoint } from '../views/api.ts';

/** What is known of a second of a run, live or from its journal. */
export interface SecondFacts {
  readonly second: number;
  readonly atMs: number;
  readonly phase: string;
  readonly users: number;
  /** As `MetricStore.merge` gives them: an identity comes once. */
  readonly deltas: readonly SeriesDelta[];
  readonly errors: readonly ErrorTally[];
  /** Starts dropped since the period began. */
  readonly droppedSoFar: number;
  readonly generator: readonly Pick<GeneratorSecond, 'loopLagP99Us' | 'cpu'>[];
}

/** One delta with the identity of its series. */
export interface NamedDelta {
  readonly series: SeriesIdentity;
  readonly delta: SeriesDelta;
}

/** Makes the points of a run, one second after the other. */
export class PointMaker {
  readonly #series = new Map<number, SeriesIdentity>();
  #dropped = 0;

  /** The deltas of a second with their identities; those that were never introduced are left out. Each second must come by here once. */
  named(deltas: readonly SeriesDelta[]): NamedDelta[] {
    return deltas.flatMap((delta) => {
      if (delta.series !== undefined) this.#series.set(delta.id, delta.series);
      const series = this.#series.get(delta.id);
      return series === undefined ? [] : [{ series, delta }];
    });
  }

  /** @param named - what {@link named} gave for the second */
  point(facts: SecondFacts, named: readonly NamedDelta[]): SecondPoint {
    const [response, duration] = [new Histogram('time'), new Histogram('time')];
    let [requests, failures] = [0, 0];
    for (const { series, delta } of named) {
      if (series.period === 'setup' || series.period === 'teardown') continue;
      if (series.metric === HTTP.failed && delta.type === 'rate') {
        requests += delta.count;
        failures += delta.passes;
      }
      // a failure may be quick or take its whole time limit: neither is how fast answers are
      if (delta.type !== 'trend' || !isExpectedAnswer(series.tags)) continue;
      if (series.metric === HTTP.responseTime) response.add(delta);
      else if (series.metric === HTTP.duration) duration.add(delta);
    }
    const dropped = Math.max(0, facts.droppedSoFar - this.#dropped);
    this.#dropped = facts.droppedSoFar;
    return {
      second: facts.second,
      atMs: facts.atMs,
      phase: facts.phase,
      users: facts.users,
      requests,
      failures,
      responseMs: percentilesOf(response),
      durationMs: percentilesOf(duration),
      dropped,
      generator:
        facts.generator.length === 0
          ? null
          : {
              lagMs: Math.max(...facts.generator.map((worker) => worker.loopLagP99Us)) / 1000,
              cpu: Math.max(...facts.generator.map((worker) => worker.cpu)),
            },
    };
  }
}

function percentilesOf(trend: Histogram): Percentiles | null {
  if (trend.count === 0) return null;
  const ms = (ratio: number): number => (trend.percentile(ratio) as number) / 1000;
  return { p50: ms(0.5), p95: ms(0.95), p99: ms(0.99) };
}
