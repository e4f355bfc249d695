import { stripVTControlCharacters } from 'node:util';

/** Text from a script or a target, safe to print: no escape sequences, no control characters but the line break; a tab is two spaces. */
export function plainText(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replaceAll('\t', '  ')
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to remove; bidi overrides would reorder a line
      .replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
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
