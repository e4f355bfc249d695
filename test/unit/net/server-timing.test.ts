import { expect, test } from 'vitest';
import { HeaderBuffers } from '../../../runtime/net/response-headers.ts';
import { parseServerTiming, ServerTimingReader } from '../../../runtime/net/server-timing.ts';
import { ask, httpServer, vuFor } from './servers.ts';

function parsed(text: string): Record<string, number> {
  const parts = new Map<string, number>();
  parseServerTiming(text, parts);
  return Object.fromEntries(parts);
}

test.each([
  ['one part', 'queue;dur=1.5', { queue: 1500 }],
  ['three, with spaces', ' queue ; dur = 1 ,inference;dur=20.25 , post; dur=.5', { queue: 1000, inference: 20_250, post: 500 }],
  ['a description with commas and semicolons', 'db;desc="a, b;dur=9 \\"c\\"";dur=7', { db: 7000 }],
  ['a quoted duration', 'db;dur="12"', { db: 12_000 }],
  ['only the first duration of a part counts', 'db;dur=1;dur=2', { db: 1000 }],
  ['a part given twice is the sum', 'db;dur=1, cache;dur=5, db;dur=2', { db: 3000, cache: 5000 }],
  ['parameters in any case, others passed over', 'db;x;Desc=y;DUR=3e1', { db: 30_000 }],
  ['a part without a duration says nothing', 'hit, miss;desc=x, db;dur=1', { db: 1000 }],
  ['no number, below 0, not finite', 'a;dur=x, b;dur=-1, c;dur=Infinity, d;dur=1e999, e;dur=, f;dur=0x10, g;dur=1', { g: 1000 }],
  ['rubbish around it', ',;=,"x";dur=3,db;dur=1;,', { db: 1000 }],
  ['a quote that does not end', 'a;desc="x, b;dur=1', { b: 1000 }],
  ['nothing', '', {}],
])('Server-Timing: %s', (_, text, expected) => {
  expect(parsed(text)).toEqual(expected);
});

test('of 40 parts the first 16 are kept, and of a name its first 64 characters', () => {
  const names = Object.keys(parsed(Array.from({ length: 40 }, (_, i) => `part${i}-${'x'.repeat(100)};dur=1`).join(',')));
  expect(names).toHaveLength(16);
  expect(new Set(names.map((name) => name.length))).toEqual(new Set([64]));
});

test('a header of 16,000 characters that is none is read in a moment', () => {
  const before = performance.now();
  for (const text of ['";'.repeat(8000), ';'.repeat(16_000), '"\\'.repeat(8000), 'a;b='.repeat(4000)]) parsed(text);
  expect(performance.now() - before).toBeLessThan(2000);
});

const raw = (...flat: string[]): HeaderBuffers => new HeaderBuffers(flat.map((text) => Buffer.from(text)));

test.each([
  ['12.5', 12_500],
  ['12ms', 12_000],
  ['0.3s', 300_000],
  [' 800 us ', 800],
])('a configured header of %j is %i µs', (value, us) => {
  const reader = new ServerTimingReader({ inference: 'X-Inference-Time' });
  expect(reader.read(raw('x-inference-time', value))).toEqual([{ part: 'inference', us }]);
});

test.each(['', 'fast', '-1', '1.2.3', '3 min', 'NaN'])('a configured header of %j says nothing', (value) => {
  expect(new ServerTimingReader({ inference: 'x-inference-time' }).read(raw('x-inference-time', value))).toBeUndefined();
});

test('a configured header goes before the same part of Server-Timing; both headers count, and a second Server-Timing is added', () => {
  const reader = new ServerTimingReader({ queue: 'x-queue' });
  const headers = raw('Server-Timing', 'queue;dur=1, db;dur=2', 'X-Queue', '9', 'server-timing', 'db;dur=3');
  expect(reader.read(headers)).toEqual([
    { part: 'queue', us: 9000 },
    { part: 'db', us: 5000 },
  ]);
});

test('an answer has the server timings of its last hop, and none when it says nothing', async () => {
  const { base } = await httpServer((request, response) => {
    if (request.url === '/away') response.writeHead(302, { location: '/there', 'server-timing': 'gate;dur=99' }).end();
    else if (request.url === '/there') response.writeHead(200, { 'server-timing': 'queue;dur=4', 'x-model': '0.02s' }).end('ok');
    else response.end('ok');
  });
  const vu = vuFor(base, { serverTimingHeaders: { model: 'x-model' } });
  expect((await ask(vu, `${base}/away`)).serverTimings).toEqual([
    { part: 'queue', us: 4000 },
    { part: 'model', us: 20_000 },
  ]);
  expect((await ask(vu, `${base}/`)).serverTimings).toBeUndefined();
});
