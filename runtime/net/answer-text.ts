import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { HttpOutcome } from '../core/records.ts';

type Answer = Pick<HttpOutcome, 'body' | 'charset'>;

/** What 0x80 to 0x9f stand for in windows-1252, as browsers also read Latin-1 (https://encoding.spec.whatwg.org/index-windows-1252.txt). */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** By the encoding's name; each label that the platform knows leads to one of some forty. */
const decoders = new Map<string, TextDecoder>();

/** The charset that a `content-type` names, as the platform calls it; empty: UTF-8, or one that nobody knows. */
export function charsetOf(contentType: Buffer | undefined): string {
  const label = contentType === undefined ? undefined : /;\s*charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType.toString('latin1'))?.[1];
  if (label === undefined || /^utf-?8$/i.test(label)) return '';
  try {
    const { encoding } = new TextDecoder(label);
    return encoding === 'utf-8' ? '' : encoding;
  } catch {
    return ''; // as browsers do
  }
}

/** The body as text: by its byte order mark, else its charset, else UTF-8; the mark is no part of it. Empty for none. */
export function textOfAnswer({ body, charset = '' }: Answer): string {
  if (body === undefined) return '';
  const mark = markOf(body);
  const encoding = mark === '' ? charset : mark;
  if (encoding === '') return isAscii(body) ? body.toString('latin1') : body.toString('utf8');
  // Node takes it for Latin-1, and so may show control characters where there were signs
  if (encoding === 'windows-1252')
    return body.toString('latin1').replaceAll(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] as string);
  return decoderOf(encoding).decode(body);
}

/** The body in UTF-8 and without a mark, as a reader of JSON wants it; mostly as it came. */
export function utf8OfAnswer(answer: Answer): Buffer | undefined {
  const { body, charset = '' } = answer;
  return body === undefined || (charset === '' && markOf(body) === '') ? body : Buffer.from(textOfAnswer(answer));
}

/** The encoding that a byte order mark names; empty: there is none. */
function markOf(body: Buffer): string {
  const [first, second] = body;
  if (first === 0xef) return second === 0xbb && body[2] === 0xbf ? 'utf-8' : '';
  if (first === 0xff) return second === 0xfe ? 'utf-16le' : '';
  return first === 0xfe && second === 0xff ? 'utf-16be' : '';
}

function decoderOf(encoding: string): TextDecoder {
  let decoder = decoders.get(encoding);
  if (decoder === undefined) {
    decoder = new TextDecoder(encoding);
    decoders.set(encoding, decoder);
  }
  return decoder;
}
