import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { SAY, saidBy, totalsOf, workerOf } from './own-worker.ts';

const SSE = { 'content-type': 'text/event-stream' };
const CHAT = ['{"role":"assistant","content":""}', '{"content":"two "}', '{"content":"cats"}'].map(
  (delta) => `data: {"choices":[{"index":0,"delta":${delta},"finish_reason":null}]}\n\n`,
);
const ROUTES: Record<string, RequestListener> = {
  '/two': (_, response) => {
    response.writeHead(200, SSE).write('data: a\n\n');
    setTimeout(() => response.end('event: b\nid: 7\ndata: {"n":[2]}\n\n'), 30);
  },
  '/endless': (_, response) => {
    const timer = setInterval(() => response.write('data: tick\n\n'), 5);
    response.writeHead(200, SSE).on('close', () => clearInterval(timer));
  },
  '/chat': (_, response) => {
    response.writeHead(200, SSE);
    const pieces = [...CHAT, 'data: {"choices":[],"usage":{"completion_tokens":7}}\n\n', 'data: [DONE]\n\n'];
    const next = (): void => {
      const piece = pieces.shift();
      if (piece === undefined) response.end();
      else response.write(piece, () => setTimeout(next, 10));
    };
    next();
  },
  '/no-words': (_, response) => void response.writeHead(200, SSE).end(`${CHAT[0]}data: [DONE]\n\n`),
  '/empty': (_, response) => void response.writeHead(200, SSE).end(),
  '/cut': (_, response) => {
    response.writeHead(200, SSE).write('data: a\n\n');
    setTimeout(() => response.destroy(), 30);
  },
};

/** What one iteration with these statements says, and the worker that it ran in. */
async function once(statements: string) {
  const worker = await workerOf(
    `import { check, http } from 'stressrun'; ${SAY}
    export default async () => { ${statements} };`,
    { routes: ROUTES },
  );
  expect(await worker.prepare(1)).toBeNull();
  await worker.run(1, 1);
  worker.runner.flush();
  return { worker, said: saidBy(worker.snapshots()), store: totalsOf(worker.snapshots()) };
}

test('events come with their names and moments, each once; the end only after the last, with numbers of the same stream', async () => {
  const { said, store } = await once(`
    const stream = await http.stream('/two');
    const [at, us] = [[], (ms) => Math.round(ms * 1000)];
    for await (const event of stream) {
      say('event', [event.index, event.type, event.id, event.data, event.bytes, event.token]);
      say('order ' + event.index, [event.sinceDueMs >= event.atMs, us(event.gapMs) === (at.length === 0 ? 0 : us(event.atMs - at.at(-1)))]);
      at.push(event.atMs);
    }
    const s = await stream.done();
    say('end', [stream.status, stream.ok, s.ok, s.error, s.isHungUp, s.events, s.bytes, s.stalls, s.isReplayed, s.isGood, s.tokens, s.text]);
    say('times', [s.firstEventMs === at[0], s.durationMs === at[1], us(s.longestGapMs) === us(at[1] - at[0]), s.firstEventSinceDueMs >= s.firstEventMs]);
    say('no tokens', [s.firstTokenMs, s.firstTokenSinceDueMs, s.perTokenMs]);
  `);
  expect(said).toEqual(
    [
      'event [0,"message","","a",7,""]',
      'event [1,"b","7","{\\"n\\":[2]}",28,""]',
      'order 0 [true,true]',
      'order 1 [true,true]',
      'end [200,true,true,"",false,2,41,0,null,null,null,""]',
      'times [true,true,true,true]',
      'no tokens [null,null,null]',
    ].sort(),
  );
  expect(store.rate('http_req_failed')).toMatchObject({ count: 1, passes: 0 });
  expect(store.counter('stream_events')).toMatchObject({ sum: 2 });
});

test('of chat the first token is the first with text on, and each further one took its share of what came after', async () => {
  const { said } = await once(`
    const s = await (await http.stream('/chat', { as: 'openai-chat' })).done();
    say('chat', [s.ok, s.events, s.tokens, s.text]);
    say('first', [s.firstTokenMs > s.firstEventMs, s.firstTokenSinceDueMs >= s.firstTokenMs, s.firstTokenSinceDueMs - s.firstTokenMs < 5000]);
    say('each', [s.perTokenMs > 0, s.firstTokenMs + 6 * s.perTokenMs <= s.durationMs + 0.01]);
    const none = await (await http.stream('/no-words', { as: 'openai-chat' })).done();
    say('none', [none.ok, none.events, none.text, none.firstTokenMs, none.perTokenMs]);
  `);
  expect(said).toEqual(['chat [true,5,7,"two cats"]', 'each [true,true]', 'first [true,true,true]', 'none [true,2,"",null,null]']);
});

test('a stream that the script leaves is hung up, which is a success; its connection is not used again', async () => {
  const { said, store, worker } = await once(`
    const stream = await http.stream('/endless');
    let seen = 0;
    for await (const event of stream) { seen = event.index; if (event.index === 2) break; }
    say('left', [seen, stream.ok]);
    const open = await http.stream('/endless');
    say('open', open.ok);
  `);
  expect(said).toEqual(['left [2,true]', 'open true']);
  expect(store.rate('http_req_failed')).toMatchObject({ count: 2, passes: 0 });
  expect([worker.runtime.crew.desk?.streams.openCount, worker.runtime.crew.desk?.inFlight]).toEqual([0, 0]);
});

test('a stream without an event, or cut in the middle, says so with its numbers', async () => {
  const { said, store } = await once(`
    for (const path of ['/empty', '/cut', '/broken']) {
      const stream = await http.stream(path, { as: 'sse' });
      const s = await stream.done();
      say(path, [stream.status, s.ok, stream.errorCode, s.events, s.firstEventMs === undefined, s.durationMs === undefined]);
      say(path + ' error', s.error !== '');
    }
    say('text', (await http.stream('/broken')).text());
  `);
  expect(said).toEqual(
    [
      '/empty [200,true,0,0,true,true]',
      '/empty error false',
      '/cut [200,false,1220,1,false,false]',
      '/cut error true',
      '/broken [500,false,1500,0,true,true]',
      '/broken error false',
      'text "{\\"ok\\":true}"',
    ].sort(),
  );
  expect(store.rate('http_req_failed')).toMatchObject({ count: 4, passes: 3 });
});
