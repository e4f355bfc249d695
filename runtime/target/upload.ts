import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';

/** A picture as it was uploaded, or the answer that refuses it. `left`: the client went away, nobody reads an answer. */
export type Upload =
  | { readonly kind: 'file'; readonly bytes: Buffer }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415; readonly reason: string }
  | { readonly kind: 'left' };

/** The form field that holds the picture. */
const FIELD = 'file';
export const UPLOAD_BYTES_MAX = 25_000_000;
const LIMITS = { fileSize: UPLOAD_BYTES_MAX, fieldSize: 64_000, fields: 100, files: 20, parts: 120 };

/** Reads multipart/form-data as it streams in; the first file named `file` is kept, everything else is dropped. Never throws. */
export function readUpload(request: IncomingMessage): Promise<Upload> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    return Promise.resolve(refusal(415, `expected multipart/form-data; got ${contentType === '' ? 'no content type' : contentType}`));
  }
  let form: BusboyInstance;
  try {
    form = new Busboy({ headers: { ...request.headers, 'content-type': contentType }, limits: LIMITS });
  } catch (error) {
    return Promise.resolve(refusal(400, `expected multipart/form-data with a boundary: ${messageOf(error)}`));
  }
  return new Promise((resolve) => {
    const end = (upload: Upload): void => {
      request.unpipe(form);
      request.resume(); // what is left of the body is read and dropped, so that the connection can serve the next request
      resolve(upload);
    };
    collect(form, end);
    request.once('close', () => {
      if (!request.complete) end({ kind: 'left' });
    });
    request.once('error', () => end({ kind: 'left' }));
    request.pipe(form);
  });
}

/** Calls `end` at least once; only the first call counts. */
function collect(form: BusboyInstance, end: (upload: Upload) => void): void {
  const names: string[] = [];
  let file: Buffer | undefined;
  form.on('file', (name: string, stream: BusboyFileStream) => {
    names.push(name);
    stream.on('error', () => undefined); // the form reports the same
    if (name !== FIELD || file !== undefined) {
      stream.resume();
      return;
    }
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('limit', () => end(refusal(413, `expected a file of at most ${UPLOAD_BYTES_MAX / 1_000_000} MB`)));
    stream.once('end', () => {
      file ??= Buffer.concat(chunks);
    });
  });
  form.on('field', (name: string) => names.push(`${name} (text)`));
  form.on('error', (error: unknown) => end(refusal(400, `expected a whole multipart body: ${messageOf(error)}`)));
  form.once('finish', () => {
    if (file !== undefined && file.length > 0) return end({ kind: 'file', bytes: file });
    const got = file !== undefined ? 'an empty file' : names.length === 0 ? 'no fields' : names.slice(0, 10).join(', ');
    end(refusal(400, `expected a picture as a file in the field "${FIELD}"; got ${got}`));
  });
}

function refusal(status: 400 | 413 | 415, reason: string): Upload {
  return { kind: 'refused', status, reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
