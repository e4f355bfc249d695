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

  /** Writes as many whole characters as fit. */
  encodeInto(text: string, target: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of String(text)) {
      const bytes = this.encode(character);
      if (written + bytes.length > target.length) break;
      target.set(bytes, written);
      read += character.length;
      written += bytes.length;
    }
    return { read, written };
  }
}

/** UTF-8, by the host's decoder; malformed bytes become U+FFFD, or an error when `fatal`. */
export class GuestTextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!/^\s*utf-?8\s*$/i.test(label)) throw new RangeError(`TextDecoder: only 'utf-8' is there; got ${JSON.stringify(label)}`);
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }

  decode(data?: unknown): string {
    if (data === undefined) return '';
    const bytes = latin1Of(data);
    const text = askText(ASK.utf8Decode, 0, bytes);
    if (this.fatal && askText(ASK.utf8Encode, 0, text) !== bytes) throw new TypeError('TextDecoder: the bytes are not valid UTF-8');
    return text.startsWith('\uFEFF') && !this.ignoreBOM ? text.slice(1) : text;
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

/** As the DOM's errors are told apart: by their name. */
export function namedError(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
