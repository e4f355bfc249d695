// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what a terminal reads
const TOKEN = /\u001b\[(\?)?(\d*)(?:;\d+)*([A-Za-z])|[\r\n]|[^\u001b\r\n]+|\u001b/g;

/** As much of a terminal as our output needs: what stands on it, scrollback included, after what was written. It wraps, and wraps anew when it is resized. */
export class Screen {
  #columns: number;
  #lines: string[] = [''];
  #row = 0;
  #column = 0;
  /** False while the cursor is hidden. */
  isCursorShown = true;
  /** Sequences it does not know. */
  readonly unknown: string[] = [];

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Lines without trailing blank ones. */
  get lines(): string[] {
    const trimmed = this.#lines.map((line) => line.trimEnd());
    while (trimmed.length > 1 && trimmed.at(-1) === '') trimmed.pop();
    return trimmed;
  }

  write(text: string): void {
    for (const [token, isPrivate, amount, command] of text.matchAll(TOKEN)) {
      if (command !== undefined) this.#obey(token, { isPrivate: isPrivate !== undefined, amount, command });
      else if (token === '\n') this.#move(this.#row + 1, 0);
      else if (token === '\r') this.#column = 0;
      else for (const character of token) this.#put(character);
    }
  }

  resize(columns: number): void {
    this.#columns = columns;
    const wrapped = this.#lines.map((line) => line.trimEnd().match(new RegExp(`.{1,${columns}}`, 'gu')) ?? ['']);
    this.#row = wrapped.slice(0, this.#row).flat().length;
    this.#lines = wrapped.flat();
  }

  #obey(token: string, { isPrivate, amount, command }: { isPrivate: boolean; amount: string | undefined; command: string }): void {
    const count = Number(amount === '' ? 1 : amount);
    if (isPrivate && amount === '25') this.isCursorShown = command === 'h';
    else if (isPrivate && amount === '2026')
      return; // frames are drawn at once
    else if (command === 'm') return;
    else if (command === 'A') this.#move(Math.max(0, this.#row - count), this.#column);
    else if (command === 'B') this.#move(this.#row + count, this.#column);
    else if (command === 'G') this.#column = count - 1;
    else if (command === 'K') this.#set(amount === '2' ? '' : (this.#lines[this.#row] ?? '').slice(0, this.#column));
    else this.unknown.push(token);
  }

  #put(character: string): void {
    if (this.#column >= this.#columns) this.#move(this.#row + 1, 0);
    const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
    this.#set(line.slice(0, this.#column) + character + line.slice(this.#column + 1));
    this.#column++;
  }

  #set(line: string): void {
    this.#lines[this.#row] = line;
  }

  #move(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    while (this.#lines.length <= row) this.#lines.push('');
  }
}
