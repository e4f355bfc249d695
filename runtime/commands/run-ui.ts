import { setTimeout as pause } from 'node:timers/promises';
import { ConfigError, EXIT_OWN_FAULT, StressrunError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import { durationUsOf } from '../core/units.ts';
import { renderError } from '../report/error.ts';
import type { StopSignal } from '../run/output.ts';
import { exitCodeOf } from '../run/test-end.ts';
import { ConflictError } from '../server/backend.ts';
import { basePathOf } from '../server/base-path.ts';
import { listenAddressOf } from '../server/listen-address.ts';
import { startUiServer } from '../server/ui-server.ts';
import type { RunUiInput } from './inputs.ts';
import { onNpxGone } from './npx-watch.ts';
import { type StartedRun, UiBackend } from './ui-backend.ts';

const AUTOQUIT_MAX_S = 86_400;
/** Its address may come from `--host`, `--port` or `--ui`. */
const UI_COMMAND = 'stressrun ui';

/**
 * `stressrun ui`, and `--ui` on a run. @returns the exit code of the last run; 0 when there was none
 * @throws {StressrunError} for what stops it before it begins
 */
export async function runUi(input: RunUiInput): Promise<number> {
  const { ui, output } = input;
  const typedAs = ui.mode === 'ui' ? UI_COMMAND : '--ui';
  const address = listenAddressOf(ui.address, typedAs);
  const proxy = { basePath: basePathOf(ui.basePath ?? ''), isProxyTrusted: ui.isProxyTrusted === true };
  const autoquitS = ui.autoquit === undefined ? undefined : secondsOf(ui.autoquit);
  const stopping = new Stopping(input);
  const backend = new UiBackend({ ...input, signals: stopping });
  const runs = new RunSequence(backend);
  stopping.isRunning = () => backend.isRunning;
  const server = await startUiServer({
    backend,
    address,
    typedAs,
    token: ui.token,
    proxy,
    pagesFolder: PACKAGE.pagesFolder,
    onBug: (error) => output.note(`the web UI: ${renderError(error).trimEnd()}`),
  });
  output.note(`web UI: ${server.fullUrl}${server.hasToken ? '   (with its token: whoever has it may start load)' : ''}`);
  if (!server.hasToken && backend.hasProduction) output.note(`to allow load of production there, open ${server.consentUrl}`);
  try {
    const first = ui.isAutostart || ui.mode === 'run' ? await firstRun(backend, { ui, output }) : undefined;
    await untilNobodyWantsIt({ runs, stopping, autoquitS, input });
    return ui.mode === 'run' && first !== undefined ? exitCodeOf(await first.ended) : runs.exitCode;
  } finally {
    stopping.close();
    await server.close();
  }
}

/** What stops the only run before it begins is what the command fails with; where more may follow it is said. @throws {StressrunError} */
async function firstRun(backend: UiBackend, { ui, output }: Pick<RunUiInput, 'ui' | 'output'>): Promise<StartedRun | undefined> {
  const run = await attempt(() => backend.startWith(backend.typedFlags()));
  const problem = run instanceof Error ? run : await run.planned.then(() => undefined, asError);
  if (problem === undefined || problem instanceof ConflictError) return run instanceof Error ? undefined : run;
  if (ui.mode === 'run') throw problem;
  output.note(renderError(problem).trimEnd());
  return undefined;
}

interface Surroundings {
  readonly runs: RunSequence;
  readonly stopping: Stopping;
  readonly autoquitS: number | undefined;
  readonly input: RunUiInput;
}

async function untilNobodyWantsIt({ runs, stopping, autoquitS, input: { ui, output } }: Surroundings): Promise<void> {
  const isKept = autoquitS === undefined && (ui.mode === 'ui' || output.isTty);
  for (let seen = 0; ; ) {
    if (runs.ended === seen && !stopping.isAsked) await Promise.race([runs.nextEnd(), stopping.asked]);
    if (stopping.isAsked && runs.isRunning) await runs.nextEnd(); // it was told to stop as well
    seen = runs.ended;
    if (stopping.isAsked) return;
    if (isKept) {
      if (ui.mode === 'run') output.note('the web UI stays until Ctrl-C; --autoquit ends it with the run');
      continue;
    }
    const patience = new AbortController();
    const isOver = await Promise.race([
      pause((autoquitS ?? 0) * 1_000, true, { signal: patience.signal }).catch(() => true),
      runs.nextStart().then(() => false),
      stopping.asked.then(() => true),
    ]);
    patience.abort();
    if (isOver && !runs.isRunning) return;
  }
}

async function attempt(start: () => StartedRun): Promise<StartedRun | Error> {
  try {
    return start();
  } catch (error) {
    return asError(error);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The runs of this program, one after the other. */
class RunSequence {
  /** Of the last run; 0 before there was one. */
  exitCode = 0;
  isRunning = false;
  /** How many are over. */
  ended = 0;
  readonly #starts: (() => void)[] = [];
  readonly #ends: (() => void)[] = [];

  constructor(backend: UiBackend) {
    backend.onStarted = (run) => {
      this.isRunning = true;
      for (const settle of this.#starts.splice(0)) settle();
      // what went wrong is said to whoever asked for the run
      run.ended.then(
        (end) => this.#over(exitCodeOf(end)),
        (error: unknown) => this.#over(error instanceof StressrunError ? error.exitCode : EXIT_OWN_FAULT),
      );
    };
  }

  nextStart(): Promise<void> {
    return new Promise((settle) => this.#starts.push(settle));
  }

  nextEnd(): Promise<void> {
    return new Promise((settle) => this.#ends.push(settle));
  }

  #over(exitCode: number): void {
    this.isRunning = false;
    this.ended++;
    this.exitCode = exitCode;
    for (const settle of this.#ends.splice(0)) settle();
  }
}

/** Ctrl-C reaches the run that goes on, and this program; that npx is gone counts as a closed terminal. */
class Stopping {
  readonly asked: Promise<void>;
  isAsked = false;
  isRunning = (): boolean => false;
  #callback: (signal: StopSignal) => void = () => undefined;

  /** Ends the watch over npx. */
  readonly close: () => void;

  constructor({ around, signals, output }: RunUiInput) {
    let settle = (): void => undefined;
    this.asked = new Promise((settled) => {
      settle = settled;
    });
    const stop = (signal: StopSignal): void => {
      this.isAsked = true;
      if (this.isRunning()) this.#callback(signal);
      settle();
    };
    signals.onStop(stop);
    this.close = onNpxGone(around.variables, () => {
      output.note('the npx that started this is gone: stopping');
      stop('SIGHUP');
    });
  }

  onStop(callback: (signal: StopSignal) => void): () => void {
    this.#callback = callback;
    return () => {
      if (this.#callback === callback) this.#callback = () => undefined;
    };
  }
}

/** `10`, `10s`; empty: at once. @throws {ConfigError} */
function secondsOf(text: string): number {
  if (text === '') return 0;
  const us = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1_000_000 : durationUsOf(text);
  if (us === undefined || us > AUTOQUIT_MAX_S * 1_000_000)
    throw new ConfigError('--autoquit', `expected seconds from 0 to ${AUTOQUIT_MAX_S}, such as 10; got ${JSON.stringify(text)}`);
  return us / 1_000_000;
}
