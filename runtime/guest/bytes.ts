import { ASK } from '../core/mailbox.ts';
import { askText } from './host.ts';

const CHUNK = 8_192;

/** Bytes as a text of one character each: the form in which they cross the sandbox. */
export function latin1Of(data: unknown): string {
  const bytes = bytesOf(data);
  let text = '';
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return text;
}

/** The other way round. */
export function bytesOfLatin1(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** A view on an ArrayBuffer or on any view of one. */
export function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  throw new TypeError(`expected an ArrayBuffer, a typed array or a DataView; got ${data === null ? 'null' : typeof data}`);
}

/** UTF-8, by the host's encoder. */
export class GuestTextEncoder {
  readonly encoding = 'utf-8';
  encode(text = ''): Uint8Array {
    return bytesOfLatin1(askText(ASK.utf8Encode, 0, String(text)));
  }
}

/** UTF-8, by the host's decoder; malformed bytes become U+FFFD. */
export class GuestTextDecoder {
  readonly encoding = 'utf-8';
  constructor(label = 'utf-8') {
    if (!/^utf-?8$/i.test(label)) throw new RangeError(`TextDecoder: only 'utf-8' is there; got ${JSON.stringify(label)}`);
  }
  decode(data?: unknown): string {
    return data === undefined ? '' : askText(ASK.utf8Decode, 0, latin1Of(data));
  }
}

/** Decodes base64 to a text of one character per byte. @throws an error named InvalidCharacterError */
export function atob(text: string): string {
  const answer = askText(ASK.atob, 0, String(text));
  if (answer.startsWith('!')) throw namedError('InvalidCharacterError', 'atob: the text is not base64');
  return answer.slice(1);
}

/** Encodes a text of one character per byte as base64. @throws an error named InvalidCharacterError */
export function btoa(text: string): string {
  const answer = askText(ASK.btoa, 0, String(text));
  if (answer.startsWith('!'))
    throw namedError('InvalidCharacterError', 'btoa: a character above U+00FF; encode the text first (TextEncoder)');
  return answer.slice(1);
}

function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** A deep copy of plain values, arrays, maps, sets, dates and bytes; what cannot be copied is refused. */
export function structuredClone<T>(value: T, seen = new Map<unknown, unknown>()): T {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw namedError('DataCloneError', `structuredClone: a ${typeof value} cannot be copied`);
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value) as T;
  const keep = <C>(copy: C): C => {
    seen.set(value, copy);
    return copy;
  };
  if (value instanceof Date) return keep(new Date(value.getTime())) as T;
  if (value instanceof Map) {
    const copy = keep(new Map());
    for (const [key, item] of value) copy.set(structuredClone(key, seen), structuredClone(item, seen));
    return copy as T;
  }
  if (value instanceof Set) {
    const copy = keep(new Set());
    for (const item of value) copy.add(structuredClone(item, seen));
    return copy as T;
  }
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return keep(cloneBytes(value)) as T;
  const copy = keep(Array.isArray(value) ? [] : {}) as Record<string, unknown>;
  for (const [key, item] of Object.entries(value)) copy[key] = structuredClone(item, seen);
  return copy as T;
}

function cloneBytes(value: ArrayBuffer | ArrayBufferView): unknown {
  if (value instanceof ArrayBuffer) return value.slice(0);
  if (value instanceof DataView) return new DataView(value.buffer.slice(0), value.byteOffset, value.byteLength);
  return (value as Uint8Array).slice();
}
