import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../core/clock.ts';
import { EXIT, ScriptError } from '../core/errors.ts';
import type { ScenarioPlan, WarmUpPlan } from '../core/plan.ts';
import type { Fleet } from './fleet.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Between sending the start and the start itself: every worker has built its engine by then. */
const START_DELAY_US = 250_000;
const STOP_PATIENCE_MS = 5_000;
const FINISH_PATIENCE_MS = 15_000;

/** Where the run is, for progress, and the measured window. */
export interface LoadProgress {
  phase: string;
  /** Monotonic µs at which the current period began; undefined between periods. */
  startUs: number | undefined;
  plannedUs: number | undefined;
  measuredS: number;
}

/** Drives a prepared fleet through the life of a run. */
export class LoadRun {
  readonly progress: LoadProgress = { phase: '', startUs: undefined, plannedUs: undefined, measuredS: 0 };
  readonly #fleet: Fleet;
  readonly #run: PreparedRun;
  #isStopping = false;
  /** Ends of the current period, by worker. */
  #ends: Promise<unknown>[] = [];
  #lastToken = 0;
  onPhase: (phase: string) => void = () => undefined;

  constructor(fleet: Fleet, run: PreparedRun) {
    this.#fleet = fleet;
    this.#run = run;
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** VUs, setup(), vuSetup(). @throws {ScriptError} when the script throws there */
  async setUp(): Promise<void> {
    const { plan, settings, environment, exportNames } = this.#run;
    this.#enter('preparing users');
    this.#fleet.scenarioNames = settings.scenarios;
    const scenarios = [...plan.scenarios];
    await this.#prepared(
      this.#fleet.askAll(
        { type: 'prepare', scenarios, settings, hasVuTeardown: exportNames.includes('vuTeardown'), environment },
        'prepared',
      ),
    );
    let json = '';
    if (exportNames.includes('setup') && !this.#isStopping) {
      this.#enter('setup');
      json = await this.#hook('setup', plan.setupTimeoutUs);
    }
    await this.#prepared(
      this.#fleet.askAll({ type: 'data', json, vuSetup: exportNames.includes('vuSetup') && !this.#isStopping }, 'prepared'),
    );
  }

  /** Warm-up, then the measured load. */
  async load(): Promise<void> {
    const { plan } = this.#run;
    const warmUp = warmUpScenarios(plan.warmUp, plan.scenarios);
    if (warmUp.length > 0 && !this.#isStopping) await this.#period('warm-up', warmUp);
    if (!this.#isStopping) await this.#period('measured', [...plan.scenarios]);
  }

  /** teardown() and vuTeardown(), then the workers leave. @throws {ScriptError} when teardown() throws or takes too long */
  async tearDown(): Promise<void> {
    const { plan, exportNames } = this.#run;
    this.#enter('teardown');
    this.#fleet.expectLeave();
    try {
      if (exportNames.includes('teardown')) await this.#hook('teardown', plan.teardownTimeoutUs);
    } finally {
      await within(this.#fleet.askAll({ type: 'finish' }, 'finished'), FINISH_PATIENCE_MS);
    }
  }

  /** No new iterations; running ones get their graceful stop. */
  stop(how: 'graceful' | 'now'): void {
    this.#isStopping = true;
    this.#enter('stopping');
    this.#fleet.broadcast({ type: 'stop', how });
  }

  /** After a worker was lost: the others stop and hand in what they have. */
  async abandon(): Promise<void> {
    if (this.#fleet.workers.length === 0 || this.#ends.length === 0) return;
    this.stop('now');
    await within(Promise.allSettled(this.#ends), STOP_PATIENCE_MS);
  }

  async #period(period: 'warm-up' | 'measured', scenarios: ScenarioPlan[]): Promise<void> {
    const startUs = monotonicUs() + START_DELAY_US;
    const plannedUs = plannedLengthUs(scenarios);
    Object.assign(this.progress, { startUs, plannedUs });
    this.#enter(period === 'measured' ? 'measuring' : period);
    const measure = (endUs: number): void => {
      const planned = plannedUs === undefined || this.#isStopping ? endUs - startUs : Math.min(endUs - startUs, plannedUs);
      if (period === 'measured') this.progress.measuredS = Math.max(0, planned) / 1_000_000;
    };
    try {
      const answers = this.#fleet.workers.map((worker) =>
        this.#fleet.ask(worker, { type: 'run', period, scenarios, startUs }, 'periodEnded'),
      );
      this.#ends = answers;
      const ends = await Promise.all(answers);
      // rates are over the planned window: what graceful stop adds is not part of it
      measure(plannedUs === undefined || this.#isStopping ? Math.max(...ends.map((end) => end.endedAtUs)) : startUs + plannedUs);
    } catch (error) {
      measure(monotonicUs());
      throw error;
    }
  }

  async #hook(kind: 'setup' | 'teardown', timeoutUs: number): Promise<string> {
    const worker = this.#fleet.workers[0] as number;
    const token = ++this.#lastToken;
    const ended = this.#fleet.wait(worker, 'hookEnded', token);
    this.#fleet.send(worker, { type: 'hook', token, kind, name: kind });
    const answer = await within(ended, timeoutUs / 1000);
    const timeoutCode = kind === 'setup' ? EXIT.setupTimedOut : EXIT.teardownTimedOut;
    if (answer === undefined)
      throw new ScriptError(`${kind}() did not end within ${timeoutUs / 1_000_000} s`, {
        exitCode: timeoutCode,
        hint: `raise ${kind}Timeout in the script's options`,
      });
    if (!answer.isOk) throw this.#scriptError(`${kind}() threw`, answer.text);
    return answer.text;
  }

  async #prepared(answers: Promise<{ error: string | null; failedVu: number }[]>): Promise<void> {
    for (const { error, failedVu } of await answers)
      if (error !== null)
        throw this.#scriptError(failedVu < 0 ? 'the script could not be prepared' : `VU ${failedVu + 1} could not be prepared`, error);
  }

  #scriptError(what: string, stack: string): ScriptError {
    return new ScriptError(`${what}\n${this.#run.mapper.renderScriptError(stack)}`);
  }

  #enter(phase: string): void {
    this.progress.phase = phase;
    this.onPhase(phase);
  }
}

/** What comes before the measured load: the same users, for so many iterations or so long. */
export function warmUpScenarios(warmUp: WarmUpPlan, scenarios: readonly ScenarioPlan[]): ScenarioPlan[] {
  if (warmUp.kind === 'none') return [];
  return scenarios.slice(0, 1).map((plan): ScenarioPlan => {
    const durationUs = warmUp.kind === 'duration' ? warmUp.durationUs : WARM_UP_US_MAX;
    const users = warmUp.kind === 'duration' ? plan.users : Math.min(plan.users, warmUp.requests);
    return {
      ...plan,
      users,
      curve: [
        { atUs: 0, users },
        { atUs: durationUs, users },
      ],
      phases: [],
      spawnWindowUs: 0,
      startTimeUs: 0,
      length:
        warmUp.kind === 'duration'
          ? { kind: 'duration', durationUs }
          : { kind: 'iterations', iterations: warmUp.requests, durationUsMax: durationUs },
    };
  });
}

const WARM_UP_US_MAX = 60_000_000;

/** When the last scenario is planned to end; undefined when one ends by its iterations. */
function plannedLengthUs(scenarios: readonly ScenarioPlan[]): number | undefined {
  if (scenarios.some((plan) => plan.length.kind === 'iterations')) return undefined;
  return Math.max(...scenarios.map((plan) => plan.startTimeUs + (plan.length.kind === 'duration' ? plan.length.durationUs : 0)));
}

/** The value, or undefined when it is not there in time. */
async function within<T>(value: Promise<T>, ms: number): Promise<T | undefined> {
  const patience = new AbortController();
  try {
    return await Promise.race([value, pause(ms, undefined, { signal: patience.signal }).catch(() => undefined)]);
  } finally {
    patience.abort();
  }
}
