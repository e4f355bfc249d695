import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import { afterAll } from 'vitest';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');
const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNK = Buffer.alloc(65_536, 'x');

/** What is done to whoever asks for a path; the whole request has come by then. */
type Hostility = (socket: Socket) => void;

/** Writes on and on, as fast as the other side reads. */
function pour(socket: Socket, bytes: () => Buffer | string): void {
  const go = (): void => {
    while (!socket.destroyed && socket.write(bytes()));
  };
  socket.on('drain', go);
  go();
}

/** Writes a little at a time. */
function drip(socket: Socket, text: string, everyMs: number): void {
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(text)), everyMs);
  socket.once('close', () => clearInterval(timer));
}

/** The whole of an answer. */
function answer(socket: Socket, headers: readonly string[], body: Buffer): void {
  socket.write(`${OK}${headers.map((header) => `${header}\r\n`).join('')}content-length: ${body.length}\r\n\r\n`);
  socket.write(body);
}

/** 10 GB of zeros in 10 MB: the same gzip member again and again, which a decoder takes for one text. */
const GZIP_BOMB = Buffer.concat(Array<Buffer>(160).fill(gzipSync(Buffer.alloc(64 << 20))));

/** A picture of few bytes that says it has 60,000 × 60,000 pixels. */
function pngBomb(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(60_000, 0);
  header.writeUInt32BE(60_000, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body) >>> 0, 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1 << 20))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const HOSTILITIES: Readonly<Record<string, Hostility>> = {
  '/health': (socket) => answer(socket, [], Buffer.from('{"status":"ok"}')),
  '/endless-headers': (socket) => {
    let n = 0;
    socket.write(OK);
    pour(socket, () => `x-${n++}: ${'y'.repeat(1_000)}\r\n`);
  },
  '/header-drip': (socket) => {
    socket.write(OK);
    drip(socket, 'x-slow: y\r\n', 100);
  },
  '/endless-body': (socket) => {
    socket.write(`${OK}\r\n`);
    pour(socket, () => CHUNK);
  },
  '/gzip-bomb': (socket) => answer(socket, ['content-encoding: gzip'], GZIP_BOMB),
  '/ten-gigabytes': (socket) => socket.write(`${OK}content-length: 10000000000\r\n\r\nso little`),
  '/redirect-loop': (socket) => socket.write('HTTP/1.1 302 Found\r\nlocation: /redirect-loop\r\ncontent-length: 0\r\n\r\n'),
  '/no-http': (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  '/garbage-status': (socket) => socket.write('HTTP/9.99 9999999 \u0000\u0001\r\n\r\n'),
  '/reset-in-body': (socket) => socket.write(`${OK}content-length: 1000\r\n\r\nhalf`, () => setTimeout(() => socket.resetAndDestroy(), 20)),
  '/close-before-answer': (socket) => socket.end(),
  '/slow-body': (socket) => {
    socket.write(`${OK}content-length: 1000\r\n\r\n`);
    drip(socket, 'x', 1_000);
  },
  '/huge-chunk-extension': (socket) => {
    socket.write(`${OK}transfer-encoding: chunked\r\n\r\n5;`);
    pour(socket, () => CHUNK);
  },
  '/two-lengths': (socket) => socket.write(`${OK}content-length: 5\r\ncontent-length: 50\r\n\r\nhello`),
  '/length-and-chunks': (socket) => socket.write(`${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\nhello`),
  '/bad-gzip': (socket) => answer(socket, ['content-encoding: gzip'], Buffer.from('no gzip at all')),
  '/not-json': (socket) => answer(socket, ['content-type: application/json'], Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22])),
  '/png-bomb': (socket) => answer(socket, ['content-type: image/png'], pngBomb()),
  '/no-picture': (socket) =>
    answer(
      socket,
      ['content-type: application/json'],
      Buffer.from(JSON.stringify({ image: Buffer.from('no picture').toString('base64') })),
    ),
};

/** Addresses of a target that does everything wrong. */
export interface HostileServer {
  readonly url: string;
  /** Of a server that answers in plain text whatever comes: no TLS. */
  readonly plainPort: number;
  /** Of one whose certificate nobody signed. */
  readonly unsignedPort: number;
}

const open = new Set<{ server: Server; sockets: Set<Socket> }>();
afterAll(() => {
  for (const { server, sockets } of open) {
    server.close();
    for (const socket of sockets) socket.destroy();
  }
});

export async function startHostileServer(): Promise<HostileServer> {
  const port = await listening(createServer((socket) => onRequest(socket)));
  const plainPort = await listening(createServer((socket) => void socket.on('data', () => socket.write(`${OK}\r\nplain`))));
  const key = readFileSync(join(FIXTURES, 'localhost-key.pem'));
  const cert = readFileSync(join(FIXTURES, 'localhost-cert.pem'));
  const unsignedPort = await listening(createTlsServer({ key, cert }));
  return { url: `http://127.0.0.1:${port}`, plainPort, unsignedPort };
}

function onRequest(socket: Socket): void {
  let head = '';
  socket.on('data', (chunk: Buffer) => {
    head += chunk.toString('latin1');
    if (!head.includes('\r\n\r\n')) return;
    const path = head.split(' ')[1] ?? '';
    head = '';
    HOSTILITIES[path]?.(socket);
  });
}

async function listening(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  open.add({ server, sockets });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}
