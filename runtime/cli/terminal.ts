import { plainText } from '../report/plain-text.ts';
import { type ProgressState, renderProgress, renderProgressLine } from '../report/progress.ts';
import type { RunOutput } from '../run/output.ts';

/** The part of `process.stdout` that is needed. */
export interface OutputStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const COLUMNS_OF_TTY = 80;
/** A log is read in a browser or an editor. */
const COLUMNS_OF_LOG = 120;
const LOG_LINE_EVERY_US = 10_000_000;
/** Back to the first column, and the rest of the line away. */
const CLEAR_LINE = '\r\u001b[K';

/** The terminal as a command's output, and what is only the command line's. */
export interface Terminal extends RunOutput {
  /** Text on stderr as it is: an error. */
  problem(text: string): void;
  /** Takes the live line away. */
  close(): void;
}

/** Live progress and notes go to stderr, results to stdout, so that pipes work; a live line never mixes with other output. */
export function createTerminal(
  streams: { stdout: OutputStream; stderr: OutputStream },
  options: { isQuiet: boolean; isColorOff: boolean; term: string | undefined },
): Terminal {
  const { stdout, stderr } = streams;
  const { isQuiet } = options;
  const isTty = stderr.isTTY === true && options.term !== 'dumb';
  let isLineShown = false;
  let nextLogLineUs = LOG_LINE_EVERY_US;

  const clear = (): void => {
    if (isLineShown) stderr.write(CLEAR_LINE);
    isLineShown = false;
  };
  const say = (stream: OutputStream, text: string): void => {
    clear();
    stream.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    isTty,
    isQuiet,
    isColor: stdout.isTTY === true && options.term !== 'dumb' && !options.isColorOff,
    get columns() {
      return stdout.isTTY === true ? stdout.columns || COLUMNS_OF_TTY : COLUMNS_OF_LOG;
    },
    progress(state: ProgressState) {
      if (isQuiet) return;
      if (isTty) {
        stderr.write(CLEAR_LINE + renderProgress(state, stderr.columns || COLUMNS_OF_TTY));
        isLineShown = true;
      } else if (state.elapsedUs >= nextLogLineUs) {
        nextLogLineUs = (Math.floor(state.elapsedUs / LOG_LINE_EVERY_US) + 1) * LOG_LINE_EVERY_US;
        stderr.write(`${renderProgressLine(state)}\n`);
      }
    },
    note: (text) => say(stderr, plainText(text)),
    result: (text) => say(stdout, text),
    problem: (text) => say(stderr, text),
    close: clear,
  };
}
