import { isUtf8 } from 'node:buffer';

/** Where a byte from 0x80 on of bytes that are no UTF-8 stands in a text: in the private use area, as U+F780 to U+F7FF. */
const STRAY = 0xf700;

/** A value of a header as text, so that {@link onWire} gives the same bytes again: UTF-8, or what stands for the bytes that are none. */
export function textOfBytes(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  if (text !== undefined && !/[\uf780-\uf7ff]/.test(text)) return text;
  return bytes.toString('latin1').replaceAll(/[\x80-\xff]/g, (byte) => String.fromCharCode(STRAY + byte.charCodeAt(0)));
}

/** A text as it goes out in a header, one byte a character: UTF-8, as browsers, Go and k6 send it, and stray bytes as they came. */
export function onWire(text: string): string {
  return text.replaceAll(/[^\0-\x7f]+/g, (part) => [...part].map(bytesOf).join(''));
}

function bytesOf(char: string): string {
  const code = char.codePointAt(0) as number;
  return code >= STRAY + 0x80 && code <= STRAY + 0xff ? String.fromCharCode(code - STRAY) : Buffer.from(char).toString('latin1');
}
