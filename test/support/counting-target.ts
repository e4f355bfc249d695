import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A server that remembers when it had answered what: the truth to hold a journal against. */
export interface CountingTarget {
  readonly url: string;
  /** Answers that had been handed to the system by then, Unix ms; without a moment: all so far. */
  answered(byMs?: number): number;
  /** Requests that had come so far. */
  asked(): number;
}

const closers = new Set<() => void>();
afterAll(() => {
  for (const close of closers) close();
});

export async function startCountingTarget(): Promise<CountingTarget> {
  const answeredAtMs: number[] = [];
  let asked = 0;
  const server = createServer((request, response) => {
    if (request.url === '/health') return void response.end('{"status":"ok"}'); // asked by the program, and not counted by it
    asked++;
    response.end('{"status":"ok"}', () => answeredAtMs.push(Date.now()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.add(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: (byMs = Number.POSITIVE_INFINITY) => answeredAtMs.filter((atMs) => atMs <= byMs).length,
    asked: () => asked,
  };
}
