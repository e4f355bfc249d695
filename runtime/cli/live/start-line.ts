import { debuglog } from 'node:util';

/** A log hears of a step when it has taken so long, and again after as long. */
const SLOW_MS = 2_000;
/** A terminal sees that something goes on. */
const REDRAW_MS = 1_000;

/** `NODE_DEBUG=stressrun`: each step with when it began, and the CPU of this process by then. */
const debug = debuglog('stressrun');

export interface StartLineOptions {
  /** Puts a line out. */
  show(text: string): void;
  /** Whether a line takes the place of the one before: then all are shown, else those that take long. */
  readonly isRedrawn: boolean;
}

/** What is said while a command starts: nobody looks at an empty terminal and wonders. */
export class StartLine {
  readonly #options: StartLineOptions;
  #step = '';
  #sinceMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: StartLineOptions) {
    this.#options = options;
  }

  /** A step begins. Does nothing after {@link end}. */
  enter(step: string): void {
    debug('%d ms, %d ms of CPU: %s', Math.round(performance.now()), cpuMs(), step);
    if (this.#isOver || step === this.#step) return;
    this.#step = step;
    this.#sinceMs = performance.now();
    clearInterval(this.#timer);
    const { isRedrawn } = this.#options;
    this.#timer = setInterval(() => this.#say(), isRedrawn ? REDRAW_MS : SLOW_MS);
    this.#timer.unref();
    if (isRedrawn) this.#say();
  }

  /** There is something else to look at. */
  end(): void {
    clearInterval(this.#timer);
    this.#isOver = true;
  }

  #say(): void {
    const seconds = Math.round((performance.now() - this.#sinceMs) / 1_000);
    this.#options.show(`starting: ${this.#step}${seconds === 0 ? '' : ` (${seconds} s)`}`);
  }
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return Math.round((user + system) / 1_000);
}
