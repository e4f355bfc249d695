import type { IncomingMessage } from 'node:http';
import { readUpload, refusal, UPLOAD_BYTES_MAX, type Upload } from './upload.ts';

/** Of the whole body. */
const JSON_BYTES_MAX = 100_000_000;
const PICTURES_MAX = 20;
const EXPECTED = 'expected { "image": a picture in base64 or a data URL }, or { "images": [at most 20 of them] }';

/** Pictures of a form or of JSON. Never throws. */
export function readPictures(request: IncomingMessage): Promise<Upload> {
  return /^application\/json\b/i.test(request.headers['content-type'] ?? '') ? readJsonUpload(request) : readUpload(request);
}

async function readJsonUpload(request: IncomingMessage): Promise<Upload> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += (chunk as Buffer).length;
      if (bytes <= JSON_BYTES_MAX) chunks.push(chunk as Buffer); // what is left is read and dropped, so that the connection can serve the next request
    }
  } catch {
    return { kind: 'left' };
  }
  if (bytes > JSON_BYTES_MAX) return refusal(413, `expected at most ${JSON_BYTES_MAX / 1_000_000} MB of JSON`);
  let body: unknown;
  try {
    body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    return refusal(400, `expected JSON: ${(error as Error).message.slice(0, 200)}`);
  }
  const { image, images } = (typeof body === 'object' && body !== null ? body : {}) as { image?: unknown; images?: unknown };
  const isList = Array.isArray(images);
  const pictures = (isList ? (images as unknown[]) : [image]).map(pictureOf);
  if (pictures.length === 0 || pictures.length > PICTURES_MAX || pictures.includes(undefined)) return refusal(400, EXPECTED);
  const known = pictures as Buffer[];
  if (known.some(({ length }) => length > UPLOAD_BYTES_MAX))
    return refusal(413, `expected a picture of at most ${UPLOAD_BYTES_MAX / 1_000_000} MB`);
  return { kind: 'pictures', pictures: known, isList };
}

/** Undefined for what is no base64, with or without the head of a data URL. */
function pictureOf(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined;
  const comma = text.startsWith('data:') ? text.indexOf(',') + 1 : 0;
  const bytes = Buffer.from(comma === 0 ? text : text.slice(comma), 'base64');
  return bytes.length === 0 ? undefined : bytes;
}
