import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';

type Route = (response: ServerResponse, request: IncomingMessage) => void;
const SSE = { 'content-type': 'text/event-stream' };

const CHAT = ['{"role":"assistant","content":""}', '{"content":"two "}', '{"reasoning_content":"hm"}', '{"content":"cats"}'].map(
  (delta) => `{"choices":[{"index":0,"delta":${delta},"finish_reason":null}]}`,
);
const RESPONSES: readonly (readonly [type: string, more: object])[] = [
  ['response.created', { response: { usage: null } }],
  ['response.output_item.added', { item: { type: 'message' } }],
  ['response.output_text.delta', { delta: 'two ' }],
  ['response.output_text.delta', { delta: 'cats' }],
  ['response.output_text.done', { text: 'two cats' }],
  ['response.completed', { response: { usage: { output_tokens: 5 } } }],
];
const USAGE = '{"choices":[],"usage":{"completion_tokens":7}}';

/** Sends one piece a turn of the timer, so that each is a write of its own. */
function send(response: ServerResponse, pieces: readonly string[]): void {
  const [piece, ...rest] = pieces;
  if (piece === undefined) response.end();
  else {
    response.write(piece);
    setTimeout(() => send(response, rest), 20);
  }
}

const ROUTES: Record<string, Route> = {
  '/health': (response) => void response.end('{}'),
  '/three': (response) =>
    send(response.writeHead(200, SSE), ['data: a\n\n', ': ping\n\nevent: b\nid: 7\ndata: {"n":[2]}\n\n', 'data: c\n\n']),
  '/endless': (response) => {
    const timer = setInterval(() => response.write('data: tick\n\n'), 5);
    response.writeHead(200, SSE).on('close', () => clearInterval(timer));
  },
  '/flood': (response) => void response.writeHead(200, SSE).write('data: a\n\n'.repeat(20)),
  '/busy': (response) => void response.writeHead(503).end('no slot'),
  '/cut': (response) => {
    response.writeHead(200, SSE).write('data: a\n\n');
    setTimeout(() => response.destroy(), 50);
  },
  '/silent': (response) => void response.writeHead(200, SSE).write(': ping\n\n'),
  '/chat': (response) =>
    send(
      response.writeHead(200, SSE),
      [...CHAT, USAGE, '[DONE]'].map((data) => `data: ${data}\n\n`),
    ),
  '/chat-ends': (response) =>
    send(
      response.writeHead(200, SSE),
      CHAT.map((data) => `data: ${data}\n\n`),
    ),
  '/chat-error': (response) =>
    send(response.writeHead(200, SSE), [`data: ${CHAT[1]}\n\n`, 'data: {"error":{"message":"out of memory"}}\n\n', 'data: [DONE]\n\n']),
  '/responses': (response) =>
    send(
      response.writeHead(200, SSE),
      RESPONSES.map(([type, more]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`),
    ),
  '/responses-fail': (response) =>
    send(response.writeHead(200, SSE), [
      'event: response.created\ndata: {"type":"response.created"}\n\n',
      'event: response.failed\ndata: {"type":"response.failed","response":{"error":{"code":"server_error","message":"no memory"}}}\n\n',
    ]),
  '/whole': (response) => void response.writeHead(200, { ...SSE, 'content-length': 50 }).end('data: 1234\n\n'.repeat(4).concat(':\n')),
  '/lines': (response) => send(response.writeHead(200, { 'content-type': 'application/x-ndjson' }), ['{"a":1}\n', '{"a":2}']),
  '/camera': (response) =>
    send(
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=f' }),
      Array.from({ length: 3 }, () => '--f\r\ncontent-type: image/jpeg\r\ncontent-length: 4\r\n\r\njpeg\r\n'),
    ),
};

/** Runs an iteration once against a server with these routes. */
async function once(iteration: string, environment = '') {
  let connections = 0;
  let closed = 0;
  const server = createServer((request, response) => (ROUTES[request.url ?? ''] as Route)(response, request));
  server.on('connection', (socket) => {
    connections++;
    socket.on('close', () => closed++);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${base}"${environment} } }\nhealth_check: { path: /health, expect: {} }\n`,
    'a.ts': `import { check, http } from 'stressrun';
      const say = (name: string, value: unknown) => check(value, { [name + ' ' + JSON.stringify(value)]: () => true });
      export default async () => {\n${iteration}\n};`,
  });
  const { run } = await load([at('a.ts'), '--env', 't', '--once']);
  return { run, said: run.checks.map(({ name }) => name).sort(), seen: { connections, closed } };
}

const sorted = (texts: string[]): string[] => texts.sort();

/** Values of a metric in the run. */
const valuesOf = (run: { metrics: Record<string, { values: Record<string, number> }> }, name: string) => run.metrics[name]?.values;

test('the events of SSE come in order with their names, and a whole stream leaves its connection to the next request', async () => {
  const { run, said, seen } = await once(`
    const stream = await http.stream('/three');
    let [before, rising] = [0, true];
    for await (const event of stream) {
      say('event', [event.index, event.type, event.id, event.data, event.bytes]);
      rising = rising && event.atMs >= before && // a busy machine may read two at once
        event.sinceDueMs >= event.atMs && event.gapMs <= event.atMs;
      before = event.atMs;
      if (event.type === 'b') say('json', event.json('n.0'));
    }
    say('end', [stream.status, stream.ok, stream.error, rising, stream.headers['content-type']]);
    await http.get('/health');
  `);
  expect(said).toEqual(
    sorted([
      'event [0,"message","","a",7]',
      'event [1,"b","7","{\\"n\\":[2]}",28]',
      'json 2',
      'event [2,"message","7","c",7]',
      'end [200,true,"",true,"text/event-stream"]',
    ]),
  );
  expect(seen.connections).toBe(2); // one of the health check
  expect([valuesOf(run, 'stream_events')?.['count'], run.requests.find(({ name }) => name === '/three')?.failed]).toEqual([3, 0]);
  expect(Object.keys(run.metrics).filter((name) => name.startsWith('stream_'))).toEqual(
    expect.arrayContaining(['stream_duration', 'stream_first_event', 'stream_first_event_due', 'stream_gap']),
  );
});

test('leaving the loop hangs up, which is a success; so does the end of an iteration that left a stream open', async () => {
  const { run, said, seen } = await once(`
    const stream = await http.stream('/endless', { name: 'left' });
    for await (const event of stream) if (event.index === 2) break;
    const open = await http.stream('/endless', { name: 'open' });
    say('ok', [stream.ok, open.ok]);
  `);
  expect(said).toEqual(['ok [true,true]']);
  expect(run.requests.filter(({ name }) => name !== 'Aggregated').map(({ name, count, failed }) => [name, count, failed])).toEqual([
    ['left', 1, 0],
    ['open', 1, 0],
  ]);
  expect(seen.connections).toBe(3);
});

test('what ends a stream in disorder is a failed request with its reason; one that never began has its body', async () => {
  const { run, said } = await once(`
    const endOf = async (url: string, options = {}) => {
      const stream = await http.stream(url, options);
      for await (const _ of stream) { /* to its end */ }
      say(url, [stream.status, stream.ok, stream.errorCode]);
      return stream;
    };
    say('body', (await endOf('/busy')).text());
    await endOf('/cut');
    await endOf('/silent', { firstEventTimeout: '200ms' });
    await endOf('/endless', { idleTimeout: '20s', maxBytes: 100 });
    await endOf('/three', { as: 'json-lines' });
    await endOf('/health');
    await endOf('/chat-ends', { as: 'openai-chat' });
    await endOf('/chat-error', { as: 'openai-chat' });
  `);
  expect(said).toEqual(
    sorted([
      '/busy [503,false,1503]',
      'body "no slot"',
      ...['/cut [200,false,1220]', '/silent [200,false,1050]', '/endless [200,false,1000]', '/three [200,false,1000]'],
      ...['/health [0,false,1000]', '/chat-ends [200,false,1000]', '/chat-error [200,false,1000]'],
    ]),
  );
  const samples = Object.fromEntries(run.errors.map(({ name, sample }) => [name, sample]));
  expect(samples['/silent']).toContain('no event within 200ms (firstEventTimeout of the request)');
  expect(samples['/endless']).toContain('maxBytes');
  expect(samples['/three']).toContain('expected a JSON value');
  expect(samples['/health']).toContain('as: of the request says how to read it');
  expect(samples['/chat-ends']).toContain('without [DONE] or a finish_reason');
  expect(samples['/chat-error']).toContain('out of memory');
});

test('done() gives a stream in numbers: of chat its tokens by the usage of the server, from the first with text on', async () => {
  const { run, said } = await once(`
    const s = await (await http.stream('/chat', { as: 'openai-chat', json: {}, method: 'GET', goals: { firstToken: '20s', perToken: '10s' } })).done();
    say('chat', [s.ok, s.events, s.tokens, s.text, s.isGood]);
    say('times', [s.firstTokenMs! >= s.firstEventMs!, s.firstTokenSinceDueMs! >= s.firstTokenMs!, s.perTokenMs! * 6 <= s.durationMs!]);
    const strict = await (await http.stream('/chat', { as: 'openai-chat', goals: { firstToken: '1ms' } })).done();
    say('strict', [strict.ok, strict.isGood]);
    const r = await (await http.stream('/responses', { as: 'openai-responses', json: {}, name: 'r', method: 'GET' })).done();
    say('responses', [r.ok, r.events, r.tokens, r.text]);
    say('its times', [r.firstTokenMs! >= r.firstEventMs!, r.perTokenMs! * 4 <= r.durationMs! - r.firstTokenMs! + 0.01]);
    const failed = await (await http.stream('/responses-fail', { as: 'openai-responses' })).done();
    say('failed', [failed.ok, /no memory/.test(failed.error)]);
  `);
  expect(said).toEqual(
    sorted([
      'chat [true,6,7,"two hmcats",true]',
      'times [true,true,true]',
      'strict [true,false]',
      'responses [true,6,5,"two cats"]',
      'its times [true,true]',
      'failed [false,true]',
    ]),
  );
  expect(valuesOf(run, 'stream_tokens')?.['count']).toBe(14 + 5);
  expect(run.streams?.find(({ name }) => name === 'r')).toMatchObject({ streams: 1, events: 6, tokens: 5, stalls: null, goodRatio: null });
  expect(valuesOf(run, 'stream_good')).toMatchObject({ rate: 0.5 });
});

test('JSON lines, frames of a camera, and an answer that was whole before it was sent', async () => {
  const { said } = await once(`
    for await (const event of await http.stream('/lines')) say('line', event.json('a'));
    for await (const event of await http.stream('/camera')) say('frame ' + event.index, [event.type, event.bytes, event.data]);
    say('whole', (await (await http.stream('/whole')).done()).isReplayed);
    say('bytes', (await (await http.stream('/three', { as: 'chunks' })).done()).bytes);
  `);
  expect(said).toEqual(
    sorted([...['line 1', 'line 2', ...[0, 1, 2].map((i) => `frame ${i} ["image/jpeg",4,""]`), 'whole true'], `bytes ${9 + 40 + 9}`]),
  );
});

test('a script that does not read hangs up with an error of its own, and the server is not to blame', async () => {
  const { run, said } = await once(`
    for await (const event of await http.stream('/flood', { maxWaiting: 5 })) say('event', event.index);
  `);
  expect(said).toEqual([0, 1, 2, 3, 4].map((i) => `event ${i}`));
  expect(run.errors.map(({ kind }) => kind)).toEqual(['script']);
  expect(run.errors[0]?.sample).toContain('the script reads too slowly: 5 events');
});

test('a fault comes after the events before it, once; and a stream may have two readers at a time', async () => {
  const { run, said } = await once(`
    const flood = await http.stream('/flood', { maxWaiting: 5 });
    await new Promise((done) => setTimeout(done, 500)); // it has been hung up by now, and its events and its end come together
    const seen: number[] = [];
    const error = await (async () => { for await (const event of flood) seen.push(event.index); })().catch(({ message }) => message);
    say('flood', [seen, /reads too slowly/.test(String(error)), (await flood.done()).events]);
    const three = await http.stream('/three');
    let read = 0;
    const [summary] = await Promise.all([three.done(), (async () => { for await (const _ of three) read++; })()]);
    const both = await http.stream('/three');
    const events: string[] = [];
    const reader = async () => { for await (const { data } of both) events.push(data); };
    await Promise.all([reader(), reader()]);
    say('three', [summary.events, read, events.sort()]);
  `);
  expect(said).toEqual(['flood [[0,1,2,3,4],true,20]', 'three [3,0,["a","c","{\\"n\\":[2]}"]]']);
  expect(run.errors).toEqual([]);
});

test('undici and HTTP/1.1 of our own read the same stream', async () => {
  const { said } = await once(`say('done', (await (await http.stream('/three')).done()).events);`, ', http_client: undici');
  expect(said).toEqual(['done 3']);
});
