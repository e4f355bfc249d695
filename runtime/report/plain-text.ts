import { stripVTControlCharacters } from 'node:util';

/** A colour or another look of what follows: the one escape sequence that cannot move the cursor, rename a window or answer for the user. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
const LOOK = /(\u001b\[[\d;]*m)/;

/**
 * Text from a script or a target, safe to print and to put into XML: no escape sequences, no control characters but the line break; a tab is
 * two spaces.
 */
export function plainText(text: string): string {
  return printable(text).replaceAll('\t', '  ');
}

/** As {@link plainText}, but tabs and colours (`ESC [ … m`) stay: what a script wrote for a terminal. */
export function colouredText(text: string): string {
  // what is captured stands at every odd place
  return text
    .split(LOOK)
    .map((part, i) => (i % 2 === 1 ? part : printable(part)))
    .join('');
}

function printable(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove; bidi overrides would reorder a line, the last two are in no XML
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/g, '')
      // half a pair can be encoded in nothing
      .replace(/\p{Surrogate}/gu, '\ufffd')
  );
}

/** As {@link plainText}, on one line: a row of a table has no line breaks. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s*\n\s*/g, ' ');
}

/** The words of `text` in lines of at most `columns` characters, each behind `indent` spaces; longer words are broken. */
export function wrapped(text: string, columns: number, indent: number): string[] {
  const widthMax = Math.max(20, columns - indent);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ +/).flatMap((long) => broken(long, widthMax))) {
    if (line !== '' && line.length + 1 + word.length > widthMax) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((content) => ' '.repeat(indent) + content);
}

function broken(word: string, widthMax: number): string[] {
  const parts: string[] = [];
  for (let at = 0; at < word.length || at === 0; at += widthMax) parts.push(word.slice(at, at + widthMax));
  return parts;
}
