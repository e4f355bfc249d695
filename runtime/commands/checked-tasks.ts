import { ScriptError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import type { ErrorTally } from '../core/records.ts';
import { HTTP } from '../core/roles.ts';
import { Recording } from '../record/recording.ts';
import { plainText } from '../report/plain-text.ts';
import type { Fleet } from '../run/fleet.ts';
import { checkHealth } from '../run/health-check.ts';
import type { RunOutput, StopSignals } from '../run/output.ts';
import { growFleet, type PreparedRun } from '../run/prepare-run.ts';
import { counted } from '../run/scenario-text.ts';

/** Requests shown of a task that went wrong, the last ones. */
const EXCHANGES_SHOWN_MAX = 5;

interface Surroundings {
  readonly fleet: Fleet;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}

type Call = (kind: 'setup' | 'teardown' | 'task', name: string, vu?: number) => Promise<string>;

/**
 * Everything of a script once, as a run would: the health check, setup(), and for each task (or function of a scenario) the first user of its
 * scenario, with vuSetup() before and vuTeardown() after; then teardown(). What goes wrong is shown with what was sent and answered.
 */
export class CheckedTasks {
  readonly recording: Recording;
  readonly #run: PreparedRun;
  readonly #with: Surroundings;
  /** Requests and answers of the task that runs, as text. */
  #exchanges: string[] = [];
  #lost: string | undefined;
  #isStopped = false;
  readonly #wrong: string[] = [];

  constructor(run: PreparedRun, surroundings: Surroundings) {
    this.#run = run;
    this.#with = surroundings;
    this.recording = new Recording(run.mapper);
    surroundings.signals.onStop(() => {
      this.#isStopped = true;
    });
  }

  /** A request and its answer. @returns whether it is kept here, and not to be shown at once */
  keep(text: string, isShownAtOnce: boolean): boolean {
    this.#exchanges.push(text);
    return !isShownAtOnce;
  }

  /** An error that came when its hook was over. */
  lose(text: string): void {
    this.#lost ??= text;
  }

  /** @returns what was wrong, in words; empty: nothing */
  async run(): Promise<string[]> {
    const { fleet, output } = this.#with;
    const { plan, environment, exportNames } = this.#run;
    const problem = await checkHealth(plan.healthCheck, environment, {
      version: PACKAGE.version,
      isStopped: () => this.#isStopped,
      onWait: (reason) => output.note(`waiting for the target: ${reason}`),
    });
    output.result(`Health      ${problem ?? 'good'}\n`);
    if (problem !== undefined) this.#wrong.push('the health of the target');
    await growFleet(fleet, this.#run);
    const scenarios = plan.scenarios.map((scenario) => ({ ...scenario, users: 1 }));
    const [prepared] = await fleet.askAll({ type: 'prepare', scenarios, hasVuTeardown: false, environment }, 'prepared');
    if (prepared?.error) throw new ScriptError(this.#run.mapper.renderScriptError(prepared.error));
    const isSetUp = !exportNames.includes('setup') || (await this.#hook('setup'));
    if (!isSetUp) return this.#wrong;
    for (const name of this.#names()) if (!this.#isStopped) await this.#task(name);
    await this.#leaveUsers();
    if (exportNames.includes('teardown')) await this.#hook('teardown');
    if (this.#lost !== undefined) this.#tellWrong('what hooks left behind', this.#lost);
    return this.#wrong;
  }

  #names(): string[] {
    const { taskNames, plan } = this.#run;
    return taskNames.length > 0 ? [...taskNames] : [...new Set(plan.scenarios.map((scenario) => scenario.exec))];
  }

  readonly #call: Call = async (kind, name, vu) => {
    const { fleet } = this.#with;
    const message = { type: 'hook', kind, name, ...(vu === undefined ? {} : { vu }) } as const;
    const ended = await fleet.ask(fleet.workers[0] as number, message, 'hookEnded');
    if (ended.end !== 'done') throw new ScriptError(`${name}() threw\n${this.#run.mapper.renderScriptError(ended.text)}`);
    return ended.text;
  };

  async #hook(name: 'setup' | 'teardown'): Promise<boolean> {
    const isGood = await this.#attempt(`${name}()`, async () => {
      const json = await this.#call(name, name);
      if (name === 'setup') await this.#with.fleet.askAll({ type: 'data', json, vuSetup: false }, 'prepared');
    });
    return isGood;
  }

  /** Users that have been set up. */
  readonly #users = new Set<number>();

  async #task(name: string): Promise<void> {
    const { plan, exportNames } = this.#run;
    const scenario =
      plan.scenarios.find(({ exec }) => exec === name) ?? plan.scenarios.find(({ exec }) => exec === 'default') ?? plan.scenarios[0];
    const vu = scenario?.vuOffset ?? 0;
    if (exportNames.includes('vuSetup') && !this.#users.has(vu)) {
      this.#users.add(vu);
      if (!(await this.#attempt('vuSetup()', () => this.#call('task', 'vuSetup', vu)))) return;
    }
    await this.#attempt(name, () => this.#call('task', name, vu));
  }

  async #leaveUsers(): Promise<void> {
    if (!this.#run.exportNames.includes('vuTeardown')) return;
    const users = this.#users.size > 0 ? this.#users : [this.#run.plan.scenarios[0]?.vuOffset ?? 0];
    for (const vu of users) await this.#attempt('vuTeardown()', () => this.#call('task', 'vuTeardown', vu));
  }

  /** Does a part of the script and says how that went. @returns whether it went well */
  async #attempt(what: string, work: () => Promise<unknown>): Promise<boolean> {
    const before = { failed: this.#failedRequests(), checks: this.#failedChecks(), errors: this.#errorCounts() };
    this.#exchanges = [];
    let thrown = '';
    try {
      await work();
    } catch (error) {
      if (this.#isStopped) throw error;
      thrown = (error as Error).message;
    }
    const failed = this.#failedRequests() - before.failed;
    const checks = [...this.#failedChecks()].filter(([name, count]) => count > (before.checks.get(name) ?? 0)).map(([name]) => name);
    const words = [
      ...(thrown === '' ? [] : ['it threw']),
      ...(failed > 0 ? [counted(failed, 'failed request')] : []),
      ...(checks.length > 0 ? [`${counted(checks.length, 'failed check')} (${checks.join(', ')})`] : []),
    ];
    if (words.length === 0) {
      this.#say(`${labelOf(what)}✓ ${what}\n`);
      return true;
    }
    this.#wrong.push(what);
    this.#say(`${labelOf(what)}✗ ${what}: ${words.join(', ')}\n`);
    this.#showWhy(thrown, before.errors);
    return thrown === '';
  }

  /** What was thrown, other errors, and what was sent and answered. */
  #showWhy(thrown: string, before: ReadonlyMap<string, number>): void {
    const errors = this.recording.errors.rows().filter((error) => error.kind !== 'script' && error.count > (before.get(keyOf(error)) ?? 0));
    const shown = this.#exchanges.slice(-EXCHANGES_SHOWN_MAX);
    const left = this.#exchanges.length - shown.length;
    const parts = [
      thrown,
      ...errors.map((error) => `${error.name}: ${error.sample}`),
      ...(left > 0 ? [`(${counted(left, 'earlier request')} not shown; --http-debug shows all)`] : []),
      ...shown,
    ];
    for (const part of parts) if (part !== '') this.#say(`${plainText(part).replace(/^/gm, '  ')}\n`);
  }

  #tellWrong(what: string, why: string): void {
    this.#wrong.push(what);
    this.#say(`Task        ✗ ${what}\n${plainText(why).replace(/^/gm, '  ')}\n`);
  }

  #say(text: string): void {
    this.#with.output.result(text);
  }

  #failedRequests(): number {
    return this.recording.store.rate(HTTP.failed)?.passes ?? 0;
  }

  /** How often each check failed. */
  #failedChecks(): Map<string, number> {
    const { store } = this.recording;
    const failed = new Map<string, number>();
    for (const { tags } of store.series('checks')) {
      const name = tags['check'] ?? '';
      const rate = store.rate('checks', { tags: { check: name } });
      failed.set(name, (rate?.count ?? 0) - (rate?.passes ?? 0));
    }
    return failed;
  }

  #errorCounts(): Map<string, number> {
    return new Map(this.recording.errors.rows().map((error) => [keyOf(error), error.count]));
  }
}

function keyOf({ name, kind, code }: ErrorTally): string {
  return `${kind} ${code} ${name}`;
}

function labelOf(what: string): string {
  return (what.endsWith('()') ? 'Hook' : 'Task').padEnd(12);
}
