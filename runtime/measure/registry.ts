import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { BugError, ConfigError } from '../core/errors.ts';
import type { MetricDefinition, MetricType, Period, Tags } from '../core/records.ts';
import { STREAM } from '../core/roles.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';
import type { NumberedSeries } from '../core/samples.ts';
import { CounterSeries, GaugeSeries, RateSeries, type Series, TrendSeries, type ValueTap } from './series.ts';

/** Series of a worker before the rest overflows, unless the settings say otherwise. */
export const SERIES_MAX_DEFAULT = 1000;

/**
 * Tags that an overflow series keeps, and the values they are kept with, so that thresholds over all answers stay exact when only names run over.
 */
const OVERFLOW_KEEPS: readonly (readonly [tag: string, values: readonly string[]])[] = [
  ['expected_response', ['true', 'false']],
  ['kind', ['timeout', 'interrupted', 'dropped', 'lost']],
  ['before', [STREAM.firstEventDue, STREAM.firstTokenDue, STREAM.gap, STREAM.tokenGap]],
];

const METRIC_NAME = /^[A-Za-z_][A-Za-z0-9_]{1,127}$/;

/**
 * All series of a worker. Ask for a series once and keep it: the lookup costs ten times what a record does.
 * Past the cap the rest of a metric goes to overflow series (one per metric and period, for expected answers and others apart).
 */
export class MetricRegistry {
  /** How often a series was asked for that went to an overflow series. */
  overflowed = 0;
  /** Told of every single sample of the series that are opened after it is set. */
  onSample: ((series: NumberedSeries, value: number, times: number) => void) | undefined;

  readonly #definitions = new Map<string, MetricDefinition>();
  readonly #seriesMax: number;
  readonly #epochUs: number;
  /** Keyed by the tags as given; two orders of the same tags lead to the same series. */
  readonly #byKey = new Map<string, Series>();
  readonly #byCanonicalKey = new Map<string, Series>();
  readonly #all: Series[] = [];
  #overflowSeries = 0;
  /** By id: whether a drain has carried the identity. */
  readonly #introduced: boolean[] = [];

  /** @param epochUs - zero of the clock that gauges are dated by, monotonic µs; default 0 */
  constructor(options: { seriesMax?: number; epochUs?: number } = {}) {
    this.#seriesMax = options.seriesMax ?? SERIES_MAX_DEFAULT;
    this.#epochUs = options.epochUs ?? 0;
    for (const definition of BUILT_IN_METRICS) this.define(definition);
  }

  /** Again with the same type and unit is fine. @throws {ConfigError} on a bad name, or another type or unit than before */
  define(definition: MetricDefinition): void {
    const { name, type, unit } = definition;
    const where = `metric ${JSON.stringify(name)}`;
    if (!METRIC_NAME.test(name)) {
      throw new ConfigError(
        where,
        `expected a name of 2 to 128 letters, digits and underscores that does not begin with a digit; got ${JSON.stringify(name)}`,
      );
    }
    const known = this.#definitions.get(name);
    if (known === undefined) this.#definitions.set(name, { name, type, unit });
    else if (known.type !== type || known.unit !== unit) {
      throw new ConfigError(
        where,
        `expected a ${known.type} of unit ${known.unit}, as it was defined before; got a ${type} of unit ${unit}`,
      );
    }
  }

  definition(name: string): MetricDefinition | undefined {
    return this.#definitions.get(name);
  }

  /** @throws {BugError} when no counter of that name is defined */
  counter(metric: string, period: Period, tags: Tags): CounterSeries {
    return this.#seriesOf('counter', metric, period, tags) as CounterSeries;
  }

  /** @throws {BugError} when no gauge of that name is defined */
  gauge(metric: string, period: Period, tags: Tags): GaugeSeries {
    return this.#seriesOf('gauge', metric, period, tags) as GaugeSeries;
  }

  /** @throws {BugError} when no rate of that name is defined */
  rate(metric: string, period: Period, tags: Tags): RateSeries {
    return this.#seriesOf('rate', metric, period, tags) as RateSeries;
  }

  /** @throws {BugError} when no trend of that name is defined */
  trend(metric: string, period: Period, tags: Tags): TrendSeries {
    return this.#seriesOf('trend', metric, period, tags) as TrendSeries;
  }

  /** What came since the last drain; a series is introduced the first time and a number afterwards. */
  drain(): SeriesDelta[] {
    const deltas: SeriesDelta[] = [];
    for (let id = 0; id < this.#all.length; id++) {
      const series = this.#all[id] as Series;
      const values = series.drain();
      if (values === undefined) continue;
      deltas.push(this.#introduced[id] === true ? { id, ...values } : { id, series: series.identity, ...values });
      this.#introduced[id] = true;
    }
    return deltas;
  }

  #seriesOf(type: MetricType, metric: string, period: Period, tags: Tags): Series {
    let key = `${metric}\u0001${period}`;
    for (const tag in tags) key += `\u0001${tag}\u0002${tags[tag]}`;
    const series = this.#byKey.get(key) ?? this.#findOrOpen(key, metric, period, tags);
    if (series.identity.type !== type) throw new BugError(`metric ${metric} is a ${series.identity.type}, not a ${type}`);
    return series;
  }

  #findOrOpen(key: string, metric: string, period: Period, tags: Tags): Series {
    const canonicalKey = JSON.stringify([metric, period, ...Object.entries(tags).sort(byTag)]);
    let series = this.#byCanonicalKey.get(canonicalKey);
    if (series === undefined) {
      if (this.#all.length - this.#overflowSeries >= this.#seriesMax) return this.#overflow(metric, period, tags);
      series = this.#open(canonicalKey, metric, period, tags);
    }
    if (this.#byKey.size < 4 * this.#seriesMax) this.#byKey.set(key, series); // orders of tags are the script's to choose: bounded
    return series;
  }

  #overflow(metric: string, period: Period, tags: Tags): Series {
    this.overflowed++;
    const kept: Record<string, string> = { [OVERFLOW_TAG]: 'true' };
    for (const [tag, values] of OVERFLOW_KEEPS) {
      const value = tags[tag];
      if (value !== undefined && values.includes(value)) kept[tag] = value;
    }
    const canonicalKey = JSON.stringify([metric, period, ...Object.entries(kept).sort(byTag)]);
    const known = this.#byCanonicalKey.get(canonicalKey);
    if (known !== undefined) return known;
    this.#overflowSeries++;
    return this.#open(canonicalKey, metric, period, kept);
  }

  #open(canonicalKey: string, metric: string, period: Period, tags: Tags): Series {
    const definition = this.#definitions.get(metric);
    if (definition === undefined) throw new BugError(`metric ${metric} is not defined`);
    const { type, unit } = definition;
    const identity: SeriesIdentity = { metric, type, unit, period, tags: { ...tags } };
    const series = seriesOfType(identity, this.#tapOf({ id: this.#all.length, identity }), this.#epochUs);
    this.#byCanonicalKey.set(canonicalKey, series);
    this.#all.push(series);
    return series;
  }

  #tapOf(series: NumberedSeries): ValueTap | undefined {
    const { onSample } = this;
    return onSample === undefined ? undefined : (value, times) => onSample(series, value, times);
  }
}

function seriesOfType(identity: SeriesIdentity, tap: ValueTap | undefined, epochUs: number): Series {
  switch (identity.type) {
    case 'counter':
      return new CounterSeries(identity, tap);
    case 'gauge':
      return new GaugeSeries(identity, { tap, epochUs });
    case 'rate':
      return new RateSeries(identity, tap);
    case 'trend':
      return new TrendSeries(identity, tap);
  }
}

function byTag([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
