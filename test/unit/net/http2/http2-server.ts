import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import type { Socket } from 'node:net';
import { listening } from '../servers.ts';

export const HTTP2 = { http2: { streamsMax: 100, connectionsMax: 1 } };

type Listener = (request: Http2ServerRequest, response: Http2ServerResponse) => void;

/** A server of HTTP/2 without TLS, what it has seen, and its connections. */
export async function http2Server(listener: Listener, settings: Settings = {}) {
  const sessions: ServerHttp2Session[] = [];
  const seen = { most: 0, now: 0, streams: 0 };
  const server = createServer({ settings, maxSessionMemory: 10_000 }, listener);
  const sockets: Socket[] = [];
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.on('session', (session) => {
    sessions.push(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream: ServerHttp2Stream) => {
    seen.streams++;
    seen.now++;
    seen.most = Math.max(seen.most, seen.now);
    stream.on('error', () => undefined);
    stream.on('close', () => seen.now--);
  });
  return { base: `http://127.0.0.1:${await listening(server as never)}`, sessions, sockets, seen };
}

export const readAll = async (request: Http2ServerRequest): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};
