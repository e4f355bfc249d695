import { withoutCommands } from '../core/runner-commands.ts';
import { plainText } from '../report/plain-text.ts';
import { type ProgressState, renderProgressLine } from '../report/progress.ts';
import type { RunOutput } from '../run/output.ts';
import { followRun } from './live/follow-run.ts';
import { LiveScreen, type ScreenStream } from './live/live-screen.ts';
import { StartLine } from './live/start-line.ts';

/** The part of `process.stdout` that is needed. */
export interface OutputStream extends ScreenStream {
  readonly isTTY?: boolean;
}

const COLUMNS_OF_TTY = 80;
/** A log is read in a browser or an editor. */
const COLUMNS_OF_LOG = 120;
const LOG_LINE_EVERY_US = 10_000_000;

/** `on` also in pipes and files; `auto`: where there is a terminal that has them. */
export type ColorWish = 'on' | 'off' | 'auto';

/** The terminal as a command's output, and what is only the command line's. */
export interface Terminal extends RunOutput {
  /** The live line; may be called as often as wanted. */
  progress(state: ProgressState): void;
  /** Text on stderr as it is: an error. */
  problem(text: string): void;
  /** Takes the live view away. Does no harm when it is gone. */
  close(): void;
}

/** Live progress and notes go to stderr, results to stdout, so that pipes work; a live view never mixes with other output. */
export function createTerminal(
  streams: { stdout: OutputStream; stderr: OutputStream },
  options: { isQuiet: boolean; colors: ColorWish; term: string | undefined; isReadByRunner?: boolean },
): Terminal {
  const { stdout, stderr } = streams;
  const { isQuiet } = options;
  const isTty = stderr.isTTY === true && options.term !== 'dumb';
  const screen = new LiveScreen(stderr, { isColor: options.colors !== 'off' });
  const start = new StartLine({ show: isTty ? (text) => screen.show(text) : (text) => stderr.write(lines(text)), isRedrawn: isTty });
  let nextLogLineUs = LOG_LINE_EVERY_US;
  // nothing of ours is an order but what is said to be one: whatever else looks like one was put there by a script or a target
  const harmless = options.isReadByRunner === true ? withoutCommands : (text: string): string => text;
  const lines = (text: string): string => {
    const shown = harmless(text);
    return shown.endsWith('\n') ? shown : `${shown}\n`;
  };
  const last = (stream: OutputStream, text: string): void => {
    start.end();
    screen.erase();
    stream.write(lines(text));
  };
  const terminal: Terminal = {
    isTty,
    isQuiet,
    isColor: options.colors === 'on' || (options.colors === 'auto' && stdout.isTTY === true && options.term !== 'dumb'),
    get columns() {
      return stdout.isTTY === true ? stdout.columns || COLUMNS_OF_TTY : COLUMNS_OF_LOG;
    },
    starting(step) {
      if (!isQuiet) start.enter(plainText(step));
    },
    progress(state: ProgressState) {
      // a log hears of progress only after a while: until then of what the start is busy with
      if (isTty || state.elapsedUs > 0) start.end();
      if (isQuiet) return;
      if (isTty) screen.show(state);
      else if (state.elapsedUs >= nextLogLineUs) {
        nextLogLineUs = (Math.floor(state.elapsedUs / LOG_LINE_EVERY_US) + 1) * LOG_LINE_EVERY_US;
        stderr.write(lines(renderProgressLine(state)));
      }
    },
    follow(run) {
      nextLogLineUs = LOG_LINE_EVERY_US;
      followRun(run, { starting: terminal.starting, progress: terminal.progress, hasDetail: isTty && !isQuiet });
    },
    note: (text, as) => screen.say(as === 'order' ? `${text}\n` : lines(plainText(text))),
    result: (text) => last(stdout, text),
    problem: (text) => last(stderr, text),
    close: () => {
      start.end();
      screen.erase();
    },
  };
  return terminal;
}
