/**
 * The text frames that cross the sandbox: a record is a few whole numbers, then a text of known length.
 *
 *     12,3,0,5:hello      three numbers, then the length of the text, a colon, the text
 *
 * Nothing needs escaping, reading is one pass over character codes, and no object ever crosses.
 */

/** Appends a record to `out`. Numbers must be safe integers. */
export function frameOf(numbers: readonly number[], text: string): string {
  let head = '';
  for (const number of numbers) head += `${number},`;
  return `${head}${text.length}:${text}`;
}

/** Reads frames one after the other; throws nothing by itself: a torn frame gives NaN or a short text. */
export class FrameReader {
  #text = '';
  #at = 0;

  reset(text: string): void {
    this.#text = text;
    this.#at = 0;
  }

  hasMore(): boolean {
    return this.#at < this.#text.length;
  }

  /** The next whole number (it may be negative); the separator after it is consumed. */
  number(): number {
    const text = this.#text;
    let at = this.#at;
    let value = 0;
    let sign = 1;
    let code = text.charCodeAt(at);
    if (code === 45) {
      sign = -1;
      code = text.charCodeAt(++at);
    }
    while (code >= 48 && code <= 57) {
      value = value * 10 + code - 48;
      code = text.charCodeAt(++at);
    }
    this.#at = at + 1;
    return sign * value;
  }

  /** The text of the record: its length, a colon, that many UTF-16 units. */
  text(): string {
    let length = this.number();
    if (length < 0) length = 0; // a torn one must not lead backwards; not Math.max: a global is slow inside the sandbox
    const from = this.#at;
    this.#at = from + length;
    return this.#text.slice(from, this.#at);
  }
}
