import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** What 0x80 to 0x9f stand for in windows-1252, as browsers also read Latin-1 (https://encoding.spec.whatwg.org/index-windows-1252.txt). */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** By the encoding's name; each label that the platform knows leads to one of some forty. */
const decoders = new Map<string, TextDecoder>();

/** The encoding that a label names, as the platform calls it; undefined: one that nobody knows. */
export function encodingOf(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** The encoding that a byte order mark names; empty: there is none. */
export function markOf(bytes: Buffer): string {
  const [first, second] = bytes;
  if (first === 0xef) return second === 0xbb && bytes[2] === 0xbf ? 'utf-8' : '';
  if (first === 0xff) return second === 0xfe ? 'utf-16le' : '';
  return first === 0xfe && second === 0xff ? 'utf-16be' : '';
}

/** Bytes as text; a byte order mark is no part of it. @param encoding - as {@link encodingOf} names it; empty: UTF-8 of bytes without a mark */
export function decoded(bytes: Buffer, encoding: string): string {
  if (encoding === '') return isAscii(bytes) ? bytes.toString('latin1') : bytes.toString('utf8');
  // Node takes it for Latin-1, and so may show control characters where there were signs
  if (encoding === 'windows-1252')
    return bytes.toString('latin1').replaceAll(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] as string);
  return decoderOf(encoding).decode(bytes);
}

function decoderOf(encoding: string): TextDecoder {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder;
}
