import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { eventStream } from '../../../runtime/server/event-stream.ts';
import type { RunLog } from '../../../runtime/server/run-log.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { LIVE, logOf, secondAt } from './samples.ts';

/** An app with the stream of one log, whose silence is broken after `heartbeatMs`. */
function streamOf(log: RunLog, heartbeatMs = 60_000) {
  const app = new Hono().get('/events', (c) => eventStream(c, log, heartbeatMs));
  return async (path = '/events', headers: Record<string, string> = {}): Promise<Response> => app.request(path, { headers });
}

/** Reads until the text so far has it, then leaves. @returns the text so far */
async function readUntil(answer: Response, isEnough: (text: string) => boolean): Promise<string> {
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (!isEnough(text)) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`the stream ended after ${JSON.stringify(text)}`);
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return text;
}

const numbersIn = (text: string): number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, number]) => Number(number));
const has = (count: number) => (text: string) => numbersIn(text).length >= count && text.endsWith('\n\n');
const second = (log: RunLog, at: number): void => log.push({ type: 'second', series: secondAt(at), live: LIVE });

test('a client that has seen nothing gets all 5 events and how long to wait before it asks again; one that has seen 3 gets 4 and 5', async () => {
  const ask = streamOf(logOf(5));
  const all = await readUntil(await ask(), has(5));
  expect(all.startsWith('retry: 1000\n\n')).toBe(true);
  expect(numbersIn(all)).toEqual([1, 2, 3, 4, 5]);
  expect(numbersIn(await readUntil(await ask('/events', { 'last-event-id': '3' }), has(2)))).toEqual([4, 5]);
  expect(numbersIn(await readUntil(await ask('/events?after=4'), has(1)))).toEqual([5]);
});

test('the header of a browser that comes back goes before the address that it was first given', async () => {
  expect(numbersIn(await readUntil(await streamOf(logOf(5))('/events?after=1', { 'last-event-id': '4' }), has(1)))).toEqual([5]);
});

test.each(['17', '-1', 'abc', '1e3', '9'.repeat(16)])('%s is the number of no event of this run: all of them come', async (number) => {
  expect(numbersIn(await readUntil(await streamOf(logOf(3))(`/events?after=${number}`), has(3)))).toEqual([1, 2, 3]);
});

test('what happens while somebody listens comes at once, in order; the stream ends with the run, and a later client is told 204', async () => {
  const log = logOf(1);
  const ask = streamOf(log);
  const answer = await ask();
  const whole = answer.text();
  second(log, 1);
  log.push({ type: 'log', line: { atMs: 0, level: 'info', text: 'hello' } });
  await new Promise((turn) => setImmediate(turn));
  second(log, 2);
  log.push({ type: 'ended', result: failedRun });
  const text = await whole;
  expect(numbersIn(text)).toEqual([1, 2, 3, 4, 5]);
  const types = [...text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => (JSON.parse(data) as { type: string }).type);
  expect(types).toEqual(['second', 'second', 'log', 'second', 'ended']);
  expect((await ask('/events', { 'last-event-id': '5' })).status).toBe(204);
  expect(numbersIn(await (await ask('/events', { 'last-event-id': '4' })).text())).toEqual([5]);
});

test('two clients get the same text of a second', async () => {
  const ask = streamOf(logOf(3));
  const [one, other] = await Promise.all([readUntil(await ask(), has(3)), readUntil(await ask(), has(3))]);
  expect(one).toBe(other);
});

test('who asks for an event that is not kept any more is told 410, and to load the whole run again', async () => {
  const answer = await streamOf(logOf(15_000))('/events?after=100');
  expect(answer.status).toBe(410);
  expect(await answer.json()).toMatchObject({ error: { hint: 'load the whole run again' } });
});

test('silence is broken by a comment, which is no event', async () => {
  const text = await readUntil(await streamOf(logOf(1), 5)(), (soFar) => soFar.includes(': still here\n\n: still here\n\n'));
  expect(numbersIn(text)).toEqual([1]);
});

test('a client that leaves is not listened for any more', async () => {
  const log = logOf(2);
  const { listen } = log;
  let listeners = 0;
  log.listen = (listener) => {
    listeners++;
    const stop = listen.call(log, listener);
    return () => {
      listeners--;
      stop();
    };
  };
  const answer = await streamOf(log)();
  await readUntil(answer, has(2));
  expect(listeners).toBe(1);
  second(log, 2);
  for (let turn = 0; turn < 20 && listeners > 0; turn++) await new Promise((next) => setImmediate(next));
  expect(listeners).toBe(0);
});
