import type { Cluster } from '../agents/cluster.ts';
import { BugError, EXIT, StressrunError } from '../core/errors.ts';
import type { Calibration } from '../core/records.ts';
import { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import { signalsHeard } from '../core/signals-heard.ts';
import { redactPlan } from '../history/redact-plan.ts';
import { createRunFolder } from '../history/run-folder.ts';
import { Recording } from '../record/recording.ts';
import { summaryDataOf } from '../report/handle-summary.ts';
import { plainText } from '../report/plain-text.ts';
import { type BeforeLoad, calibratedBeforeLoad, requireHealth } from './before-load.ts';
import { type BegunRun, type Ending, noteFailure, resultOf, summaryMaterialOf } from './begun-run.ts';
import { completeRun } from './complete-run.ts';
import { Fleet } from './fleet.ts';
import { keepResult } from './keep-result.ts';
import { LiveRun } from './live-run.ts';
import { LoadRun } from './load-run.ts';
import { localWorkers } from './local-workers.ts';
import { machineFacts } from './machine-facts.ts';
import type { RunTestInput } from './output.ts';
import { growFleet, type PreparedRun, prepareRun } from './prepare-run.ts';
import { redactedError, redactedOutput } from './redacted-output.ts';
import { requireWritable, wantedFilesOf } from './report-paths.ts';
import { withHint } from './result-output.ts';
import { openRunOutputs } from './run-outputs.ts';
import { awaitedLater } from './side-by-side.ts';
import { type SummaryOutput, summaryOutputOf, writeSummaryFiles } from './summary-files.ts';
import { placed } from './surroundings.ts';
import type { TestEnd } from './test-end.ts';
import { withAgents } from './with-agents.ts';
import { WorkerEvents } from './worker-events.ts';

/**
 * `stressrun <script>`: everything from flags to the result, from which the exit code follows. Nothing in it is the process's own: any number of runs may go on
 * in one, each with its surroundings.
 * @throws {StressrunError} for what stops a run before it begins
 */
export async function runTest(input: RunTestInput): Promise<TestEnd> {
  const own = placed(input);
  return withAgents(own, (agents) => new TestRun(own, agents).run());
}

/** One run of a script, from beginning to report. */
class TestRun {
  readonly #input: RunTestInput;
  readonly #agents: Cluster | undefined;
  readonly #fleet: Fleet;
  readonly #ending: Ending = {};
  readonly #notes: string[] = [];
  /** Values of secrets never leave, wherever a script or an answer put them. */
  readonly #redactor = new Redactor();
  #prepared: PreparedRun | undefined;
  #begun: BegunRun | undefined;
  /** As plan.json has it. */
  #plan: unknown;
  #summary: SummaryOutput | undefined;
  #calibration: Calibration | null = null;
  readonly #startedMs: number;
  /** Ends what is heard of signals. */
  readonly #unheard: () => void;

  constructor(input: RunTestInput, agents: Cluster | undefined) {
    this.#agents = agents;
    this.#input = { ...input, output: redactedOutput(input.output, this.#redactor) };
    this.#fleet = new Fleet({
      bus: agents?.openBus ?? localWorkers(input.around.variables),
      onEvent: (worker, event) => events.hear(worker, event),
      onLost: (worker) => this.#begun?.live.workerLost(worker),
    });
    const events = new WorkerEvents({
      fleet: this.#fleet,
      ending: this.#ending,
      redactor: this.#redactor,
      output: input.output,
      prepared: () => this.#prepared,
      begun: () => this.#begun,
      note: (text) => this.#note(text),
    });
    this.#startedMs = input.around.nowMs();
    this.#unheard = input.signals.onStop((signal) => this.#interrupt(signal));
  }

  get #said(): BeforeLoad {
    return { output: this.#input.output, isStopped: () => this.#ending.interrupted !== undefined, note: (text) => this.#note(text) };
  }

  async run(): Promise<TestEnd> {
    try {
      requireWritable(wantedFilesOf(this.#input));
      const prepared = await this.#prepare();
      if (prepared === undefined) return { kind: this.#ending.aborted === undefined ? 'interrupted' : 'aborted' };
      this.#prepared = prepared;
      for (const note of [...prepared.plan.notes, ...prepared.bundle.warnings]) this.#note(note);
      if (this.#ending.interrupted !== undefined) return { kind: 'interrupted' };
      return await this.#runPrepared(prepared);
    } catch (error) {
      throw redactedError(error, this.#redactor);
    } finally {
      this.#unheard();
      this.#fleet.close();
      this.#prepared?.target?.close();
    }
  }

  /** @returns undefined when it was interrupted or aborted meanwhile */
  async #prepare(): Promise<PreparedRun | undefined> {
    try {
      return await prepareRun(this.#input.flags, {
        fleet: this.#fleet,
        redactor: this.#redactor,
        around: this.#input.around,
        agents: this.#agents,
        onStep: this.#input.output.starting,
      });
    } catch (error) {
      await signalsHeard();
      const { interrupted, aborted } = this.#ending;
      if (interrupted === undefined && aborted === undefined) throw error;
      if (aborted !== undefined) this.#input.output.note(`test.abort() at module level: ${plainText(aborted)}`);
      this.#input.output.note(`${interrupted === undefined ? 'aborted' : 'interrupted'} before the load began: there is nothing to report`);
      return undefined;
    }
  }

  async #runPrepared(run: PreparedRun): Promise<TestEnd> {
    const recording = new Recording(run.mapper, {
      isFullHistory: this.#input.reports?.isCsvFullHistory ?? false,
      nowMs: this.#input.around.nowMs,
    });
    const facts = machineFacts(run.plan, run.bundle);
    const outputs = await openRunOutputs(run, recording, {
      redactor: this.#redactor,
      startedMs: this.#input.around.nowMs(),
      isCsvRaw: this.#input.reports?.isCsvRaw,
    });
    const folder = createRunFolder(this.#input.runDir, run.plan.runId, {
      onProblem: (problem) => this.#note(problem),
      redactor: this.#redactor,
    });
    this.#plan = { ...redactPlan(run.plan, this.#redactor), ...(await facts) };
    await folder.writePlan(this.#plan);
    const load = new LoadRun(this.#fleet, run);
    const live = this.#liveOf({ run, load, recording, folder });
    const begun: BegunRun = { run, load, recording, folder, live, outputs };
    this.#begun = begun;
    this.#input.output.follow(live);
    this.#input.onControl?.(live);
    live.begin();
    if (this.#ending.interrupted !== undefined) live.halt('graceful'); // told while all this was being made
    try {
      await this.#liveThrough(begun);
    } finally {
      live.end();
    }
    return this.#report(begun);
  }

  #liveOf(parts: Omit<BegunRun, 'live' | 'outputs'>): LiveRun {
    return new LiveRun({
      ...parts,
      notes: this.#notes,
      redactor: this.#redactor,
      onNote: (text) => this.#note(text),
      calibration: () => this.#calibration,
      soFar: () => this.#soFar(),
      onStop: (how) => this.#interrupt('stopped on request', how),
      onAbort: (abort) => {
        this.#ending.endedBy ??= abort;
        this.#begun?.live.halt('now');
      },
    });
  }

  /** Every step of the run; what goes wrong becomes part of the ending, so that there is always a report. */
  async #liveThrough(begun: BegunRun): Promise<void> {
    const { run, load, live } = begun;
    try {
      await this.#checkAndGrow(run);
      this.#calibration = await calibratedBeforeLoad(this.#fleet, run, this.#said);
      run.target?.giveWay();
      await load.setUp();
      await load.load();
    } catch (error) {
      this.#fail(error);
      await load.abandon();
    }
    try {
      await load.tearDown();
    } catch (error) {
      this.#fail(error);
    }
    live.writeRest();
    await this.#summarize(begun);
    try {
      await load.finish();
    } catch (error) {
      this.#fail(error); // a vuTeardown() that throws or runs away costs no report
    }
  }

  /** The script's own summary; without it, or when it fails, there is the usual one. */
  async #summarize(begun: BegunRun): Promise<void> {
    const { run, load } = begun;
    const { output } = this.#input;
    if (!run.exportNames.includes('handleSummary') || !this.#fleet.hasWorkerOf(0)) return;
    if (!load.hasUsers) return this.#note('handleSummary() was not called: the run ended before there were users');
    try {
      const data = this.#redactor.json(summaryDataOf(summaryMaterialOf(begun, this.#resultOf(begun), output.isTty)));
      this.#summary = summaryOutputOf(await load.handleSummary(JSON.stringify(data)), this.#redactor);
    } catch (error) {
      if (!(error instanceof StressrunError)) throw error;
      if (error.exitCode === EXIT.runaway) this.#fail(error);
      this.#note(`handleSummary() failed, so this is the usual summary: ${withHint(error)}`);
    }
  }

  /** Workers start while the target is asked. Whatever it answers, none is left half started: they have to be told to leave. */
  async #checkAndGrow(run: PreparedRun): Promise<void> {
    this.#input.output.starting(run.plan.workers === 1 ? 'health check' : `health check, starting ${run.plan.workers} workers`);
    const growing = awaitedLater(growFleet(this.#fleet, run));
    try {
      await requireHealth(run, this.#said);
    } finally {
      await Promise.allSettled([growing]);
    }
    await growing;
  }

  #fail(error: unknown): void {
    noteFailure(this.#ending, error, (lost) => this.#begun?.load.replacements.knows(lost) === true);
  }

  get #found() {
    const agents = this.#agents?.agents();
    return { startedMs: this.#startedMs, calibration: this.#calibration, notes: this.#notes, ...(agents === undefined ? {} : { agents }) };
  }

  /** The result as it stands. */
  #resultOf(begun: BegunRun): RunJson {
    return this.#redactor.json(resultOf(begun, { ...this.#found, ending: this.#ending }));
  }

  /** The result of a run that goes on: what it measured so far, and no verdict. */
  #soFar(): RunJson {
    const begun = this.#begun;
    if (begun === undefined) throw new BugError('expected a run that has begun');
    const { timeline, store } = begun.recording;
    const ending = { ...this.#ending, interrupted: this.#ending.interrupted ?? 'the run goes on: this is what it measured so far' };
    const run = this.#redactor.json(resultOf(begun, { ...this.#found, ending, windows: begun.live.windowsSoFar() }));
    return completeRun(run, { timeline, store, plan: this.#plan, redactor: this.#redactor });
  }

  async #report(begun: BegunRun): Promise<TestEnd> {
    const { run, recording, live } = begun;
    recording.stage('ended');
    live.writeRest();
    for (const note of await begun.outputs.close()) this.#note(note);
    if (recording.overflowed > 0)
      this.#note(
        `more than the allowed number of series: some requests or metrics are counted together; put changing values into fewer names and tags`,
      );
    const allowed = {
      runDir: this.#input.runDir,
      cwd: this.#input.around.folder,
      allowPaths: run.plan.allowPaths,
      inputs: run.bundle.inputs,
    };
    if (this.#summary !== undefined) await writeSummaryFiles(this.#summary, allowed, (problem) => this.#note(problem));
    const kept = await keepResult(begun, {
      result: () => this.#resultOf(begun),
      plan: this.#plan,
      redactor: this.#redactor,
      input: this.#input,
      summary: this.#summary,
    });
    live.ended(kept.result);
    return { kind: 'ended', ...kept };
  }

  #interrupt(signal: string, how: 'graceful' | 'now' = 'graceful'): void {
    this.#ending.interrupted ??= signal;
    this.#begun?.live.halt(how);
    if (this.#prepared === undefined) this.#fleet.close();
    this.#input.output.note(
      how === 'graceful'
        ? 'stopping: running iterations may end, then comes the report; Ctrl-C again leaves at once'
        : 'stopping now, then comes the report',
    );
  }

  #note(text: string): void {
    this.#notes.push(text);
    const shown = this.#redactor.text(text);
    this.#input.output.note(shown);
    this.#begun?.live.emit({ type: 'note', text: shown });
  }
}
