import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** How a path is answered; nothing said: at once, with 200 and `{"status":"ok"}`. */
interface Behaviour {
  /** From the last byte of the request to the first of the answer. */
  readonly delayMs?: number;
  /** One request of the path after the other, each of which takes so long: 1000 / turnMs is what it does a second. */
  readonly turnMs?: number;
  /** From the first byte of the answer to its last. */
  readonly answerOverMs?: number;
  /** Every so manyth request of the path is answered with a 500. */
  readonly failEveryNth?: number;
  /** Every so manyth request of the path is never answered. */
  readonly stallEveryNth?: number;
  /** Nothing is answered for so long, from so long after the path's first request on; then everything that waited is, at once. */
  readonly stall?: { readonly afterMs: number; readonly forMs: number };
  /** The connection is reset when half of the answer's body is out. */
  readonly resetsInBody?: boolean;
  /** The request's body is left unread for so long, at its beginning and again after each of so many bytes. */
  readonly reading?: { readonly pauseMs: number; readonly atBytes: readonly number[] };
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whatever depends on the request; comes before the fixed answer above. */
  answer?(request: SeenRequest): { status?: number; headers?: Record<string, string>; body?: string };
}

/** A request as the server saw it, with its own times. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** 1-based number among those of the path. */
  readonly serial: number;
  /** On this process's clock. */
  readonly atMs: number;
  bodyBytes: number;
  /** 0 while there is no answer. */
  status: number;
  /** From the head of the request to the last byte of its body. */
  readMs: number;
  /** From there to the first byte of the answer. */
  waitedMs: number;
  /** From the head of the request to the last byte of the answer handed over. */
  serviceMs: number;
}

/** A server of the test's own, in its process, that keeps a record to hold the program against. */
export interface TargetServer {
  readonly url: string;
  /** All requests, in the order they came. */
  readonly seen: SeenRequest[];
  /** Requests by path. */
  counts(): Record<string, number>;
  close(): Promise<void>;
}

const open = new Set<TargetServer>();
afterAll(() => Promise.all([...open].map((target) => target.close())));

/** Starts a server on a free port of 127.0.0.1, until `close` or the end of the file. */
export async function startTarget(paths: Readonly<Record<string, Behaviour>> = {}): Promise<TargetServer> {
  const seen: SeenRequest[] = [];
  const firsts = new Map<string, First>();
  const server = createServer((message, response) => {
    const request = newRequest(message, firsts);
    seen.push(request);
    const behaviour = paths[request.path] ?? {};
    serve({ message, response }, request, { behaviour, first: firsts.get(request.path) as First }).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const target: TargetServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    counts: () => {
      const counts: Record<string, number> = {};
      for (const { path } of seen) counts[path] = (counts[path] ?? 0) + 1;
      return counts;
    },
    close: () => {
      open.delete(target);
      return closed(server);
    },
  };
  open.add(target);
  return target;
}

/** Of a path: its first request, how many came, and when all of them are done where they are served one by one. */
interface First {
  readonly atMs: number;
  count: number;
  busyUntilMs: number;
}

function newRequest(message: IncomingMessage, firsts: Map<string, First>): SeenRequest {
  const url = new URL(message.url ?? '', 'http://target');
  const atMs = performance.now();
  const first = firsts.get(url.pathname) ?? { atMs, count: 0, busyUntilMs: 0 };
  first.count++;
  firsts.set(url.pathname, first);
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: message.headers,
    serial: first.count,
    atMs,
    bodyBytes: 0,
    status: 0,
    readMs: 0,
    waitedMs: 0,
    serviceMs: 0,
  };
}

async function serve(
  { message, response }: { message: IncomingMessage; response: ServerResponse },
  request: SeenRequest,
  { behaviour, first }: { behaviour: Behaviour; first: First },
): Promise<void> {
  const beganAtMs = performance.now();
  await read(message, request, behaviour.reading);
  const readAtMs = performance.now();
  request.readMs = readAtMs - beganAtMs;
  if (isNth(request, behaviour.stallEveryNth)) return;
  if (behaviour.delayMs !== undefined) await pause(behaviour.delayMs);
  if (behaviour.turnMs !== undefined) await turnOf(first, behaviour.turnMs);
  if (behaviour.stall !== undefined) await stallLeft(behaviour.stall, first.atMs);

  const own = behaviour.answer?.(request) ?? {};
  const status = isNth(request, behaviour.failEveryNth) ? 500 : (own.status ?? behaviour.status ?? 200);
  const body = Buffer.from(own.body ?? behaviour.body ?? '{"status":"ok"}');
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...behaviour.headers, ...own.headers });
  request.status = status;
  request.waitedMs = performance.now() - readAtMs;
  if (behaviour.resetsInBody === true) {
    response.write(body.subarray(0, body.length / 2), () => message.socket.resetAndDestroy());
    return;
  }
  response.write(body.subarray(0, 1));
  if (behaviour.answerOverMs !== undefined) await pause(behaviour.answerOverMs);
  response.end(body.subarray(1), () => {
    request.serviceMs = performance.now() - beganAtMs;
  });
}

async function turnOf(path: First, turnMs: number): Promise<void> {
  const nowMs = performance.now();
  path.busyUntilMs = Math.max(nowMs, path.busyUntilMs) + turnMs;
  await pause(path.busyUntilMs - nowMs);
}

async function stallLeft({ afterMs, forMs }: NonNullable<Behaviour['stall']>, firstAtMs: number): Promise<void> {
  const sinceMs = performance.now() - firstAtMs;
  if (sinceMs >= afterMs && sinceMs < afterMs + forMs) await pause(afterMs + forMs - sinceMs);
}

async function read(message: IncomingMessage, request: SeenRequest, reading: Behaviour['reading']): Promise<void> {
  const stops = [...(reading?.atBytes ?? [])];
  if (reading !== undefined) await pause(reading.pauseMs);
  for await (const chunk of message as AsyncIterable<Buffer>) {
    request.bodyBytes += chunk.length;
    if (stops[0] === undefined || request.bodyBytes < stops[0]) continue;
    stops.shift();
    await pause(reading?.pauseMs);
  }
}

function isNth({ serial }: SeenRequest, every: number | undefined): boolean {
  return every !== undefined && serial % every === 0;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
