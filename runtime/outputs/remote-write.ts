import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import type { ServerTarget } from './output-target.ts';
import { PrometheusSeries, type PromPoint } from './prometheus-series.ts';
import { SecondClock } from './second-clock.ts';
import { RefusedError, SendQueue } from './send-queue.ts';
import { type BookRow, rowsOf, SeriesBook } from './series-book.ts';

interface Push {
  readonly atMs: number;
  readonly rows: readonly BookRow[];
}

/** `-o prometheus=URL`: Prometheus' remote write, once a second; totals, so that a lost push loses no count. @see https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export async function openRemoteWrite({ name, url, auth }: ServerTarget, meta: OutputMeta): Promise<LiveOutput> {
  const { pushTimeseries } = await import('prometheus-remote-write');
  const book = new SeriesBook(meta.redact);
  const prometheus = new PrometheusSeries(meta);
  const clock = new SecondClock();
  const queue = new SendQueue<Push>({
    async send({ atMs, rows }, signal) {
      const timeseries = prometheus
        .pointsOf(rows)
        .map((point) => ({ labels: labelsOf(point), samples: [{ value: point.value, timestamp: atMs }] }));
      const result = await pushTimeseries(timeseries, {
        url,
        ...(auth === undefined ? {} : { auth: { ...auth } }),
        headers: {
          'Content-Encoding': 'snappy',
          'X-Prometheus-Remote-Write-Version': '0.1.0',
          'User-Agent': `stressrun/${meta.version}`,
        },
        fetch: (where, init) => fetch(where, { method: 'POST', headers: init?.headers ?? {}, body: init?.body as ArrayBuffer, signal }),
      });
      refuseUnlessOk(result);
    },
  });
  const push = (atMs: number, rows: BookRow[]): void => queue.push({ payload: { atMs, rows }, points: rows.length, bytes: bytesOf(rows) });
  return {
    name,
    second({ atMs, deltas }: OutputSecond) {
      const changed = book.take(deltas).keys();
      // what stays the same is forgotten after five minutes
      const rows = rowsOf(clock.isFull() ? book.all : changed);
      if (rows.length > 0) push(clock.at(atMs), rows);
    },
    close() {
      push(clock.at(Date.now()), rowsOf(book.all));
      return queue.close();
    },
  };
}

/** Prometheus wants them by name. */
function labelsOf({ name, labels }: PromPoint): { __name__: string } & Record<string, string> {
  const sorted = Object.entries({ ...labels, __name__: name }).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted) as { __name__: string } & Record<string, string>;
}

function refuseUnlessOk({ status, statusText, errorMessage }: { status: number; statusText: string; errorMessage?: string }): void {
  if (status >= 200 && status < 300) return;
  const words = `it answered ${status} ${errorMessage === undefined || errorMessage === '' ? statusText : errorMessage}`;
  if (status >= 400 && status < 500 && status !== 429) throw new RefusedError(words);
  throw new Error(words);
}

function bytesOf(rows: readonly BookRow[]): number {
  return rows.reduce((sum, { values }) => sum + 64 + 8 * values.length, 0);
}
