/** Twice as wide as a letter: East Asian wide characters and pictographs. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Part of the character before it. */
const COMBINING = /\p{Mn}|\p{Me}|[\u200b-\u200d]|[\ufe00-\ufe0f]/u;

/** Cells of a terminal that a text without escape sequences takes. */
export function cellsOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellsOfCharacter(character);
  return cells;
}

/** At most `cells` wide; what is cut off ends in `…`. */
export function clipped(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  let kept = '';
  let left = cells - 1;
  for (const character of text) {
    left -= cellsOfCharacter(character);
    if (left < 0) break;
    kept += character;
  }
  return cells < 1 ? '' : `${kept}…`;
}

/** At most `cells` wide; what is cut out of the middle is `…`: for texts whose end tells them apart. */
export function clippedInside(text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  const head = clipped(text, Math.ceil(cells / 3));
  const characters = [...text];
  let from = characters.length;
  for (let left = cells - cellsOf(head); from > 0; from--) {
    left -= cellsOfCharacter(characters[from - 1] ?? '');
    if (left < 0) break;
  }
  return head + characters.slice(from).join('');
}

/** Exactly `cells` wide. */
export function padded(text: string, cells: number, align: 'left' | 'right' = 'left'): string {
  const shown = clipped(text, cells);
  const space = ' '.repeat(Math.max(0, cells - cellsOf(shown)));
  return align === 'left' ? shown + space : space + shown;
}

/** A text and how it is painted; painting changes no width. */
export interface Part {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** The parts that fit, two spaces apart: as many of the first as there is room for. The first is clipped rather than left out. */
export function joined(parts: readonly Part[], cells: number): string {
  let line = '';
  let left = cells;
  for (const { text, paint = String } of parts.filter((part) => part.text !== '')) {
    const isFirst = line === '';
    const shown = isFirst ? clipped(text, left) : `  ${text}`;
    const width = cellsOf(shown);
    if (width > left) break;
    line += isFirst ? paint(shown) : `  ${paint(text)}`;
    left -= width;
  }
  return line;
}

function cellsOfCharacter(character: string): number {
  if (character < '\u0300') return 1;
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
