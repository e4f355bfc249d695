import type { HistogramMetricData, MetricData, ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { SeriesIdentity } from '../core/delta.ts';
import type { MetricUnit } from '../core/records.ts';
import { BOUNDS } from './bounds.ts';
import { basicAuth, isRefusal } from './http-push.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import type { ServerTarget } from './output-target.ts';
import { SecondClock } from './second-clock.ts';
import { RefusedError, SendQueue } from './send-queue.ts';
import { type BookRow, rowsOf, SeriesBook, TREND_COUNTS_AT } from './series-book.ts';

type HrTime = [seconds: number, nanoseconds: number];

interface Export {
  readonly atMs: number;
  readonly rows: readonly BookRow[];
}

/** The packages' numbers, which cannot be imported before somebody asks for them. */
const [CUMULATIVE, HISTOGRAM, GAUGE, SUM] = [1, 0, 2, 3];
const PATH = '/v1/metrics';
const UNITS: Readonly<Record<MetricUnit, string>> = { time: 's', data: 'By', default: '1' };

/** `-o otlp=URL`: OpenTelemetry over HTTP (JSON), once a second; totals since the run began, so that a lost export loses no count. */
export async function openOtlp({ name, url, auth }: ServerTarget, meta: OutputMeta): Promise<LiveOutput> {
  const [{ OTLPMetricExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPMetricExporter({
    url: exportUrlOf(url),
    timeoutMillis: 5_000,
    headers: basicAuth(auth),
  });
  const resource = resourceFromAttributes({
    'service.name': 'stressrun',
    'service.version': meta.version,
    'service.instance.id': meta.runId,
    'stressrun.run_id': meta.runId,
    'stressrun.script': meta.script,
    'stressrun.environment': meta.environment,
    'stressrun.profile': meta.profile,
  });
  const book = new SeriesBook(meta.redact);
  const clock = new SecondClock();
  const queue = new SendQueue<Export>({
    send({ atMs, rows }) {
      const metrics = otlpMetricsOf(rows, { startMs: meta.startedMs, atMs });
      const what: ResourceMetrics = { resource, scopeMetrics: [{ scope: { name: 'stressrun', version: meta.version }, metrics }] };
      return new Promise((resolve, reject) => {
        exporter.export(what, ({ code, error }) => (code === 0 ? resolve() : reject(problemOf(error))));
      });
    },
  });
  const push = (atMs: number, rows: BookRow[]): void =>
    queue.push({ payload: { atMs, rows }, points: rows.length, bytes: rows.reduce((sum, { values }) => sum + 64 + 8 * values.length, 0) });
  return {
    name,
    second({ atMs, series }: OutputSecond) {
      const changed = book.take(series.all).keys();
      const rows = rowsOf(clock.isFull() ? book.all : changed);
      if (rows.length > 0) push(clock.at(atMs), rows);
    },
    close() {
      push(clock.at(Date.now()), rowsOf(book.all));
      return queue.close();
    },
  };
}

/** A base URL gets the path of metrics; a query, such as a key, stays behind it. */
function exportUrlOf(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith(PATH) ? path : path + PATH;
  return url.href;
}

/** The package tries 429 and what passes (502, 503, 504) again by itself, and then names no status. */
function problemOf(error: (Error & { code?: unknown; data?: unknown }) | undefined): Error {
  const status = Number(error?.code);
  if (!isRefusal(status)) return error ?? new Error('it was not taken');
  const words = typeof error?.data === 'string' && error.data !== '' ? error.data : error?.message;
  return new RefusedError(`it answered ${status} ${words}`);
}

/** Named `stressrun.…`, times in seconds; a rate is the sums `….samples` and `….true`, a trend a histogram with explicit bounds. */
export function otlpMetricsOf(rows: readonly BookRow[], { startMs, atMs }: { startMs: number; atMs: number }): MetricData[] {
  const metrics = new Map<string, MetricData>();
  const times = { startTime: hrTime(startMs), endTime: hrTime(atMs) };
  for (const { series, values } of rows) {
    const { identity } = series;
    const attributes = { ...identity.tags, period: identity.period };
    for (const { name, value } of partsOf(identity, values)) {
      let metric = metrics.get(name);
      if (metric === undefined) {
        metric = emptyMetric(name, identity);
        metrics.set(name, metric);
      }
      (metric.dataPoints as unknown[]).push({ ...times, attributes, value });
    }
  }
  return [...metrics.values()];
}

function emptyMetric(name: string, { type, unit }: SeriesIdentity): MetricData {
  const descriptor = { name, description: '', unit: type === 'rate' ? '1' : UNITS[unit], valueType: 1 };
  const common = { descriptor, aggregationTemporality: CUMULATIVE, dataPoints: [] };
  // the enums of the package are numbers behind a dynamic import
  if (type === 'gauge') return { ...common, dataPointType: GAUGE } as unknown as MetricData;
  if (type === 'trend') return { ...common, dataPointType: HISTOGRAM } as unknown as MetricData;
  return { ...common, dataPointType: SUM, isMonotonic: true } as unknown as MetricData;
}

function partsOf({ metric, type, unit }: SeriesIdentity, values: readonly number[]): { name: string; value: unknown }[] {
  const name = `stressrun.${metric}`;
  if (type === 'rate') return ['samples', 'true'].map((part, i) => ({ name: `${name}.${part}`, value: values[i] ?? 0 }));
  const scale = (value: number): number => (unit === 'time' ? value / 1e6 : value);
  if (type !== 'trend') return [{ name, value: scale(values[0] ?? 0) }];
  const [count = 0, sum = 0, min = 0, max = 0] = values;
  const value: HistogramMetricData['dataPoints'][number]['value'] = {
    buckets: { boundaries: BOUNDS[unit].map(scale), counts: values.slice(TREND_COUNTS_AT) },
    count,
    sum: scale(sum),
    ...(count === 0 ? {} : { min: scale(min), max: scale(max) }),
  };
  return [{ name, value }];
}

function hrTime(ms: number): HrTime {
  return [Math.floor(ms / 1_000), (ms % 1_000) * 1_000_000];
}
