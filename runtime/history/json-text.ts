/** An array of nothing but numbers and nulls, spread over lines; no text of JSON holds a line break, so it is never inside of one. */
const SPREAD_NUMBERS = /\[\n\s+(?:-?\d[\d.eE+-]*|null)(?:,\n\s+(?:-?\d[\d.eE+-]*|null))*\n\s+\]/g;

/** JSON for people and diffs, two spaces deep, but with the numbers of an array on one line. @param text as of `JSON.stringify(value, undefined, 2)` */
export function compactJson(text: string): string {
  return text.replace(SPREAD_NUMBERS, (array) => array.replace(/\s+/g, ''));
}
