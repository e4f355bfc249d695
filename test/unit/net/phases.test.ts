import { expect, test } from 'vitest';
import type { HttpHop } from '../../../runtime/core/records.ts';
import { ask, httpServer, rawServer, vuFor } from './servers.ts';

const BIG = Buffer.alloc(20_000_000, 'x');
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

test.each([
  ['one buffer', BIG],
  ['parts', [Buffer.from('head'), BIG, Buffer.from('tail')]],
])('20 MB as %s to a server that reads nothing for 500 ms: sending takes it, not waiting', async (_, body) => {
  const { base } = await rawServer((socket) => {
    let bytes = 0;
    socket.pause();
    setTimeout(() => socket.resume(), 500);
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes >= BIG.length + 100) socket.end(OK);
    });
  });
  const outcome = await ask(vuFor(base), base, { method: 'POST', body });
  expect(outcome.status).toBe(200);
  const hop = outcome.hops[0] as HttpHop;
  expect(hop.sendingUs).toBeGreaterThan(400_000);
  expect(hop.waitingUs).toBeLessThan(hop.sendingUs / 2);
  expect(hop.bytesSent).toBeGreaterThan(BIG.length);
});

test('an answer that begins 200 ms after the request and ends 200 ms after it began: waiting and receiving, not sending', async () => {
  const { base } = await httpServer((_, response) => {
    setTimeout(() => response.write('a'), 200);
    setTimeout(() => response.end('b'), 400);
  });
  const hop = (await ask(vuFor(base), base)).hops[0] as HttpHop;
  expect(hop.waitingUs).toBeGreaterThan(190_000);
  expect(hop.receivingUs).toBeGreaterThan(150_000);
  expect(hop.sendingUs).toBeLessThan(100_000);
});

test.each([
  ['one buffer', BIG],
  ['parts', [Buffer.from('head'), BIG]],
])('an answer that begins before 20 MB as %s are sent ends the sending: waiting is 0', async (_, body) => {
  const { base } = await rawServer((socket) => {
    socket.pause();
    setTimeout(() => socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno'), 100);
  });
  const outcome = await ask(vuFor(base), base, { method: 'POST', body });
  expect(outcome.status).toBe(413);
  expect(outcome.hops[0]?.waitingUs).toBe(0);
  expect(outcome.hops[0]?.sendingUs).toBeGreaterThan(90_000);
});

test('all phases are whole numbers from 0, and together with blocking they reach from asking to the end', async () => {
  const { base } = await httpServer((_, response) => response.end('ok'));
  const before = process.hrtime.bigint() / 1000n;
  const outcome = await ask(vuFor(base), base);
  const hop = outcome.hops[0] as HttpHop;
  const phases = [hop.blockedUs, hop.sendingUs, hop.waitingUs, hop.receivingUs];
  expect([...phases, hop.connectingUs, hop.tlsUs].filter((us) => !Number.isInteger(us) || us < 0)).toEqual([]);
  const askedAtUs = outcome.endedAtUs - phases.reduce((sum, us) => sum + us, 0);
  expect(askedAtUs).toBeGreaterThanOrEqual(Number(before) - 1000);
  expect(askedAtUs).toBeLessThanOrEqual(outcome.endedAtUs);
});

test('bytes are those on the wire: what the server read and wrote, headers included', async () => {
  let bytesRead = 0;
  const { base } = await rawServer((socket) =>
    socket.on('data', (chunk) => {
      bytesRead += chunk.length;
      socket.write(OK);
    }),
  );
  const hop = (await ask(vuFor(base), base)).hops[0] as HttpHop;
  expect(hop.bytesSent).toBe(bytesRead);
  expect(hop.bytesReceived).toBe(OK.length);
});

test('early hints at once and the answer 200 ms later: that is waiting, and no receiving', async () => {
  const { base } = await httpServer((_, response) => {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' });
    setTimeout(() => response.end('b'), 200);
  });
  const hop = (await ask(vuFor(base), base)).hops[0] as HttpHop;
  expect(hop.waitingUs).toBeGreaterThan(190_000);
  expect(hop.receivingUs).toBeLessThan(100_000);
});
