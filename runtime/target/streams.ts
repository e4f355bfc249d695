import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { monotonicUs } from '../core/clock.ts';
import { hashOfText, uniformOf } from '../core/random.ts';
import { renderPool } from '../image/render.ts';
import { resolveImageSpec } from '../picture/spec.ts';
import { drawLatencyUs } from './latency.ts';
import type { TargetOptions } from './options.ts';
import { type Answer, failure } from './predict.ts';

/** One request for a stream. */
export interface StreamCall {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly options: TargetOptions;
  /** 0-based number of the stream since the server's start: its words and its delay follow from it. */
  readonly index: number;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
}

/** An answer that comes piece by piece, each in a write of its own. */
export interface StreamAnswer {
  readonly contentType: string;
  pieces(): AsyncIterable<string | Buffer>;
}

const COUNT_MAX = 10_000;
const INTERVAL_MS_MAX = 1_000;
const BODY_BYTES_MAX = 32_000_000;
const TOKENS_DEFAULT = 24;
const TOKENS_MAX = 1_024;
const TOKEN_MS = 10;
const WORD = hashOfText('target word');
const WORDS = ['a', 'red', 'circle', 'and', 'two', 'blue', 'squares', 'on', 'the', 'left', 'of', 'one', 'green', 'triangle'];
const FRAMES = { width: 320, height: 240, variants: 3 };
const BOUNDARY = 'frame';

export const STREAM_METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/events', ['GET']],
  ['/video', ['GET']],
  ['/v1/chat/completions', ['POST']],
]);

/** @returns what streams, a whole answer, or undefined when the client went away */
export async function answerStream(path: string, call: StreamCall): Promise<StreamAnswer | Answer | undefined> {
  if (path === '/events') return eventsOf(call);
  return path === '/video' ? await videoOf(call) : await chatOf(call);
}

/** Writes the pieces as they come, and none after the client has left. */
export async function sendStream(response: ServerResponse, { contentType, pieces }: StreamAnswer, signal: AbortSignal): Promise<void> {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  for await (const piece of pieces()) {
    if (signal.aborted) return;
    if (!response.write(piece)) await Promise.race([new Promise((done) => response.once('drain', done)), aborted(signal)]);
  }
  response.end();
}

/** `GET /events?count=10&interval=20`: server-sent events, each with its number and when it was written, µs of the machine's monotonic clock and since it was asked for. */
function eventsOf({ query, signal }: StreamCall): StreamAnswer | Answer {
  const askedAtUs = monotonicUs();
  const [count, intervalMs] = [numberOf(query, 'count', 10), numberOf(query, 'interval', 20)];
  if (!(count >= 1 && count <= COUNT_MAX)) return failure(400, `count: expected 1 to ${COUNT_MAX}`);
  if (!(intervalMs >= 0 && intervalMs <= INTERVAL_MS_MAX)) return failure(400, `interval: expected 0 to ${INTERVAL_MS_MAX} ms`);
  return {
    contentType: 'text/event-stream',
    async *pieces() {
      for (let n = 0; n < count; n++) {
        if (n > 0 && !(await slept(intervalMs, signal))) return;
        const atUs = monotonicUs();
        yield `data: ${JSON.stringify({ n, atUs, sinceUs: atUs - askedAtUs })}\n\n`;
      }
    },
  };
}

/** `GET /video?frames=25&interval=40`: JPEG pictures one after the other (MJPEG). */
async function videoOf({ query, signal }: StreamCall): Promise<StreamAnswer | Answer> {
  const [frames, intervalMs] = [numberOf(query, 'frames', 25), numberOf(query, 'interval', 40)];
  if (!(frames >= 1 && frames <= COUNT_MAX)) return failure(400, `frames: expected 1 to ${COUNT_MAX}`);
  if (!(intervalMs >= 0 && intervalMs <= INTERVAL_MS_MAX)) return failure(400, `interval: expected 0 to ${INTERVAL_MS_MAX} ms`);
  const pictures = await framesOnce();
  return {
    contentType: `multipart/x-mixed-replace; boundary=${BOUNDARY}`,
    async *pieces() {
      for (let n = 0; n < frames; n++) {
        if (n > 0 && !(await slept(intervalMs, signal))) return;
        const picture = pictures[n % pictures.length]?.bytes ?? Buffer.alloc(0);
        const head = `--${BOUNDARY}\r\ncontent-type: image/jpeg\r\ncontent-length: ${picture.length}\r\n\r\n`;
        yield Buffer.concat([Buffer.from(head), picture, Buffer.from('\r\n')]);
      }
      yield `--${BOUNDARY}--\r\n`;
    },
  };
}

/** `POST /v1/chat/completions`, as OpenAI's: `stream`, `stream_options.include_usage` and `max_tokens` count, what is asked does not. */
async function chatOf({ request, options, index, signal }: StreamCall): Promise<StreamAnswer | Answer | undefined> {
  const asked = await jsonOf(request);
  if (signal.aborted) return undefined;
  if (asked === undefined) return failure(400, 'expected JSON such as {"model":"demo","messages":[],"stream":true}');
  const { stream = false, max_tokens: most = TOKENS_DEFAULT, model = 'demo', stream_options: rules } = asked;
  if (typeof most !== 'number' || !(most >= 1 && most <= TOKENS_MAX)) return failure(400, `max_tokens: expected 1 to ${TOKENS_MAX}`);
  const tokens = Array.from(
    { length: Math.round(most) },
    (_, n) => `${WORDS[Math.floor(uniformOf(options.seed, WORD, index, n) * WORDS.length)]} `,
  );
  const latencyMs = drawLatencyUs(options.latency, options.seed, index) / 1000;
  const usage = { prompt_tokens: 8, completion_tokens: tokens.length, total_tokens: 8 + tokens.length };
  const head = { id: `chatcmpl-${index}`, model, created: Math.floor(Date.now() / 1000) };
  if (stream !== true) {
    if (!(await slept(latencyMs + TOKEN_MS * (tokens.length - 1), signal))) return undefined;
    const message = { role: 'assistant', content: tokens.join('') };
    return { status: 200, body: { ...head, object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage } };
  }
  const chunk = (delta: object, finish_reason: string | null = null): string =>
    `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const wantsUsage = (rules as { include_usage?: unknown } | undefined)?.include_usage === true;
  return {
    contentType: 'text/event-stream',
    async *pieces() {
      for (const [n, content] of tokens.entries()) {
        if (!(await slept(n === 0 ? latencyMs : TOKEN_MS, signal))) return;
        yield chunk(n === 0 ? { role: 'assistant', content } : { content });
      }
      yield chunk({}, 'stop');
      if (wantsUsage) yield `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\n`;
      yield 'data: [DONE]\n\n';
    },
  };
}

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown> | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  try {
    const value: unknown = bytes > BODY_BYTES_MAX ? undefined : JSON.parse(Buffer.concat(chunks).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** @returns NaN for what is no whole number */
function numberOf(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  return text === null ? otherwise : /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
}

/** @returns false when the client went away meanwhile */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  if (ms > 0) await wait(ms, undefined, { signal }).catch(() => undefined); // rejects only when aborted
  return !signal.aborted;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}

let frames: Promise<readonly { readonly bytes: Buffer }[]> | undefined;

/** Drawn when somebody first looks. */
function framesOnce(): NonNullable<typeof frames> {
  frames ??= renderPool(resolveImageSpec('video', FRAMES), 0);
  return frames;
}
