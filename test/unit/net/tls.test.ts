import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import type { HttpHop } from '../../../runtime/core/records.ts';
import { NetShared } from '../../../runtime/net/net-shared.ts';
import { ask, environmentOf, httpServer, listening, rawServer, vuFor } from './servers.ts';

// Self-signed for localhost and 127.0.0.1; made for these tests, of no use elsewhere.
const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const [cert, key] = [fixture('localhost-cert.pem'), fixture('localhost-key.pem')];

async function httpsServer(options: object = {}): Promise<{ base: string; port: number; server: Server }> {
  const server = createServer({ cert, key, ...options }, (_, response) => response.end('secret'));
  const port = await listening(server);
  return { base: `https://127.0.0.1:${port}`, port, server };
}

test('with the right authority a request over TLS has a TLS time, and counts the bytes of the handshake', async () => {
  const { base } = await httpsServer();
  const vu = vuFor(base, { tls: { isVerified: true, ca: cert } });
  const [first, second] = [await ask(vu, base), await ask(vu, base)];
  expect(first.body?.toString()).toBe('secret');
  const [hop, next] = [first.hops[0], second.hops[0]] as [HttpHop, HttpHop];
  expect(hop.tlsUs).toBeGreaterThan(0);
  expect(hop.connectingUs).toBeGreaterThan(0);
  expect(hop.blockedUs).toBeGreaterThanOrEqual(hop.connectingUs + hop.tlsUs);
  expect(next).toMatchObject({ tlsUs: 0, connectingUs: 0 });
  expect(next.bytesSent).toBeGreaterThan(100);
  expect(hop.bytesSent).toBeGreaterThan(next.bytesSent + 200);
  expect(hop.bytesReceived).toBeGreaterThan(next.bytesReceived + 500);
});

test('20 MB over TLS to a server that reads nothing for 500 ms: sending takes it', async () => {
  const server = createServer({ cert, key }, (request, response) => {
    setTimeout(() => request.resume().on('end', () => response.end('ok')), 500);
  });
  const base = `https://127.0.0.1:${await listening(server)}`;
  const outcome = await ask(vuFor(base, { tls: { isVerified: false } }), base, { method: 'POST', body: Buffer.alloc(20_000_000) });
  expect(outcome.status).toBe(200);
  expect(outcome.hops[0]?.sendingUs).toBeGreaterThan(400_000);
});

test('an unknown authority is tls-failed with 1310; with isVerified: false it is not looked at', async () => {
  const { base } = await httpsServer();
  const outcome = await ask(vuFor(base), base);
  expect(outcome).toMatchObject({ kind: 'tls-failed', errorCode: 1310, status: 0 });
  expect(outcome.error).toContain('add it as tls.ca of the environment');
  expect(outcome.hops[0]?.connectingUs).toBeGreaterThan(0);
  expect((await ask(vuFor(base, { tls: { isVerified: false } }), base)).status).toBe(200);
});

test('a certificate for another name is tls-failed with 1311, unless serverName is the name it is for', async () => {
  const { base: named } = await httpsServer();
  expect(await ask(vuFor(named, { tls: { isVerified: true, ca: cert, serverName: 'other.example' } }), named)).toMatchObject({
    kind: 'tls-failed',
    errorCode: 1311,
  });
  expect(await ask(vuFor(named, { tls: { isVerified: true, ca: cert, serverName: 'localhost' } }), named)).toMatchObject({
    kind: 'response',
    status: 200,
  });
});

test('the client shows its certificate when it has one', async () => {
  const { base } = await httpsServer({ requestCert: true, rejectUnauthorized: true, ca: cert });
  expect((await ask(vuFor(base, { tls: { isVerified: true, ca: cert, cert, key } }), base)).status).toBe(200);
  expect((await ask(vuFor(base, { tls: { isVerified: true, ca: cert } }), base)).kind).not.toBe('response');
});

test('https to a port that speaks http is tls-failed with 1301', async () => {
  const { port } = await httpServer((_, response) => response.end('ok'));
  const base = `https://127.0.0.1:${port}`;
  expect(await ask(vuFor(base), base)).toMatchObject({ kind: 'tls-failed', errorCode: 1301 });
});

test('a server that ends the handshake is tls-failed with 1300', async () => {
  const { port } = await rawServer((socket) => socket.once('data', () => socket.end()));
  const base = `https://127.0.0.1:${port}`;
  expect(await ask(vuFor(base), base)).toMatchObject({ kind: 'tls-failed', errorCode: 1300 });
});

test('a handshake that is not through within 100 ms is a timeout of the connection: 1211', async () => {
  const { port } = await rawServer((socket) => socket.resume());
  const base = `https://127.0.0.1:${port}`;
  const outcome = await ask(vuFor(base), base, { timeoutUs: 100_000 });
  expect(outcome).toMatchObject({ kind: 'timeout', errorCode: 1211, error: `${base}: no connection within 100ms` });
});

test('TLS material that is no PEM is a ConfigError of the environment, before any request', () => {
  const shared = (): NetShared =>
    new NetShared(environmentOf('https://a.example', { tls: { isVerified: true, cert: 'no', key: 'no' } }), { version: '1' });
  expect(shared).toThrow(ConfigError);
  expect(shared).toThrow(/^environments\.local\.tls: expected PEM text/);
});
