import { stripVTControlCharacters } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { ProgressState } from '../../report/progress.ts';
import { cellsOf } from './cells.ts';
import { renderLive } from './render-live.ts';

/** A terminal to draw on: the part of `process.stderr` that is needed. */
export interface ScreenStream {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
  on?(event: 'resize', listener: () => void): unknown;
  off?(event: 'resize', listener: () => void): unknown;
}

const COLUMNS_DEFAULT = 80;
const ROWS_DEFAULT = 24;
/** Eight times a second at most, whatever is logged. */
const REDRAW_MS = 125;
/** Between these a terminal that knows them shows nothing new: a block is never seen half drawn. @see https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036 */
const BEGIN_UPDATE = '\u001b[?2026h';
const END_UPDATE = '\u001b[?2026l';
/** One line up, and away with it. */
const ERASE_LINE_ABOVE = '\u001b[1A\u001b[2K';

/**
 * A block at the end of the terminal that is redrawn in place, with lines that stay above it. log-update hides the cursor while there is a block, and
 * gives it back however the process ends.
 */
export class LiveScreen {
  readonly #stream: ScreenStream;
  readonly #isColor: boolean;
  readonly #update: ReturnType<typeof createLogUpdate>;
  readonly #onResize = (): void => this.#resized();
  #state: ProgressState | string | undefined;
  #drawn: readonly string[] = [];
  #drawnColumns = 0;
  #pending = '';
  #isDue = false;
  #cooling: NodeJS.Timeout | undefined;
  /** What is written together, while it is gathered. */
  #frame: string | undefined;

  constructor(stream: ScreenStream, { isColor }: { isColor: boolean }) {
    this.#stream = stream;
    this.#isColor = isColor;
    const self = this;
    // a terminal that does not know its size says 0
    const sized = {
      isTTY: true,
      write: (text: string) => self.#write(text),
      get columns() {
        return self.#columns;
      },
      get rows() {
        return self.#rows;
      },
    };
    this.#update = createLogUpdate(sized as unknown as NodeJS.WritableStream);
  }

  /** Shows the run as it stands, or one line. */
  show(state: ProgressState | string): void {
    if (this.#state === undefined) this.#stream.on?.('resize', this.#onResize);
    this.#state = state;
    this.#request();
  }

  /** Text that stays, above the block; it may take an eighth of a second. @param text - ends in a line break */
  say(text: string): void {
    if (this.#state === undefined) {
      this.#stream.write(text);
      return;
    }
    this.#pending += text;
    this.#request();
  }

  /** Takes the block away and gives the cursor back; {@link show} begins anew. */
  erase(): void {
    if (this.#state === undefined) return;
    clearTimeout(this.#cooling);
    this.#cooling = undefined;
    this.#isDue = false;
    this.#stream.off?.('resize', this.#onResize);
    this.#state = undefined;
    this.#together(() => {
      this.#clear();
      this.#flush();
      this.#update.done();
    });
  }

  get #columns(): number {
    return this.#stream.columns || COLUMNS_DEFAULT;
  }

  get #rows(): number {
    return this.#stream.rows || ROWS_DEFAULT;
  }

  #request(): void {
    this.#isDue = true;
    if (this.#cooling === undefined) this.#draw();
  }

  #draw(): void {
    this.#isDue = false;
    if (this.#state === undefined) return;
    const state = this.#state;
    this.#together(() => {
      if (this.#pending !== '') {
        this.#clear();
        this.#flush();
      }
      this.#drawnColumns = this.#columns;
      this.#drawn =
        typeof state === 'string'
          ? [state.slice(0, this.#columns - 1)]
          : renderLive(state, { columns: this.#columns, rows: this.#rows, isColor: this.#isColor });
      this.#update(this.#drawn.join('\n'));
    });
    this.#cooling = setTimeout(() => {
      this.#cooling = undefined;
      if (this.#isDue) this.#draw();
    }, REDRAW_MS);
    this.#cooling.unref();
  }

  #write(text: string): void {
    if (this.#frame === undefined) this.#stream.write(text);
    else this.#frame += text;
  }

  /** Everything that `work` writes, as one piece. */
  #together(work: () => void): void {
    this.#frame = '';
    try {
      work();
    } finally {
      const text = this.#frame;
      this.#frame = undefined;
      if (text !== '') this.#stream.write(`${BEGIN_UPDATE}${text}${END_UPDATE}`);
    }
  }

  #clear(): void {
    if (this.#drawn.length > 0) this.#update.clear();
    this.#drawn = [];
  }

  #flush(): void {
    if (this.#pending !== '') this.#write(this.#pending);
    this.#pending = '';
  }

  /** A terminal that has become narrower has wrapped the lines: they are more than were drawn. */
  #resized(): void {
    const columns = this.#columns;
    const isNarrower = columns < this.#drawnColumns;
    const widths = isNarrower ? this.#drawn.map((line) => cellsOf(stripVTControlCharacters(line))) : [];
    const added = widths.reduce((sum, width) => sum + Math.max(0, Math.ceil(width / columns) - 1), 0);
    this.#together(() => {
      this.#clear();
      if (added > 0) this.#write(ERASE_LINE_ABOVE.repeat(added));
    });
    this.#request();
  }
}
