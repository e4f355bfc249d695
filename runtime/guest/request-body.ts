import { isHeaderValue } from '../core/header-rules.ts';
import type { JsonText } from '../core/mailbox.ts';
import { jsonWithBytes, referenceOf } from './bytes-in-requests.ts';
import { bytesReference } from './image.ts';
import { makeBytes } from './made-bytes.ts';
import { GuestResponse } from './response.ts';
import type { Vu } from './state.ts';

/** What a request carries, as the host wants it: bytes by reference. Everything is checked here, where an error has the script's line. */

const FILE_KEYS = ['file', 'filename', 'type'];
const JSON_KEYS = ['json', 'filename', 'type'];
/** A type and a subtype, and whatever parameters. */
const CONTENT_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;.*)?$/;

/** `json` of a request. @throws TypeError for what JSON does not know */
export function jsonOf(value: unknown, where = 'http: json'): JsonText {
  let json: JsonText | undefined;
  try {
    json = jsonWithBytes(value);
  } catch (error) {
    throw new TypeError(`${where}: ${(error as Error).message}`);
  }
  if (json === undefined) throw new TypeError(`${where}: expected a value that JSON knows; got a ${typeof value}`);
  return json;
}

/** `body` of a request. @throws TypeError for what is neither text nor bytes */
export function bodyOf(vu: Vu, body: unknown): unknown {
  if (typeof body === 'string') return body;
  const reference = bytesIn(vu, body);
  if (reference === undefined)
    throw new TypeError(
      `http: body: expected a text, bytes, a typed array, an answer, a picture or a pool of pictures; got ${nameOfType(body)}; for an object use json or form`,
    );
  return { picture: reference };
}

/** Parts of a form in their order; a list is as many parts of one name. @throws TypeError */
export function fieldsOf(vu: Vu, fields: Record<string, unknown>): unknown[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    Array.isArray(value)
      ? (value as unknown[]).map((item, i) => [name, partOf(vu, `http: multipart.${name}[${i}]`, item)])
      : [[name, partOf(vu, `http: multipart.${name}`, value)]],
  );
}

function partOf(vu: Vu, where: string, value: unknown): unknown {
  const reference = bytesIn(vu, value);
  if (reference !== undefined) return { picture: reference };
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    if (Object.hasOwn(value, 'file')) return filePart(vu, where, value as Record<string, unknown>);
    if (Object.hasOwn(value, 'json'))
      return { ...namedOf(where, value, JSON_KEYS), json: jsonOf((value as { json: unknown }).json, `${where}.json`) };
  }
  throw new TypeError(
    `${where}: expected a text, a number, true or false, a picture, bytes, a typed array, an answer, a pool of pictures, { file, filename, type }, { json }, or a list of these; got ${nameOfType(value)}`,
  );
}

function filePart(vu: Vu, where: string, value: Record<string, unknown>): unknown {
  const named = namedOf(where, value, FILE_KEYS);
  const { file } = value;
  if (typeof file === 'string') return { ...named, text: file };
  const reference = bytesIn(vu, file);
  if (reference === undefined)
    throw new TypeError(
      `${where}.file: expected a text, a picture, bytes, a typed array, an answer or a pool of pictures; got ${nameOfType(file)}`,
    );
  return { ...named, picture: reference };
}

/** What a part is called. A line break in its type would be a header of its own. */
function namedOf(where: string, value: object, keys: readonly string[]): { filename?: string; type?: string } {
  const stranger = Object.keys(value).find((key) => !keys.includes(key));
  if (stranger !== undefined) throw new TypeError(`${where}: expected { ${keys.join(', ')} }; got ${JSON.stringify(stranger)}`);
  const { filename, type } = value as { filename?: unknown; type?: unknown };
  if (filename !== undefined && typeof filename !== 'string')
    throw new TypeError(`${where}.filename: expected a text; got ${nameOfType(filename)}`);
  if (type !== undefined && !(typeof type === 'string' && CONTENT_TYPE.test(type) && isHeaderValue(type)))
    throw new TypeError(`${where}.type: expected a content type such as 'image/jpeg'; got ${JSON.stringify(type) ?? nameOfType(type)}`);
  return { ...(filename === undefined ? {} : { filename }), ...(type === undefined ? {} : { type }) };
}

/** The reference of whatever has bytes: those of an array are taken as they are now, an answer's are its body. Undefined: it has none. */
function bytesIn(vu: Vu, value: unknown): string | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return referenceOf(makeBytes(vu)(value));
  return value instanceof GuestResponse ? referenceOf(value.bytes()) : bytesReference(value);
}

export function nameOfType(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}
