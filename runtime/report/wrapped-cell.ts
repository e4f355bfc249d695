import stringWidth from 'string-width';

/** What is one character to a reader, and the columns of a terminal that it takes. */
interface Grapheme {
  readonly text: string;
  readonly width: number;
}

/** A line may end behind one of these, as in the path of a file. */
const BREAKING = /[\\/_.,;-]/;

/**
 * The lines of a cell that may be `widthMax` wide. With `isText` a line ends between words, behind {@link BREAKING} where there is no space, and within a
 * word only where there is neither; without, it ends where the room does. A character wider than the room has a line of its own.
 */
export function wrappedCell(text: string, widthMax: number, { isText }: { isText: boolean }): string[] {
  if (stringWidth(text) <= widthMax) return [text];
  const lines: string[] = [];
  for (let rest = graphemesOf(text); rest.length > 0; ) {
    const fitting = countFitting(rest, widthMax);
    const end = isText ? endOfWords(rest, fitting) : fitting;
    const line = textOf(rest.slice(0, end));
    lines.push(isText ? line.trimEnd() : line);
    rest = rest.slice(end);
    while (rest[0] !== undefined && isSpace(rest[0])) rest = rest.slice(1);
  }
  return lines;
}

/** As many as the room takes, and one at least. */
function countFitting(graphemes: readonly Grapheme[], widthMax: number): number {
  let left = widthMax;
  const over = graphemes.findIndex(({ width }) => {
    left -= width;
    return left < 0;
  });
  return over < 0 ? graphemes.length : Math.max(1, over);
}

function endOfWords(graphemes: readonly Grapheme[], fitting: number): number {
  if (fitting === graphemes.length) return fitting;
  for (let end = fitting; end > 0; end--) if (isSpace(graphemes[end])) return end;
  for (let end = fitting; end > 1; end--) if (BREAKING.test(graphemes[end - 1]?.text ?? '')) return end;
  return fitting;
}

function isSpace(grapheme: Grapheme | undefined): boolean {
  return grapheme !== undefined && /^\s$/.test(grapheme.text);
}

function textOf(graphemes: readonly Grapheme[]): string {
  return graphemes.map(({ text }) => text).join('');
}

/** A segmenter takes ms to make: plain text asks none. */
function graphemesOf(text: string): Grapheme[] {
  if (/^[ -~]*$/.test(text)) return Array.from(text, (character) => ({ text: character, width: 1 }));
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text);
  return Array.from(segments, ({ segment }) => ({ text: segment, width: stringWidth(segment) }));
}
