import type { OutputStream } from '../../../runtime/cli/terminal.ts';

/** A stream that keeps what was written. */
export class WrittenStream implements OutputStream {
  readonly isTTY: boolean;
  readonly columns: number;
  text = '';

  constructor(isTTY: boolean, columns = 100) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): boolean {
    this.text += text;
    return true;
  }
}
