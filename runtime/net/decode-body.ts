import type { InputType, ZlibOptions } from 'node:zlib';
import { brotliDecompress, brotliDecompressSync, gunzip, gunzipSync, inflate, inflateRaw, inflateRawSync, inflateSync } from 'node:zlib';

/** A smaller body is decoded at once: a zlib stream and the thread pool cost more than the work. */
const SYNC_BYTES_MAX = 16 * 1024;
/** What a body decoded at once may grow to, so that a crafted one does not stall the loop. */
const SYNC_DECODED_BYTES_MAX = 1024 * 1024;

type Decoded = (error: NodeJS.ErrnoException | null, body: Buffer) => void;

interface Decoder {
  readonly now: (input: InputType, options: ZlibOptions) => Buffer;
  readonly later: (input: InputType, options: ZlibOptions, done: Decoded) => void;
}

const GZIP: Decoder = { now: gunzipSync, later: gunzip };
const BROTLI: Decoder = { now: brotliDecompressSync, later: brotliDecompress };
const DEFLATE: Decoder = { now: inflateSync, later: inflate };
const RAW_DEFLATE: Decoder = { now: inflateRawSync, later: inflateRaw };

/**
 * Undoes `content-encoding` (gzip, deflate, br, lists of them); an encoding we do not know leaves the body as it is.
 * Calls back at once for small bodies, else later; with `ERR_BUFFER_TOO_LARGE` past `bytesMax`.
 */
export function decodeBody(body: Buffer, encoding: string, options: { bytesMax: number; done: Decoded }): void {
  const { bytesMax, done } = options;
  const names = encoding.toLowerCase().split(',');
  const last = (names.pop() as string).trim();
  const decoder = body.length === 0 ? undefined : decoderOf(last, body);
  const finish: Decoded = (error, decoded) => {
    if (error !== null || names.length === 0) done(error, decoded);
    else decodeBody(decoded, names.join(','), options);
  };
  if (decoder === undefined) {
    if (last === 'identity' || last === '') finish(null, body);
    else done(null, body);
    return;
  }
  const decoded = body.length <= SYNC_BYTES_MAX ? decodedNow(decoder, body, Math.min(bytesMax, SYNC_DECODED_BYTES_MAX)) : undefined;
  if (decoded === undefined) decoder.later(body, { maxOutputLength: bytesMax }, finish);
  else finish(null, decoded);
}

function decoderOf(name: string, body: Buffer): Decoder | undefined {
  if (name === 'gzip' || name === 'x-gzip') return GZIP;
  if (name === 'br') return BROTLI;
  // "deflate" is zlib by the standard; some servers send it bare. 8 in the low half of the first byte is the zlib header.
  if (name === 'deflate') return ((body[0] as number) & 0x0f) === 8 ? DEFLATE : RAW_DEFLATE;
  return undefined;
}

/** @returns undefined when it failed; the later way then finds out why */
function decodedNow(decoder: Decoder, body: Buffer, bytesMax: number): Buffer | undefined {
  try {
    return decoder.now(body, { maxOutputLength: bytesMax });
  } catch {
    return undefined;
  }
}
