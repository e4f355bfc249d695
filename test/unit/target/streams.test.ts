import { afterEach, expect, test } from 'vitest';
import { formatOf } from '../../../runtime/picture/picture.ts';
import { parseTargetOptions } from '../../../runtime/target/options.ts';
import { type RunningTarget, startTarget } from '../../../runtime/target/server.ts';

const running: RunningTarget[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.close()));
});

async function started(): Promise<RunningTarget> {
  const target = await startTarget(parseTargetOptions({ port: 0, latency: '5ms' }));
  running.push(target);
  return target;
}

const chat = (target: RunningTarget, body: object, init: object = {}): Promise<Response> =>
  fetch(`${target.url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(body), ...init });
const dataOf = (text: string): string[] =>
  text
    .split('\n\n')
    .filter((part) => part !== '')
    .map((part) => part.replace(/^data: /, ''));

test('/events sends as many as are asked for, numbered, each with the moment of its writing', async () => {
  const target = await started();
  const answer = await fetch(`${target.url}/events?count=4&interval=3`);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  const events = dataOf(await answer.text()).map((data) => JSON.parse(data) as { n: number; atUs: number });
  expect(events.map(({ n }) => n)).toEqual([0, 1, 2, 3]);
  expect(events.map(({ atUs }) => atUs)).toEqual(events.map(({ atUs }) => atUs).sort((a, b) => a - b));
});

test('chat streams max_tokens pieces, says that it stops, its usage if asked, and [DONE]; whole it has the same text', async () => {
  const target = await started();
  const asked = { max_tokens: 3, stream: true, stream_options: { include_usage: true } };
  const events = dataOf(await (await chat(target, asked)).text());
  expect(events.at(-1)).toBe('[DONE]');
  const chunks = events.slice(0, -1).map((data) => JSON.parse(data));
  expect(chunks.map(({ choices }) => choices[0]?.finish_reason)).toEqual([null, null, null, 'stop', undefined]);
  expect(chunks.at(-1).usage).toMatchObject({ completion_tokens: 3 });
  const text = chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
  expect(text.trim().split(' ')).toHaveLength(3);
  const whole = await (await chat(await started(), { max_tokens: 3 })).json();
  expect(whole).toMatchObject({ choices: [{ message: { content: text }, finish_reason: 'stop' }], usage: { completion_tokens: 3 } });
});

test('/video sends JPEG frames with their lengths, and a last boundary', async () => {
  const target = await started();
  const answer = await fetch(`${target.url}/video?frames=2&interval=1`);
  expect(answer.headers.get('content-type')).toBe('multipart/x-mixed-replace; boundary=frame');
  const body = Buffer.from(await answer.arrayBuffer());
  const lengths = [...body.toString('latin1').matchAll(/content-length: (\d+)\r\n\r\n/g)];
  expect(lengths).toHaveLength(2);
  for (const { index, 0: head, 1: length } of lengths) {
    const frame = body.subarray(index + head.length, index + head.length + Number(length));
    expect(formatOf(frame)).toBe('jpeg');
  }
  expect(body.subarray(-11).toString()).toBe('--frame--\r\n');
});

test('a client that leaves ends its stream: the record says so, and the server goes on', async () => {
  const target = await started();
  const leaving = new AbortController();
  const answer = await fetch(`${target.url}/events?count=10000&interval=1000`, { signal: leaving.signal });
  await answer.body?.getReader().read();
  leaving.abort();
  while (target.stats().aborted === 0) await new Promise((done) => setTimeout(done, 5));
  expect((await fetch(`${target.url}/health`)).status).toBe(200);
});

test.each([
  ['/events?count=0', 'count: expected 1 to 10000'],
  ['/events?interval=-1', 'interval: expected 0 to 1000 ms'],
  ['/video?frames=x', 'frames: expected 1 to 10000'],
])('%s is a 400 that says what is allowed', async (path, message) => {
  const target = await started();
  const answer = await fetch(`${target.url}${path}`);
  expect([answer.status, await answer.json()]).toEqual([400, { error: message }]);
});

test('chat that is no JSON, or asks for too much, is a 400', async () => {
  const target = await started();
  expect((await fetch(`${target.url}/v1/chat/completions`, { method: 'POST', body: '{' })).status).toBe(400);
  expect((await chat(target, { max_tokens: 100_000 })).status).toBe(400);
  expect((await fetch(`${target.url}/v1/chat/completions`)).status).toBe(405);
});
