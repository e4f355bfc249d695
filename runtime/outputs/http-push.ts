import type { Credentials } from './output-target.ts';
import { RefusedError } from './send-queue.ts';

export interface Push {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer> | string;
  readonly signal: AbortSignal;
}

/** What is read of an answer that says why not. */
const REASON_BYTES_MAX = 4_096;

/** `authorization` with name and password. */
export function basicAuth(auth: Credentials | undefined): Record<string, string> {
  if (auth === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
}

/** One POST. @throws {RefusedError} when the server understood and said no; another error when it may take it later */
export async function post(url: string, { headers, body, signal }: Push): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, signal, ...(body === undefined ? {} : { body }) });
  if (response.ok) return response.body?.cancel();
  const words = `it answered ${response.status} ${(await reasonIn(response)) || response.statusText}`.trimEnd();
  throw isRefusal(response.status) ? new RefusedError(words) : new Error(words);
}

/** HTTP 4xx, but not "too many requests". */
export function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 429;
}

/** The words of the body: all of a short text, of JSON its `error` or `message`. */
async function reasonIn({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= REASON_BYTES_MAX) break;
  }
  const text = Buffer.concat(chunks).subarray(0, REASON_BYTES_MAX).toString().trim();
  try {
    const { error, message } = JSON.parse(text) as { error?: unknown; message?: unknown };
    return [message, error].find((words) => typeof words === 'string') ?? text;
  } catch {
    return text; // it was no JSON
  }
}
