import type { JsonText } from '../core/mailbox.ts';
import type { RequestBody } from '../net/http-request.ts';
import type { MultipartField } from '../picture/multipart.ts';
import type { PictureBytes, PictureStore } from './pictures.ts';

/** Bytes at the host, and what they are called where the script says so. */
interface FileValue {
  readonly picture: string;
  readonly filename?: string;
  readonly type?: string;
}

/** A part of a form: a text, bytes, a text as a file, or JSON. */
type PartValue =
  | string
  | FileValue
  | { readonly text: string; readonly filename?: string; readonly type?: string }
  | { readonly json: JsonText; readonly filename?: string; readonly type?: string };

/** What a request carries, as the guest writes it: checked there, bytes by reference. One of these at most. */
export interface ContentOptions {
  json?: JsonText;
  form?: Record<string, unknown>;
  multipart?: [name: string, value: PartValue][];
  body?: string | FileValue;
}

/** A body to send. */
export interface RequestContent {
  readonly body: RequestBody;
  readonly contentType: string | undefined;
  /** Whether it is the same each time, and nothing of it goes away. */
  readonly isReusable: boolean;
}

/** Bytes of drawn pictures by reference. */
export type Drawn = ReadonlyMap<string, Buffer>;

const NO_REFERENCES: readonly string[] = [];
/** As browsers call a file without a name. */
const NAMELESS = 'blob';

/** Puts the body of a request together. @throws RangeError for bytes that are gone */
export function contentOf(options: ContentOptions, pictures: PictureStore, drawn: Drawn | undefined): RequestContent {
  if (options.json !== undefined) return jsonContent(options.json, pictures, drawn);
  if (options.form !== undefined)
    return { body: queryText(options.form), contentType: 'application/x-www-form-urlencoded', isReusable: true };
  if (options.multipart !== undefined) return formContent(options.multipart, pictures, drawn);
  if (options.body === undefined) return { body: undefined, contentType: undefined, isReusable: true };
  if (typeof options.body === 'string') return { body: options.body, contentType: 'text/plain;charset=UTF-8', isReusable: true };
  const { bytes, contentType, key } = bytesOf(options.body.picture, pictures, drawn);
  return { body: bytes, contentType, isReusable: key !== undefined };
}

/** References of all bytes in a request, in order. Most have none, and cost no list then. */
export function referencesIn({ json, multipart, body }: ContentOptions): readonly string[] {
  if (typeof json === 'object') return holesOf(json);
  if (multipart !== undefined)
    return multipart.flatMap(([, value]) => {
      if (typeof value === 'string' || 'text' in value) return NO_REFERENCES;
      if ('picture' in value) return [value.picture];
      return typeof value.json === 'string' ? NO_REFERENCES : holesOf(value.json);
    });
  return typeof body === 'object' ? [body.picture] : NO_REFERENCES;
}

/** Names and values as application/x-www-form-urlencoded; arrays repeat the name, null and undefined are left out. */
export function queryText(values: Record<string, unknown>): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
      if (item !== null && item !== undefined) pairs.append(name, String(item));
  }
  return pairs.toString();
}

function jsonContent(json: JsonText, pictures: PictureStore, drawn: Drawn | undefined): RequestContent {
  if (typeof json === 'string') return { body: json, contentType: 'application/json', isReusable: true };
  const { pieces, keys } = filled(json, pictures, drawn);
  return { body: pieces, contentType: 'application/json', isReusable: !keys.includes(undefined) };
}

function formContent(entries: NonNullable<ContentOptions['multipart']>, pictures: PictureStore, drawn: Drawn | undefined): RequestContent {
  const keys: (string | undefined)[] = [];
  const fields = entries.map(([name, value]): MultipartField => {
    if (typeof value === 'string') return { name, value };
    if ('picture' in value) {
      const { bytes, contentType, filename, key } = bytesOf(value.picture, pictures, drawn);
      keys.push(key);
      return { name, value: { filename: value.filename ?? filename, contentType: value.type ?? contentType, bytes } };
    }
    if ('text' in value) {
      keys.push(JSON.stringify(value.text));
      const contentType = value.type ?? 'text/plain;charset=UTF-8';
      return { name, value: { filename: value.filename ?? NAMELESS, contentType, bytes: Buffer.from(value.text) } };
    }
    const json = filled(value.json, pictures, drawn);
    keys.push(JSON.stringify(value.json), ...json.keys);
    const named = value.filename === undefined ? {} : { filename: value.filename };
    return { name, value: { ...named, contentType: value.type ?? 'application/json', bytes: json.pieces } };
  });
  const isReusable = !keys.includes(undefined);
  const form = pictures.form(fields, isReusable ? keys.join('\n') : undefined);
  return { body: form.body, contentType: form.contentType, isReusable };
}

/** Bytes stand between quotes that are there already; neither base64 nor the head of a data URL has a character that JSON would escape. */
function filled(
  json: JsonText,
  pictures: PictureStore,
  drawn: Drawn | undefined,
): { pieces: readonly Buffer[]; keys: readonly (string | undefined)[] } {
  const keys: (string | undefined)[] = [];
  const pieces = (typeof json === 'string' ? [json] : json).flatMap((piece) => {
    if (typeof piece === 'string') return [Buffer.from(piece)];
    const [reference, form] = piece;
    const encoded = pictures.base64Pieces(reference, drawn?.get(reference));
    keys.push(encoded.key);
    return form === 'base64' ? encoded.pieces : [Buffer.from(`data:${bareType(encoded.contentType)};base64,`), ...encoded.pieces];
  });
  return { pieces, keys };
}

function holesOf(json: Exclude<JsonText, string>): readonly string[] {
  return json.flatMap((piece) => (typeof piece === 'string' ? [] : [piece[0]]));
}

function bytesOf(reference: string, pictures: PictureStore, drawn: Drawn | undefined): PictureBytes {
  const picture = pictures.bytesFor(reference);
  const bytes = drawn?.get(reference);
  return bytes === undefined ? picture : { ...picture, key: undefined, bytes };
}

/** Without parameters, and of characters that stand in JSON as they are; an answer may say anything. */
export function bareType(contentType: string): string {
  return /^\s*([\w.+-]+\/[\w.+-]+)/.exec(contentType)?.[1] ?? 'application/octet-stream';
}
