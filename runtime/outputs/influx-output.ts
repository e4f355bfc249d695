import type { SeriesIdentity, SeriesValues } from '../core/delta.ts';
import { histogramOf } from '../core/histogram.ts';
import type { MetricUnit } from '../core/records.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import { decodedPart, type ServerTarget } from './output-target.ts';
import { SecondClock } from './second-clock.ts';
import { RefusedError, SendQueue } from './send-queue.ts';
import { SeriesBook } from './series-book.ts';

/** One point as the package wants it. */
interface InfluxPoint {
  readonly measurement: string;
  readonly tags: Record<string, string>;
  readonly fields: Record<string, number>;
  /** Unix ms. */
  readonly timestamp: number;
}

const DATABASE = 'stressrun';
const RATIOS = [0.5, 0.9, 0.95, 0.99] as const;

/** `-o influxdb=URL/DATABASE`: InfluxDB's v1 write API, a point per series and second, with what that second brought. @throws {ConfigError} when the name of the database is none */
export async function openInflux({ name, url, auth }: ServerTarget, meta: OutputMeta): Promise<LiveOutput> {
  const { InfluxDB } = await import('influx');
  const { hostname, port, protocol, pathname } = new URL(url);
  const database = decodedPart(pathname.slice(1), { kind: 'influxdb', what: 'a database' }) || DATABASE;
  const influx = new InfluxDB({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
    protocol: protocol === 'https:' ? 'https' : 'http',
    database,
    ...(auth ?? {}),
    // trying again is the queue's: a pool that puts its only host aside would fail what could be sent
    pool: { maxRetries: 0, requestTimeout: 5_000, backoff: NO_BACK_OFF },
  });
  const book = new SeriesBook(meta.redact);
  const clock = new SecondClock();
  let isCreated = false;
  const queue = new SendQueue<InfluxPoint[]>({
    async send(points) {
      try {
        if (!isCreated) await influx.createDatabase(database).catch(ignoreRefusal);
        isCreated = true;
        await influx.writePoints(points, { precision: 'ms' });
      } catch (error) {
        throw isRefusal(error) ? new RefusedError((error as Error).message) : error;
      }
    },
  });
  return {
    name,
    second({ atMs, deltas }: OutputSecond) {
      const timestamp = clock.at(atMs);
      const points = [...book.take(deltas)].flatMap(
        ([series, delta]) => influxPointOf(series.identity, delta, { timestamp, runId: meta.runId }) ?? [],
      );
      if (points.length > 0) queue.push({ payload: points, points: points.length, bytes: points.length * POINT_BYTES });
    },
    close: () => queue.close(),
  };
}

/** About what a point takes in memory: its tags are its own. */
const POINT_BYTES = 600;
const NO_BACK_OFF = { getDelay: () => 0, next: () => NO_BACK_OFF, reset: () => NO_BACK_OFF };

/** k6's names and fields, times in ms: `sum("value")` of a counter and `mean("value")` of a rate mean what they do there. Undefined when there is nothing to say. */
function influxPointOf(
  { metric, unit, period, tags }: SeriesIdentity,
  delta: SeriesValues,
  { timestamp, runId }: { timestamp: number; runId: string },
): InfluxPoint | undefined {
  const fields = fieldsOf(delta, unit);
  if (fields === undefined) return undefined;
  const clean = Object.entries({ ...tags, period, run_id: runId }).flatMap(([tag, value]) => {
    // a line ends at a newline, and a backslash at the end would take the separator with it
    const text = value.replace(/[\r\n]+/g, ' ').replace(/\\+$/, '');
    return text === '' ? [] : [[tag, text] as const];
  });
  return { measurement: metric, tags: Object.fromEntries(clean), fields, timestamp };
}

function fieldsOf(delta: SeriesValues, unit: MetricUnit): Record<string, number> | undefined {
  if (delta.count === 0) return undefined;
  const scale = (value: number): number => (unit === 'time' ? value / 1_000 : value);
  switch (delta.type) {
    case 'counter':
      return { value: scale(delta.sum), count: delta.count };
    case 'gauge':
      return { value: delta.last };
    case 'rate':
      return { value: delta.passes / delta.count, count: delta.count, passes: delta.passes };
    case 'trend': {
      const [p50 = 0, p90 = 0, p95 = 0, p99 = 0] = (histogramOf(delta, unit).percentiles(RATIOS) ?? []).map(scale);
      const mean = scale(delta.sum) / delta.count;
      return { value: mean, count: delta.count, sum: scale(delta.sum), min: scale(delta.min), max: scale(delta.max), p50, p90, p95, p99 };
    }
  }
}

/** The server understood, and said no: HTTP 4xx. */
function isRefusal(error: unknown): boolean {
  const status = (error as { res?: { statusCode?: number } }).res?.statusCode ?? 0;
  return status >= 400 && status < 500 && status !== 429;
}

/** Whoever may write need not be allowed to create, and what speaks the protocol need not answer as InfluxDB does. */
function ignoreRefusal(error: unknown): void {
  if (!isRefusal(error) && !(error instanceof SyntaxError)) throw error;
}
