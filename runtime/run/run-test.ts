import { writeFile } from 'node:fs/promises';
import { monotonicUs } from '../core/clock.ts';
import { BugError, ClusterError, ConfigError, EXIT, StressrunError, UnhealthyError } from '../core/errors.ts';
import type { Calibration } from '../core/records.ts';
import { redactPlan } from '../history/redact-plan.ts';
import { Redactor } from '../history/redactor.ts';
import { createRunFolder, type RunFolder } from '../history/run-folder.ts';
import { renderConsole } from '../report/console.ts';
import { plainText } from '../report/plain-text.ts';
import type { RunFacts } from '../verdict/outcome.ts';
import { calibrateFleet } from './calibrate.ts';
import { Fleet, type WorkerEvent } from './fleet.ts';
import { checkHealth } from './health-check.ts';
import { LoadRun } from './load-run.ts';
import { machineFacts } from './machine-facts.ts';
import type { RunTestInput } from './output.ts';
import { PACKAGE } from './package-paths.ts';
import { drawPicture, inspectAnswer } from './picture-service.ts';
import { growFleet, type PreparedRun, prepareRun } from './prepare-run.ts';
import { Recording } from './recording.ts';
import { runJsonOf } from './run-json-of.ts';

type Ending = { -readonly [Key in keyof RunFacts]?: RunFacts[Key] };

/** `stressrun <script>`: everything from flags to the exit code. @throws {StressrunError} for what stops a run before it begins */
export async function runTest(input: RunTestInput): Promise<number> {
  const test = new TestRun(input);
  return test.run();
}

/** One run of a script, from beginning to report. */
class TestRun {
  readonly #input: RunTestInput;
  readonly #fleet: Fleet;
  readonly #ending: Ending = {};
  readonly #notes: string[] = [];
  /** Values of secrets never leave, wherever a script or an answer put them. */
  readonly #redactor = new Redactor();
  #prepared: PreparedRun | undefined;
  #recording: Recording | undefined;
  #load: LoadRun | undefined;
  #calibration: Calibration | null = null;
  #hasWarnedUnawaited = false;
  #startedMs = Date.now();

  constructor(input: RunTestInput) {
    this.#input = input;
    this.#fleet = new Fleet({ workerFile: PACKAGE.workerFile, onEvent: (worker, event) => this.#hear(worker, event) });
    input.signals.onStop((signal) => this.#interrupt(signal));
  }

  async run(): Promise<number> {
    try {
      const prepared = await this.#prepare();
      if (prepared === undefined) return EXIT.interrupted;
      this.#prepared = prepared;
      for (const note of [...prepared.plan.notes, ...prepared.bundle.warnings]) this.#note(note);
      if (this.#ending.interrupted !== undefined) return EXIT.interrupted;
      return await this.#runPrepared(prepared);
    } finally {
      this.#fleet.close();
      this.#prepared?.target?.close();
    }
  }

  /** @returns undefined when it was interrupted meanwhile: its workers are gone then */
  async #prepare(): Promise<PreparedRun | undefined> {
    try {
      return await prepareRun(this.#input.flags, this.#fleet, this.#redactor);
    } catch (error) {
      if (this.#ending.interrupted === undefined) throw error;
      this.#input.output.note('interrupted before the load began: there is nothing to report');
      return undefined;
    }
  }

  async #runPrepared(run: PreparedRun): Promise<number> {
    const recording = new Recording(run.mapper);
    this.#recording = recording;
    const folder = createRunFolder(this.#input.runDir, run.plan.runId, {
      onProblem: (problem) => this.#note(problem),
      redactor: this.#redactor,
    });
    await folder.writePlan({ ...redactPlan(run.plan, this.#redactor), ...machineFacts(run.plan, run.bundle) });
    const load = new LoadRun(this.#fleet, run);
    this.#load = load;
    load.onPhase = (phase) => recording.event(phase);
    const ticker = setInterval(() => this.#tick(folder), 1_000);
    try {
      await this.#liveThrough(run, load);
    } finally {
      clearInterval(ticker);
    }
    return this.#report(run, load, folder);
  }

  /** Every step of the run; what goes wrong becomes part of the ending, so that there is always a report. */
  async #liveThrough(run: PreparedRun, load: LoadRun): Promise<void> {
    try {
      await this.#checkHealth(run);
      await growFleet(this.#fleet, run);
      await this.#calibrate(run);
      await load.setUp();
      await load.load();
    } catch (error) {
      this.#fail(error);
      await load.abandon();
    }
    if (this.#fleet.workers.length === 0 || this.#ending.runaway !== undefined) return;
    try {
      await load.tearDown();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** What the generator itself adds to a latency; a run without it is a run all the same. */
  async #calibrate({ plan }: PreparedRun): Promise<void> {
    if (this.#ending.interrupted !== undefined) return;
    const users = plan.scenarios.reduce((sum, scenario) => sum + scenario.users, 0);
    this.#calibration = await calibrateFleet(this.#fleet, users);
    if (this.#calibration === null)
      this.#note('the generator could not be calibrated: what it adds to a latency is known from its lag alone');
  }

  async #checkHealth(run: PreparedRun): Promise<void> {
    const { healthCheck } = run.plan;
    const problem = await checkHealth(healthCheck, run.environment, {
      version: PACKAGE.version,
      isStopped: () => this.#ending.interrupted !== undefined,
      onWait: (reason) => this.#input.output.note(`waiting for the target: ${reason}`),
    });
    if (problem === undefined) return;
    if (healthCheck.onFailure === 'fail')
      throw new UnhealthyError(`the target is not healthy: ${problem}`, { hint: 'health_check.wait in config.yaml waits for it' });
    this.#note(`the target did not pass the health check, the run goes on: ${problem}`);
  }

  #fail(error: unknown): void {
    if (!(error instanceof StressrunError)) throw error;
    if (error.exitCode === EXIT.runaway) this.#ending.runaway ??= withHint(error);
    else if (error instanceof ClusterError) this.#ending.lostWork ??= error.message;
    else if (error instanceof BugError) throw error;
    else this.#ending.error ??= { exitCode: error.exitCode, message: withHint(error) };
  }

  async #report(run: PreparedRun, load: LoadRun, folder: RunFolder): Promise<number> {
    const recording = this.#recording as Recording;
    recording.event('ended');
    recording.writeLine(folder);
    const { measuredS } = load.progress;
    if (recording.overflowed > 0)
      this.#note(
        `more than the allowed number of series: some requests or metrics are counted together; put changing values into fewer names and tags`,
      );
    const result = runJsonOf({
      plan: run.plan,
      baseUrl: run.environment.baseUrl,
      startedMs: this.#startedMs,
      measuredS,
      store: recording.store,
      errors: recording.errors.rows(),
      starts: recording.starts,
      generator: [...recording.generator.values()],
      calibration: this.#calibration,
      kept: recording.kept.rows(),
      ending: this.#ending,
      notes: this.#notes,
    });
    const clean = this.#redactor.json(result);
    await folder.writeRunJson(clean);
    await folder.close();
    const { output, jsonPath } = this.#input;
    if (jsonPath !== undefined) await writeJson(jsonPath, clean, (problem) => output.note(problem));
    output.result(renderConsole(clean, { isColor: output.isColor, columns: output.columns, runFolder: folder.path }));
    return clean.run.exitCode;
  }

  #tick(folder: RunFolder): void {
    const [recording, load] = [this.#recording as Recording, this.#load as LoadRun];
    const live = recording.writeLine(folder);
    const { startUs, plannedUs, phase } = load.progress;
    const elapsedUs = startUs === undefined ? 0 : Math.max(0, monotonicUs() - startUs);
    this.#input.output.progress({
      elapsedUs,
      remainingUs: startUs === undefined || plannedUs === undefined ? undefined : Math.max(0, plannedUs - elapsedUs),
      users: recording.users,
      requestsPerSecond: live.requestsPerSecond,
      requests: live.requests,
      failed: live.failures,
      p95Us: live.responseTimeUsP95,
      phase: phase === 'measuring' ? '' : phase,
    });
  }

  #interrupt(signal: string): void {
    this.#ending.interrupted ??= signal;
    this.#load?.stop('graceful');
    if (this.#load === undefined) this.#fleet.close();
    this.#input.output.note('stopping: running iterations may end, then comes the report; Ctrl-C again leaves at once');
  }

  #note(text: string): void {
    this.#notes.push(text);
    this.#input.output.note(this.#redactor.text(text));
  }

  #hear(worker: number, event: WorkerEvent): void {
    switch (event.type) {
      case 'snapshot':
        return this.#recording?.take(worker, event);
      case 'log':
        return this.#log(event);
      case 'unawaited':
        return this.#warnUnawaited(event.where);
      case 'abort':
        this.#ending.aborted ??= event.reason === '' ? 'no reason given' : event.reason;
        return this.#load?.stop('now');
      case 'fail':
        this.#ending.testFailed ??= event.reason === '' ? 'no reason given' : event.reason;
        return;
      case 'inspect':
        return void inspectAnswer(this.#fleet, worker, event);
      case 'draw':
        return void drawPicture(this.#fleet, worker, { event, loader: this.#prepared?.loader });
    }
  }

  #log(event: Extract<WorkerEvent, { type: 'log' }>): void {
    const level = ['debug', 'info', 'warn', 'error'][event.level] ?? 'info';
    const who = event.vu < 0 ? '' : ` VU ${event.vu + 1}`;
    const text = this.#redactor.text(event.text);
    this.#input.output.note(`[${level}${who}] ${plainText(this.#prepared?.mapper.mapStack(text) ?? text)}`);
  }

  #warnUnawaited(where: string): void {
    if (this.#hasWarnedUnawaited) return;
    this.#hasWarnedUnawaited = true;
    const mapped = where === '' ? '' : (this.#prepared?.mapper.mapStack(where) ?? where).split('\n').slice(1).join('\n');
    const frame = where === '' ? undefined : this.#prepared?.mapper.frameOf(where);
    const place = [mapped, frame ?? ''].filter((part) => part.trim() !== '').join('\n');
    this.#note(
      `an operation was not awaited (put \`await\` before it); it was awaited at the end of its iteration${place === '' ? '' : `:\n${place}`}`,
    );
  }
}

function withHint(error: StressrunError): string {
  if (error.hint === undefined) return error.message;
  return error.message.includes('\n') ? `${error.message}\n  hint: ${error.hint}` : `${error.message}; ${error.hint}`;
}

async function writeJson(path: string, value: unknown, onProblem: (problem: string) => void): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(value, undefined, 2)}\n`);
  } catch (error) {
    onProblem(new ConfigError('--json', `${path} cannot be written: ${(error as Error).message}`).message);
  }
}
