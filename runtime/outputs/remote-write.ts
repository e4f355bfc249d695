import { basicAuth, post } from './http-push.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import type { ServerTarget } from './output-target.ts';
import { PrometheusSeries } from './prometheus-series.ts';
import { SecondClock } from './second-clock.ts';
import { SendQueue } from './send-queue.ts';
import { type BookRow, rowsOf, SeriesBook } from './series-book.ts';
import { snappyBlock } from './snappy.ts';
import { WriteRequests } from './write-request.ts';

interface Push {
  readonly atMs: number;
  readonly rows: readonly BookRow[];
}

/** `-o prometheus=URL`: Prometheus' remote write, once a second; totals, so that a lost push loses no count. @see https://prometheus.io/docs/specs/prw/remote_write_spec/ */
export function openRemoteWrite({ name, url, auth }: ServerTarget, meta: OutputMeta): LiveOutput {
  const book = new SeriesBook(meta.redact);
  const prometheus = new PrometheusSeries(meta);
  const requests = new WriteRequests();
  const clock = new SecondClock();
  const headers = {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
    'user-agent': `stressrun/${meta.version}`,
    ...basicAuth(auth),
  };
  const queue = new SendQueue<Push>({
    send: ({ atMs, rows }, signal) => post(url, { headers, body: snappyBlock(requests.encode(prometheus.pointsOf(rows), atMs)), signal }),
  });
  const push = (atMs: number, rows: BookRow[]): void => queue.push({ payload: { atMs, rows }, points: rows.length, bytes: bytesOf(rows) });
  return {
    name,
    second({ atMs, series }: OutputSecond) {
      const changed = book.take(series.all).keys();
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

function bytesOf(rows: readonly BookRow[]): number {
  return rows.reduce((sum, { values }) => sum + 64 + 8 * values.length, 0);
}
