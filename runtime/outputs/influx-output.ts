import type { SeriesIdentity, SeriesValues } from '../core/delta.ts';
import { histogramOf } from '../core/histogram.ts';
import type { MetricUnit } from '../core/records.ts';
import { basicAuth, post } from './http-push.ts';
import { type InfluxPoint, lineProtocol } from './line-protocol.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import { decodedPart, type ServerTarget } from './output-target.ts';
import { SecondClock } from './second-clock.ts';
import { RefusedError, SendQueue } from './send-queue.ts';
import { SeriesBook } from './series-book.ts';

const DATABASE = 'stressrun';
const RATIOS = [0.5, 0.9, 0.95, 0.99] as const;

/**
 * `-o influxdb=URL/DATABASE`: InfluxDB's write API, a point per series and second, with what that second brought: version 1's, or with `?org=ORG` version 2's,
 * where the database is a bucket and the password a token.
 * @throws {ConfigError} when the name of the database is none
 */
export function openInflux(target: ServerTarget, meta: OutputMeta): LiveOutput {
  const { writeUrl, createUrl, headers } = addressesOf(target);
  const book = new SeriesBook(meta.redact);
  const clock = new SecondClock();
  let isCreated = createUrl === undefined;
  const queue = new SendQueue<InfluxPoint[]>({
    async send(points, signal) {
      if (!isCreated) await post(createUrl as string, { headers, signal }).catch(ignoreRefusal);
      isCreated = true;
      await post(writeUrl, { headers: { ...headers, 'content-type': 'text/plain; charset=utf-8' }, body: lineProtocol(points), signal });
    },
  });
  return {
    name: target.name,
    second({ atMs, series }: OutputSecond) {
      const timestamp = clock.at(atMs);
      const points = [...book.take(series.all)].flatMap(
        ([series, delta]) => influxPointOf(series.identity, delta, { timestamp, runId: meta.runId }) ?? [],
      );
      if (points.length > 0) queue.push({ payload: points, points: points.length, bytes: points.length * POINT_BYTES });
    },
    close: () => queue.close(),
  };
}

/** Where points go, and where their database is asked for: version 2 has no database that everyone may make. */
function addressesOf({ url, auth }: ServerTarget): { writeUrl: string; createUrl?: string; headers: Record<string, string> } {
  const { origin, pathname, searchParams } = new URL(url);
  const database = decodedPart(pathname.slice(1), { kind: 'influxdb', what: 'a database' }) || DATABASE;
  const org = searchParams.get('org');
  if (org === null) {
    return {
      writeUrl: `${origin}/write?${new URLSearchParams({ db: database, precision: 'ms' })}`,
      createUrl: `${origin}/query?${new URLSearchParams({ q: `CREATE DATABASE "${database.replace(/["\\]/g, '\\$&')}"` })}`,
      headers: basicAuth(auth),
    };
  }
  return {
    writeUrl: `${origin}/api/v2/write?${new URLSearchParams({ org, bucket: database, precision: 'ms' })}`,
    headers: auth === undefined ? {} : { authorization: `Token ${auth.password || auth.username}` },
  };
}

/** About what a point takes in memory: its tags are its own. */
const POINT_BYTES = 600;

/** k6's names and fields, times in ms: `sum("value")` of a counter and `mean("value")` of a rate mean what they do there. Undefined when there is nothing to say. */
function influxPointOf(
  { metric, unit, period, tags }: SeriesIdentity,
  delta: SeriesValues,
  { timestamp, runId }: { timestamp: number; runId: string },
): InfluxPoint | undefined {
  const fields = fieldsOf(delta, unit);
  if (fields === undefined) return undefined;
  return { measurement: metric, tags: { ...tags, period, run_id: runId }, fields, timestamp };
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

/** Whoever may write need not be allowed to create, and what speaks the protocol need not know of databases. */
function ignoreRefusal(error: unknown): void {
  if (!(error instanceof RefusedError)) throw error;
}
