import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { onTestFinished } from 'vitest';
import type { EnvironmentPlan } from '../../../runtime/core/plan.ts';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import type { HttpRequest } from '../../../runtime/net/http-request.ts';
import { NetShared, type NetSharedOptions } from '../../../runtime/net/net-shared.ts';
import { VuHttp } from '../../../runtime/net/vu-http.ts';

/** A real HTTP server on a free port, closed with the test. */
export async function httpServer(listener: RequestListener): Promise<{ base: string; port: number; server: Server }> {
  const server = createServer(listener);
  const port = await listening(server);
  return { base: `http://127.0.0.1:${port}`, port, server };
}

/** A server that does with a connection whatever the test says. */
export async function rawServer(onSocket: (socket: Socket) => void): Promise<{ base: string; port: number; server: TcpServer }> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {}); // the client may leave first
    onSocket(socket);
  });
  const port = await listening(server);
  return { base: `http://127.0.0.1:${port}`, port, server };
}

export async function listening(server: TcpServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** How a failure ends whose connection the server had ended for its idleness. */
export const IDLE_WORDS =
  /; it had been idle for \d+ s, and the server ends such: keep_alive\.max_idle of the environment should be less than what the server allows$/;

/** A port of this machine on which nothing listens. */
export async function deadPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export function environmentOf(baseUrl: string, changes: Partial<EnvironmentPlan> = {}): EnvironmentPlan {
  return {
    name: 'local',
    baseUrl,
    target: 'remote',
    isProduction: false,
    truth: '',
    headers: {},
    auth: undefined,
    tls: { isVerified: true },
    timeoutUs: 60_000_000,
    allowHosts: [],
    usersMax: undefined,
    rpsMax: undefined,
    ...(process.env['STRESSRUN_HTTP_CLIENT'] === 'undici' ? { httpClient: 'undici' as const } : {}),
    ...changes,
  };
}

/** One VU against this environment, closed with the test. */
export function vuFor(baseUrl: string, changes: Partial<EnvironmentPlan> = {}, options: Partial<NetSharedOptions> = {}): VuHttp {
  const vu = new VuHttp(new NetShared(environmentOf(baseUrl, changes), { version: '0.2.0', ...options }));
  onTestFinished(() => vu.close());
  return vu;
}

export function requestOf(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: [], body: undefined, timeoutUs: 15_000_000, redirectsMax: 10, keepsBody: true, ...changes };
}

export function ask(vu: VuHttp, url: string, changes: Partial<HttpRequest> = {}): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    vu.request(requestOf(url, changes), resolve);
  });
}

/** A promise and what resolves it. */
export function signal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
