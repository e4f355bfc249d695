import type { IncomingMessage } from 'node:http';
import { Busboy, type BusboyFileStream, type BusboyInstance } from '@fastify/busboy';

/** Pictures as they were uploaded, or the answer that refuses them. `left`: the client went away, nobody reads an answer. */
export type Upload =
  /** `isList`: they were sent as several, though it may be one; so they are answered. */
  | { readonly kind: 'pictures'; readonly pictures: readonly Buffer[]; readonly isList: boolean }
  | { readonly kind: 'refused'; readonly status: 400 | 413 | 415; readonly reason: string }
  | { readonly kind: 'left' };

/** The form field that holds the picture, and the one that holds several. */
const FIELD = 'file';
const LIST_FIELD = 'files';
export const UPLOAD_BYTES_MAX = 25_000_000;
const LIMITS = { fileSize: UPLOAD_BYTES_MAX, fieldSize: 64_000, fields: 100, files: 20, parts: 120 };

/**
 * Reads multipart/form-data as it streams in: the first file named `file`, or all that are named `files`; everything else is dropped. Never throws.
 */
export function readUpload(request: IncomingMessage): Promise<Upload> {
  const contentType = request.headers['content-type'] ?? '';
  if (!/^multipart\/form-data\b/i.test(contentType)) {
    return Promise.resolve(
      refusal(415, `expected multipart/form-data or application/json; got ${contentType === '' ? 'no content type' : contentType}`),
    );
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
  const files: Record<typeof FIELD | typeof LIST_FIELD, Buffer[]> = { file: [], files: [] };
  form.on('file', (name: string, stream: BusboyFileStream) => {
    names.push(name);
    stream.on('error', () => undefined); // the form reports the same
    if ((name !== FIELD || files.file.length > 0) && name !== LIST_FIELD) {
      stream.resume();
      return;
    }
    const chunks: Buffer[] = [];
    const at = files[name].push(Buffer.alloc(0)) - 1; // its place in the order sent
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('limit', () => end(refusal(413, `expected a file of at most ${UPLOAD_BYTES_MAX / 1_000_000} MB`)));
    stream.once('end', () => {
      files[name][at] = Buffer.concat(chunks);
    });
  });
  form.on('field', (name: string) => names.push(`${name} (text)`));
  form.on('error', (error: unknown) => end(refusal(400, `expected a whole multipart body: ${messageOf(error)}`)));
  form.once('finish', () => {
    const isList = files.files.length > 0;
    const pictures = isList ? files.files : files.file;
    const isEmpty = pictures.some(({ length }) => length === 0);
    if (pictures.length > 0 && !isEmpty) return end({ kind: 'pictures', pictures, isList });
    const got = isEmpty ? 'an empty file' : names.length === 0 ? 'no fields' : names.slice(0, 10).join(', ');
    end(refusal(400, `expected a picture as a file in the field "${FIELD}", or several in "${LIST_FIELD}"; got ${got}`));
  });
}

export function refusal(status: 400 | 413 | 415, reason: string): Upload {
  return { kind: 'refused', status, reason };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
