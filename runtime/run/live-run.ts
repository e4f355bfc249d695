import { cpuMsOf } from '../cluster/process-cpu.ts';
import { monotonicUs } from '../core/clock.ts';
import type { RunPlan, ThresholdPlan } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import type { Calibration } from '../core/records.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson, ThresholdResult } from '../core/run-json.ts';
import type { Stage } from '../core/stage.ts';
import { formatDurationUs } from '../core/units.ts';
import type { RunFolder } from '../history/run-folder.ts';
import type { SnapshotMessage } from '../messages/messages.ts';
import { type MachineLoad, MachineMeter } from '../monitor/machine-load.ts';
import { LiveView } from '../record/live-view.ts';
import type { Recording } from '../record/recording.ts';
import type { RunEdit } from '../record/run-edit.ts';
import { type LiveAbort, LiveJudge } from '../verdict/live-judge.ts';
import { LiveDoubts } from './live-doubts.ts';
import { type LoadEdit, LoadEdits } from './load-edits.ts';
import type { LoadRun } from './load-run.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { RunControl, RunEvent, RunSecond, RunStatus } from './run-control.ts';
import { StableWatch } from './warm-up.ts';

const TICK_MS = 1_000;

export interface LiveRunOptions {
  readonly run: PreparedRun;
  readonly load: LoadRun;
  readonly recording: Recording;
  readonly folder: RunFolder;
  readonly notes: readonly string[];
  readonly redactor: Redactor;
  /** A threshold ends the run. */
  onAbort(abort: LiveAbort): void;
  /** Something for the notes of the run. */
  onNote(text: string): void;
  /** What the workers took for an answer that waits for nothing; null: not measured, or not yet. */
  calibration(): Calibration | null;
  /** What was measured so far, complete, secrets hidden. */
  soFar(): RunJson;
  /** Somebody asked for the end. */
  onStop(how: 'graceful' | 'now'): void;
}

/** A run while it goes on: a line in the journal, a judgement, and an event for whoever watches, once a second; and its steering. */
export class LiveRun implements RunControl {
  readonly plan: RunPlan;
  readonly baseUrl: string;
  readonly folder: string;
  readonly redactor: Redactor;
  readonly store: Recording['store'];
  readonly edits: LoadEdits;
  readonly #options: LiveRunOptions;
  readonly #judge: LiveJudge;
  readonly #listeners = new Set<(event: RunEvent) => void>();
  readonly #editsMade: RunEdit[] = [];
  readonly #stable = new StableWatch();
  readonly #live = new LiveView();
  readonly #doubts = new LiveDoubts();
  #ticker: NodeJS.Timeout | undefined;
  #stage: Stage | '' = '';
  #second: RunSecond | undefined;
  #hasAborted = false;

  readonly #meter = new MachineMeter(cpuMsOf);
  /** What the machine did while the load was measured; undefined: not known, or not over. */
  machine: MachineLoad | undefined;

  constructor(options: LiveRunOptions) {
    const { run, load, recording, folder } = options;
    this.#options = options;
    this.plan = run.plan;
    this.baseUrl = run.environment.baseUrl;
    this.folder = folder.path;
    this.redactor = options.redactor;
    this.store = recording.store;
    this.edits = new LoadEdits(run.plan);
    const workers = Array.from({ length: run.plan.workers }, (_, worker) => worker);
    this.#judge = new LiveJudge(run.plan.thresholds, recording, { workers, plannedUs: lengthOf(run.plan.scenarios).plannedUs });
    load.onStage = (stage) => this.#enter(stage);
    load.onMeasured = (worker) => recording.finished(worker);
    load.replacements.lastReportOf = (worker) => recording.lastReportOf(worker);
    load.onJoined = (worker, second) => recording.joined(worker, second);
    load.onNote = (text) => {
      recording.note(text);
      options.onNote(text);
    };
  }

  begin(): void {
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
  }

  /** No more seconds come; the last, unfinished one is written. */
  end(): void {
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  /** What came since the last second, as one more: the load is over. */
  writeRest(): void {
    this.emit({ type: 'second', second: this.#closeSecond() });
  }

  take(worker: number, snapshot: SnapshotMessage): void {
    this.#options.recording.take(worker, snapshot);
  }

  workerLost(worker: number): void {
    this.#options.recording.lose(worker);
  }

  /** Results of the thresholds with a window, once the measured period is over. */
  windows(measuredS: number): ReturnType<LiveJudge['finish']> {
    return this.#judge.finish(measuredS);
  }

  /** How the others were spread over the seconds. */
  get tallies(): LiveJudge['tallies'] {
    return this.#judge.tallies;
  }

  /** The same while it goes on: they stand as they do, and nothing is closed. */
  windowsSoFar(): ReadonlyMap<ThresholdPlan, ThresholdResult> {
    const live = this.#second?.thresholds ?? [];
    return new Map(
      this.plan.thresholds.flatMap((plan, i) => {
        const now = live[i];
        if (plan.parsed.window === undefined || now === undefined) return [];
        const { marginRatio: _, ...result } = now;
        return [[plan, { ...result, detail: `${plan.expression}: ${now.outcome} so far` }] as const];
      }),
    );
  }

  soFar(): RunJson {
    return this.#options.soFar();
  }

  emit(event: RunEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  ended(result: RunJson): void {
    this.#stage = 'ended';
    this.emit({ type: 'ended', result });
  }

  /** The load ends before its time. */
  halt(how: 'graceful' | 'now'): void {
    const { load } = this.#options;
    const { startUs, stage } = load.progress;
    if (stage === 'measuring' && startUs !== undefined) this.#judge.endsAfter(Math.max(0, monotonicUs() - startUs));
    load.stop(how);
  }

  status(): RunStatus {
    return {
      runId: this.plan.runId,
      stage: this.#stage,
      second: this.#second,
      loads: this.edits.loads,
      edits: [...this.#editsMade],
      notes: [...this.#options.notes],
    };
  }

  async adjust(edit: LoadEdit): Promise<RunEdit> {
    const { phase, change, atS } = await this.#options.load.adjust(edit, this.edits);
    const made: RunEdit = { phase, change, atS };
    this.#editsMade.push(made);
    this.#options.recording.adjusted(made);
    if (this.#editsMade.length === 1) this.#options.onNote(EXPLORATORY);
    this.emit({ type: 'adjusted', edit: made });
    return made;
  }

  stop(how: 'graceful' | 'now'): void {
    if (this.#stage !== 'ended') this.#options.onStop(how);
  }

  onEvent(listener: (event: RunEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #enter(stage: Stage): void {
    if (this.#stage === 'warm-up' && stage === 'measuring') this.#tellWarmUp();
    if (this.#stage === 'measuring') this.machine = this.#meter.take();
    if (stage === 'measuring') this.#meter.start();
    this.#stage = stage;
    this.#options.recording.stage(stage);
    this.emit({ type: 'stage', stage });
  }

  #tick(): void {
    const second = this.#closeSecond();
    this.emit({ type: 'second', second });
    this.#act(second);
  }

  #closeSecond(): RunSecond {
    const { recording, folder } = this.#options;
    const { startUs, plannedUs, measuredS } = this.#options.load.progress;
    const told = recording.writeLine(folder, measuredS);
    const elapsedUs = startUs === undefined ? 0 : Math.max(0, monotonicUs() - startUs);
    const thresholds = this.#doubts.settled(this.#judge.closeSecond(), {
      plan: this.plan,
      generator: [...recording.generator.values()],
      starts: recording.starts,
      measuredS,
      calibration: this.#options.calibration(),
    });
    const remainingUs = startUs === undefined || plannedUs === undefined ? undefined : Math.max(0, plannedUs - elapsedUs);
    const second: RunSecond = {
      ...told,
      elapsedUs,
      remainingUs,
      inFlight: recording.inFlight,
      numbers: this.#live.take(told),
      thresholds,
      generator: recording.lastGenerator(),
      startsByScenario: recording.startsByScenario,
    };
    this.#second = second;
    return second;
  }

  #tellWarmUp(): void {
    const { warmUp } = this.plan;
    if (warmUp.kind !== 'stable') return;
    const { stableAfterS } = this.#stable;
    this.#options.onNote(
      stableAfterS === undefined
        ? `warm-up: response times were not stable after ${formatDurationUs(warmUp.durationUsMax)}; the load was measured all the same`
        : `warm-up: response times were stable after ${stableAfterS} s`,
    );
  }

  /** What a closed second may lead to. */
  #act(second: RunSecond): void {
    const { abort } = this.#judge;
    if (abort !== undefined && !this.#hasAborted && this.#stage === 'measuring') {
      this.#hasAborted = true;
      this.#options.onAbort(abort);
    }
    if (this.#stage === 'warm-up' && this.plan.warmUp.kind === 'stable' && this.#stable.take(second)) this.#options.load.endWarmUp();
  }
}

const EXPLORATORY = 'exploratory: the load was changed while it ran';
