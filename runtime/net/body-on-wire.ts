import type { RequestBody } from './http-request.ts';

/** Parts up to this size together are copied into one buffer; larger ones go out one by one, which costs a few turns but no copy. */
const COPY_BYTES_MAX = 16 * 1024;

/** A request body as undici takes it. */
export interface BodyOnWire {
  readonly body: Buffer | readonly Buffer[];
  readonly bytes: number;
  /** With `content-length` where undici cannot know it. */
  readonly headers: string[];
}

export function bodyOnWire(body: Exclude<RequestBody, string | undefined>, headers: string[]): BodyOnWire {
  if (Buffer.isBuffer(body)) return { body, bytes: body.length, headers };
  const bytes = body.reduce((sum, part) => sum + part.length, 0);
  if (bytes <= COPY_BYTES_MAX) return { body: Buffer.concat(body, bytes), bytes, headers };
  const hasLength = headers.some((text, i) => i % 2 === 0 && text.length === 14 && text.toLowerCase() === 'content-length');
  return { body, bytes, headers: hasLength ? headers : [...headers, 'content-length', String(bytes)] };
}
