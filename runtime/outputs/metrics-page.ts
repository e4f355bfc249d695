import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError } from '../core/errors.ts';
import type { LiveOutput, OutputMeta, OutputSecond } from './live-output.ts';
import type { OutputTarget } from './output-target.ts';
import { PrometheusSeries } from './prometheus-series.ts';
import { prometheusText } from './prometheus-text.ts';
import { rowsOf, SeriesBook } from './series-book.ts';

/** What `/metrics` is sent as. */
export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
/** A scraper that comes regularly is waited for at the end, so that it sees the last numbers; at most so long. */
const LAST_SCRAPE_MAX_MS = 16_000;

/** The numbers of a run as a page in Prometheus' format. Must see the run's seconds from the first. */
export class MetricsPage {
  readonly #book: SeriesBook;
  readonly #prometheus: PrometheusSeries;

  constructor(meta: OutputMeta) {
    this.#book = new SeriesBook(meta.redact);
    this.#prometheus = new PrometheusSeries(meta);
  }

  second({ series }: Pick<OutputSecond, 'series'>): void {
    this.#book.take(series.all);
  }

  text(): string {
    return prometheusText(this.#prometheus.pointsOf(rowsOf(this.#book.all)));
  }
}

/** `-o metrics=[HOST:]PORT`: the page, while the run is live. @throws {ConfigError} when the port is taken */
export async function openMetricsPage(
  { name, host, port }: Extract<OutputTarget, { kind: 'metrics' }>,
  meta: OutputMeta,
): Promise<LiveOutput & { readonly port: number }> {
  const page = new MetricsPage(meta);
  const scrapes = new Scrapes();
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('the numbers are at /metrics\n');
      return;
    }
    response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE, 'cache-control': 'no-store' });
    response.end(page.text(), () => scrapes.seen(performance.now()));
  });
  await listening(server, { name, host, port });
  return {
    name,
    port: (server.address() as AddressInfo).port,
    second: (second) => page.second(second),
    async close() {
      await scrapes.last();
      server.close();
      server.closeAllConnections();
      return [];
    },
  };
}

const INTERVALS_KEPT = 4;

/** When somebody looked. */
class Scrapes {
  #lastMs: number | undefined;
  /** The last few: a look that came late makes the next one come early. */
  #intervalsMs: number[] = [];
  #onSeen: () => void = () => undefined;

  seen(nowMs: number): void {
    if (this.#lastMs !== undefined) this.#intervalsMs = [...this.#intervalsMs, nowMs - this.#lastMs].slice(-INTERVALS_KEPT);
    this.#lastMs = nowMs;
    this.#onSeen();
  }

  /** Resolves after one more look; at once when nobody looks regularly, or does so rarely. */
  async last(): Promise<void> {
    if (this.#intervalsMs.length === 0) return;
    const patienceMs = Math.max(...this.#intervalsMs) * 1.5;
    if (patienceMs > LAST_SCRAPE_MAX_MS) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, patienceMs);
      this.#onSeen = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function listening(server: Server, { name, host, port }: { name: string; host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'which is in use' : `where nothing can listen (${error.code})`;
      reject(new ConfigError('--out', `${name}: expected a free port; got ${port}, ${why}`, { cause: error }));
    });
    server.listen(port, host, () => {
      server.on('error', () => undefined); // one look that failed is no more than that
      server.unref();
      resolve();
    });
  });
}
