import { monotonicUs } from '../core/clock.ts';
import { ConfigError, ScriptError } from '../core/errors.ts';
import type { JoinPlan, LoadChange, ScenarioPlan } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import type { Stage } from '../core/stage.ts';
import type { ToWorker } from '../messages/messages.ts';
import { finishUsers } from './finish-users.ts';
import type { Fleet } from './fleet.ts';
import { type HandOver, handOverOf } from './hand-over.ts';
import { callHook, type RunHook } from './hook-call.ts';
import type { LoadEdit, LoadEdits, PlannedEdit } from './load-edits.ts';
import { LoadProgress } from './load-progress.ts';
import { addLateWorker, type PreparedRun } from './prepare-run.ts';
import { Replacements, type RunningPeriod } from './replacements.ts';
import { reviveFirst } from './revive-first.ts';
import { StopSignal } from './stop-signal.ts';
import { warmUpScenarios } from './warm-up.ts';
import { within } from './within.ts';

/** Between sending the start, or an edit, and the moment it takes effect: every worker has built its engine, or heard of it, by then. */
const START_DELAY_US = 250_000;
/** Of a warm-up, whose times are in no verdict. */
const WARM_UP_DELAY_US = 50_000;
const EDIT_DELAY_US = 300_000;
const STOP_PATIENCE_MS = 5_000;

/** Drives a prepared fleet through the life of a run. */
export class LoadRun {
  readonly #fleet: Fleet;
  readonly #run: PreparedRun;
  #isStopping = false;
  readonly #stop = new StopSignal();
  readonly progress = new LoadProgress(this.#stop);
  #hasUsers = false;
  /** setup() has ended well: then there is something to tear down. */
  #isSetUp = false;
  /** Ends of the current period, by seat. */
  #ends: Promise<unknown>[] = [];
  #period: RunningPeriod | undefined;
  /** Undefined where there is one worker, who hands nothing over. */
  #handOver: HandOver | undefined;
  readonly replacements: Replacements;
  /** What edits have sent so far: a worker that comes later needs it all. */
  readonly #enlisted: PlannedEdit['enlisted'][number][] = [];
  readonly #changes: LoadChange[] = [];
  #lastEdit: Promise<unknown> = Promise.resolve();
  /** What setup() returned, as JSON; empty for nothing. */
  setupJson = '';
  onStage: (stage: Stage) => void = () => undefined;
  /** A worker has no more of the measured period to report. */
  onMeasured: (worker: number) => void = () => undefined;
  /** A worker takes the place of a lost one in the measured period; its first second is this one. */
  onJoined: (worker: number, second: number) => void = () => undefined;
  /** Something happened that has to be told. */
  onNote: (text: string) => void = () => undefined;

  constructor(fleet: Fleet, run: PreparedRun) {
    this.#fleet = fleet;
    this.#run = run;
    this.replacements = new Replacements(fleet, run.plan);
    fleet.onHandOver = (worker, parts) => this.#handOver?.take(worker, parts);
  }

  /** Users were made. Before that there is no copy of the script that a hook could be called in. */
  get hasUsers(): boolean {
    return this.#hasUsers;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** VUs, setup(), vuSetup(). @throws {ScriptError} when the script throws there */
  async setUp(): Promise<void> {
    const { plan, exportNames } = this.#run;
    this.#enter('preparing users');
    // not given up by a stop: teardown() needs these users
    await this.#prepared(this.#fleet.askAll(this.#preparation, 'prepared'));
    this.#hasUsers = true;
    if (exportNames.includes('setup') && !this.#isStopping) {
      this.#enter('setup');
      this.setupJson = await this.#hook('setup', plan.setupTimeoutUs);
      this.#isSetUp = true;
    }
    const vuSetup = exportNames.includes('vuSetup') && !this.#isStopping;
    await this.#stop.unlessTold(this.#prepared(this.#fleet.askAll({ type: 'data', json: this.setupJson, vuSetup }, 'prepared')));
  }

  get #preparation(): Extract<ToWorker, { type: 'prepare' }> {
    const { plan, environment, exportNames } = this.#run;
    return { type: 'prepare', scenarios: [...plan.scenarios], hasVuTeardown: exportNames.includes('vuTeardown'), environment };
  }

  /** Warm-up, then the measured load. */
  async load(): Promise<void> {
    const { plan } = this.#run;
    const warmUp = warmUpScenarios(plan.warmUp, plan.scenarios);
    if (warmUp.length > 0 && !this.#isStopping) await this.#runPeriod('warm-up', warmUp);
    if (!this.#isStopping) await this.#runPeriod('measured', [...plan.scenarios]);
  }

  /** Ends the warm-up, if that is what goes on: the measured load comes next. */
  endWarmUp(): void {
    if (this.progress.stage !== 'warm-up') return;
    if (this.#period !== undefined) this.#period.isOver = true;
    this.#fleet.broadcast({ type: 'stop', how: 'graceful' });
  }

  /** One edit after the other. @throws {ConfigError} when the load cannot be changed so, {ScriptError} when the script throws in an added user */
  adjust(edit: LoadEdit, edits: LoadEdits): Promise<PlannedEdit & { atS: number }> {
    return this.#inTurn(() => this.#adjust(edit, edits));
  }

  /** After whatever else changes the load or the fleet. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.#lastEdit.then(act);
    this.#lastEdit = mine.catch(() => undefined);
    return mine;
  }

  async #adjust(edit: LoadEdit, edits: LoadEdits): Promise<PlannedEdit & { atS: number }> {
    this.#editableStartUs();
    const planned = edits.plan(edit);
    const vuSetup = this.#run.exportNames.includes('vuSetup');
    for (const some of planned.enlisted) {
      await this.#prepared(this.#fleet.askAll({ type: 'enlist', ...some, vuSetup }, 'prepared'));
      this.#enlisted.push(some);
    }
    edits.enlisted(planned);
    const atUs = monotonicUs() + EDIT_DELAY_US - this.#editableStartUs();
    for (const each of planned.changes) {
      const change = { ...each, atUs };
      this.#fleet.broadcast({ type: 'adjust', change });
      this.#changes.push(change);
    }
    const atS = atUs / 1_000_000;
    edits.apply(planned, atS);
    return { ...planned, atS };
  }

  /** When the measured period began. @throws {ConfigError} when it does not go on for long enough to be changed */
  #editableStartUs(): number {
    const { stage, startUs, plannedUs } = this.progress;
    if (stage !== 'measuring' || startUs === undefined)
      throw new ConfigError('', `expected a run that is measuring; it is ${stage === '' ? 'not prepared yet' : `at: ${stage}`}`);
    if (plannedUs !== undefined && monotonicUs() + EDIT_DELAY_US >= startUs + plannedUs)
      throw new ConfigError('', 'expected a run that goes on for at least a second; it is at its end');
    return startUs;
  }

  /** teardown(), unless setup() did not end well, as in k6. @throws {ScriptError} when it throws or takes too long */
  async tearDown(): Promise<void> {
    const { plan, exportNames } = this.#run;
    this.#enter('teardown');
    if (!this.#hasUsers || !exportNames.includes('teardown') || (exportNames.includes('setup') && !this.#isSetUp)) return;
    if (!this.#fleet.hasWorkerOf(0))
      await reviveFirst(this.#fleet, this.#run, { preparation: this.#preparation, setupJson: this.setupJson });
    await this.#hook('teardown', plan.teardownTimeoutUs);
  }

  /** handleSummary(). @param json - what it is given @returns what it returned, as JSON. @throws {ScriptError} when it throws or takes too long */
  handleSummary(json: string): Promise<string> {
    this.#enter('summary');
    return this.#hook('handleSummary', this.#run.plan.handleSummaryTimeoutUs, json);
  }

  /** vuTeardown(). @throws {ScriptError} when it ran away or threw */
  finish(): Promise<void> {
    return finishUsers(this.#fleet, {
      onNote: (text) => this.onNote(text),
      render: (stack) => this.#run.mapper.renderScriptError(stack),
    });
  }

  /** No new iterations; running ones get their graceful stop. */
  stop(how: 'graceful' | 'now'): void {
    this.#isStopping = true;
    this.#stop.tell();
    this.#enter('stopping');
    this.#fleet.broadcast({ type: 'stop', how });
  }

  /** After a worker was lost: the others stop and hand in what they have. */
  async abandon(): Promise<void> {
    if (this.#fleet.workers.length === 0 || this.#ends.length === 0) return;
    this.stop('now');
    await within(Promise.allSettled(this.#ends), STOP_PATIENCE_MS);
  }

  async #runPeriod(name: RunningPeriod['name'], scenarios: ScenarioPlan[]): Promise<void> {
    const startUs = monotonicUs() + (name === 'warm-up' ? WARM_UP_DELAY_US : START_DELAY_US);
    const period: RunningPeriod = { name, scenarios, startUs, isOver: false };
    this.#period = period;
    const { plannedUs } = lengthOf(scenarios);
    this.progress.begin({ name, startUs, plannedUs });
    this.#enter(name === 'measured' ? 'measuring' : name);
    try {
      this.#handOver = handOverOf(this.#fleet, period, this.replacements);
      const answers = this.#fleet.seats.map((seat) => this.#endOf(seat, period));
      this.#ends = answers;
      const endsUs = (await Promise.all(answers)).filter((endUs) => endUs !== undefined);
      const isWhole = plannedUs !== undefined && !this.#isStopping;
      this.progress.end(isWhole ? startUs + plannedUs : endsUs.length === 0 ? monotonicUs() : Math.max(...endsUs));
    } catch (error) {
      this.progress.end(monotonicUs());
      throw error;
    } finally {
      this.#fleet.broadcast({ type: 'over' });
    }
  }

  /**
   * One share of a period, by whichever workers: one that is lost has its place taken by another.
   * @returns when it ended, monotonic µs; undefined when it was lost and too late to be made up for
   */
  async #endOf(seat: number, period: RunningPeriod): Promise<number | undefined> {
    const { name, scenarios, startUs } = period;
    for (let isLate = false; ; isLate = true) {
      try {
        if (isLate) await this.#inTurn(() => this.#addLate(seat));
        if (isLate && (this.#isStopping || period.isOver)) return undefined;
        const joining = isLate ? { join: this.#join(seat, period) } : {};
        const order: ToWorker = { type: 'run', period: name, scenarios, startUs: startUs - this.#fleet.epochUs, ...joining };
        const worker = this.#fleet.workerOf(seat);
        const ended = this.#fleet.ask(worker, order, 'periodEnded');
        if (isLate) this.#handOver?.joined(worker);
        const { endedAtUs } = await ended;
        this.#handOver?.gone(worker);
        if (name === 'measured') this.onMeasured(this.#fleet.workerOf(seat));
        return this.#fleet.epochUs + endedAtUs;
      } catch (error) {
        if (this.#fleet.isClosed) throw error;
        this.#handOver?.gone(this.#fleet.workerOf(seat));
        const loss = this.replacements.lose(seat, error, period);
        const isTooLate = this.#isStopping || period.isOver;
        const without = isTooLate
          ? 'the load is ending without it'
          : this.#fleet.canReplace(seat)
            ? undefined
            : 'its share of the load is lost from here on';
        this.onNote(`${loss.cause}; ${without ?? 'another worker takes its place'}`);
        if (without !== undefined) return undefined;
      }
    }
  }

  /** A worker that knows what the others know, with its users set up. */
  async #addLate(seat: number): Promise<void> {
    if (this.#isStopping) return;
    const worker = await addLateWorker(this.#fleet, seat, this.#run);
    const ready = (message: ToWorker): Promise<void> => this.#prepared(this.#fleet.ask(worker, message, 'prepared').then((one) => [one]));
    await ready(this.#preparation);
    for (const some of this.#enlisted) await ready({ type: 'enlist', ...some, vuSetup: false });
    await ready({ type: 'data', json: this.setupJson, vuSetup: this.#run.exportNames.includes('vuSetup') });
  }

  #join(seat: number, period: RunningPeriod): JoinPlan {
    const { atUs, starts } = this.replacements.join(seat, period, (worker, scenario) => this.#handOver?.movedTo(worker, scenario) ?? 0);
    const worker = this.#fleet.workerOf(seat);
    if (period.name === 'measured') this.onJoined(worker, Math.floor(atUs / 1_000_000));
    this.onNote(
      `worker ${seat + 1} is there again, ${(atUs / 1_000_000).toFixed(1)} s into ${period.name === 'measured' ? 'the measured period' : 'the warm-up'}`,
    );
    return { atUs, starts, changes: this.#changes };
  }

  async #hook(kind: RunHook, timeoutUs: number, json?: string): Promise<string> {
    const called = await callHook(this.#fleet, { kind, timeoutUs, json }, (what, stack) => this.#scriptError(what, stack));
    // test.abort(): it has said so itself, and that is no error of the script
    if (called === undefined) this.#isStopping = true;
    return called ?? '';
  }

  async #prepared(answers: Promise<{ error: string | null; failedVu: number }[]>): Promise<void> {
    for (const { error, failedVu } of await answers)
      if (error !== null)
        throw this.#scriptError(failedVu < 0 ? 'the script could not be prepared' : `VU ${failedVu + 1} could not be prepared`, error);
  }

  #scriptError(what: string, stack: string): ScriptError {
    return new ScriptError(`${what}\n${this.#run.mapper.renderScriptError(stack)}`);
  }

  #enter(stage: Stage): void {
    this.progress.stage = stage;
    this.onStage(stage);
  }
}
