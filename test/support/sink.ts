import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a sink took. */
export interface SunkRequest {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server that keeps what it is sent, and answers as told. */
export interface Sink {
  readonly url: string;
  readonly seen: SunkRequest[];
  /** An OTLP metric by its name, of the last request that has it. */
  metric(name: string): unknown;
  close(): void;
}

/** @param answer - `status` undefined: never answers; a list: one request after the other, the last for all that follow */
export async function startSink(answer: { status: number | readonly number[] | undefined; body?: string }): Promise<Sink> {
  const seen: SunkRequest[] = [];
  const statusOf = (i: number): number | undefined =>
    typeof answer.status === 'object' ? (answer.status[i] ?? answer.status.at(-1)) : answer.status;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ url: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
      const status = statusOf(seen.length - 1);
      if (status !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end(answer.body ?? '');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    metric: (name) => seen.flatMap(({ body }) => metricsOf(body)).findLast((metric) => metric.name === name),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface OtlpMetric {
  readonly name: string;
  readonly sum?: { readonly dataPoints: readonly { readonly asDouble?: number; readonly asInt?: number }[] };
}

/** The metrics of an OTLP export in JSON. */
export function metricsOf(body: Buffer): OtlpMetric[] {
  const { resourceMetrics } = JSON.parse(body.toString()) as {
    resourceMetrics: { scopeMetrics: { metrics: OtlpMetric[] }[] }[];
  };
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
}
