import type { SeriesIdentity } from '../core/delta.ts';
import type { MetricUnit } from '../core/records.ts';
import { BOUNDS } from './bounds.ts';
import type { OutputMeta } from './live-output.ts';
import { type BookRow, type BookSeries, TREND_COUNTS_AT } from './series-book.ts';

export type Labels = Readonly<Record<string, string>>;

/** Metrics of one name. */
export interface PromFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** One line of Prometheus' text format. */
export interface PromPoint {
  readonly family: PromFamily;
  /** Of a histogram with its suffix. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

type PromName = Omit<PromPoint, 'value'>;

/** Prometheus counts in seconds and bytes. */
const SUFFIX: Readonly<Record<MetricUnit, string>> = { time: '_seconds', data: '_bytes', default: '' };
/** Labels that are ours, or Prometheus' own. */
const TAKEN: ReadonlySet<string> = new Set(['le', 'period', 'run_id']);

/**
 * Our series as Prometheus has them, all named `stressrun_…`: a counter is `…_total`, a rate the counters `…_samples_total` and `…_true_total`,
 * a trend a classic histogram, whose percentiles may be taken over any labels. Tags are labels, beside `period` and `run_id`.
 */
export class PrometheusSeries {
  readonly #runId: string;
  readonly #names = new Map<BookSeries, PromName[]>();
  readonly #info: PromPoint;
  /** Names with labels that are in use: two tags may differ only in what no label may hold, two metrics only in what we put behind them. */
  readonly #used = new Map<string, number>();

  constructor({ runId, script, environment, profile, version }: OutputMeta) {
    this.#runId = runId;
    this.#info = {
      family: { name: 'stressrun_run_info', type: 'gauge', help: 'What this run is of; always 1' },
      name: 'stressrun_run_info',
      labels: withoutEmpty({ run_id: runId, script, environment, profile, version }),
      value: 1,
    };
  }

  pointsOf(rows: readonly BookRow[]): PromPoint[] {
    return [this.#info, ...rows.flatMap((row) => this.#pointsOf(row))];
  }

  #pointsOf({ series, values }: BookRow): PromPoint[] {
    let names = this.#names.get(series);
    if (names === undefined) {
      names = this.#namesOf(series.identity);
      this.#names.set(series, names);
    }
    const numbers = numbersOf(series.identity, values);
    return names.map((name, i) => ({ ...name, value: numbers[i] as number }));
  }

  #namesOf(identity: SeriesIdentity): PromName[] {
    const labels = this.#labelsOf(identity);
    const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const names = namesOf(identity, labels);
    const keys = new Set(names.map(({ name }) => JSON.stringify([name, ...sorted])));
    const times = 1 + Math.max(...Array.from(keys, (key) => this.#used.get(key) ?? 0));
    for (const key of keys) this.#used.set(key, times);
    return times === 1 ? names : namesOf(identity, { ...labels, series: String(times) });
  }

  #labelsOf({ period, tags }: SeriesIdentity): Labels {
    const labels: Record<string, string> = {};
    for (const [tag, value] of Object.entries(tags)) {
      const name = tag.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?=\d|__|$)/, 'tag_');
      labels[TAKEN.has(name) ? `exported_${name}` : name] = value;
    }
    return withoutEmpty({ ...labels, period, run_id: this.#runId });
  }
}

function withoutEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

function namesOf({ metric, type, unit }: SeriesIdentity, labels: Labels): PromName[] {
  const base = `stressrun_${metric}${SUFFIX[unit]}`;
  const one = (name: string, kind: 'counter' | 'gauge', what: string): PromName => ({
    family: { name, type: kind, help: `${metric}${what}` },
    name,
    labels,
  });
  switch (type) {
    case 'counter':
      return [one(`${base}_total`, 'counter', '')];
    case 'gauge':
      return [one(base, 'gauge', '')];
    case 'rate':
      return [one(`${base}_samples_total`, 'counter', ': samples'), one(`${base}_true_total`, 'counter', ': samples that were true')];
    case 'trend': {
      const family: PromFamily = { name: base, type: 'histogram', help: metric };
      const bounds = [...BOUNDS[unit].map((bound) => String(inUnits(bound, unit))), '+Inf'];
      return [
        ...bounds.map((le) => ({ family, name: `${base}_bucket`, labels: { ...labels, le } })),
        { family, name: `${base}_sum`, labels },
        { family, name: `${base}_count`, labels },
      ];
    }
  }
}

/** In the order of {@link namesOf}. */
function numbersOf({ type, unit }: SeriesIdentity, values: readonly number[]): number[] {
  if (type !== 'trend') return values.map((value) => (type === 'rate' ? value : inUnits(value, unit)));
  const [count = 0, sum = 0] = values;
  let upTo = 0;
  const buckets = values.slice(TREND_COUNTS_AT).map((many) => {
    upTo += many;
    return upTo;
  });
  return [...buckets, inUnits(sum, unit), count];
}

/** Without the noise of a multiplication: 2,500 µs is 0.0025. */
function inUnits(value: number, unit: MetricUnit): number {
  return unit === 'time' ? value / 1e6 : value;
}
