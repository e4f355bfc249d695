import { isAbsolute, relative, resolve, sep } from 'node:path';
import { findScript } from '../bundle/script-file.ts';
import type { RunFlags } from '../config/flags.ts';
import { type LoadedConfig, loadConfig } from '../config/load-config.ts';
import { refuseEarly } from '../config/resolve-plan.ts';
import { PACKAGE } from '../core/package-files.ts';
import { Redactor } from '../core/redactor.ts';
import { renderError } from '../report/error.ts';
import { Fleet } from '../run/fleet.ts';
import { localWorkers } from '../run/local-workers.ts';
import type { RunTestInput } from '../run/output.ts';
import { prepareRun } from '../run/prepare-run.ts';
import { runTest } from '../run/run-test.ts';
import type { TestEnd } from '../run/test-end.ts';
import { type Backend, ConflictError } from '../server/backend.ts';
import { planViewOf } from '../server/plan-view.ts';
import type { Options, PlanView, StartForm } from '../views/api.ts';
import { flagsOfForm, formDefaults } from './form-flags.ts';
import type { RunUiInput } from './inputs.ts';
import { optionsOf, type PlannedScript, scriptPathOf } from './ui-options.ts';
import { UiRun } from './watched-run.ts';

/** A run that the backend has started, and how it went. */
export interface StartedRun {
  /** The run once it is planned. Rejects when it never came to that. */
  readonly planned: Promise<UiRun>;
  /** Rejects as `runTest` does. */
  readonly ended: Promise<TestEnd>;
}

/** Starts and plans runs for the server: one at a time. */
export class UiBackend implements Backend {
  readonly version = PACKAGE.version;
  readonly runDir: string;
  readonly projectFolder: string;
  readonly #input: RunUiInput;
  /** Scripts that were planned, by path. */
  readonly #planned = new Map<string, PlannedScript>();
  #current: UiRun | undefined;
  #running: Promise<TestEnd> | undefined;
  #isPlanning = false;
  #planning: Promise<unknown> = Promise.resolve();
  /** Told of every run that begins. */
  onStarted: (run: StartedRun) => void = () => undefined;

  /** @throws {ConfigError} for a script, a profile or a number that the form could only show wrong or leave out */
  constructor(input: RunUiInput) {
    const { script } = input.flags;
    if (script !== undefined) findScript(script);
    this.#input = input;
    this.runDir = input.runDir;
    const config = this.#config();
    refuseEarly({ ...input.flags, script: script ?? '' }, config);
    this.projectFolder = config.folder;
  }

  get current(): UiRun | undefined {
    return this.#current;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  get isPlanning(): boolean {
    return this.#isPlanning;
  }

  /** Whether some environment is production. */
  get hasProduction(): boolean {
    return Object.values(this.#config().environments).some(
      (environment) => (environment as { production?: unknown } | null)?.production === true,
    );
  }

  /** Read anew each time: somebody may be editing it. */
  async options(): Promise<Options> {
    const variables = Object.keys(this.#input.flags.variables ?? {});
    return optionsOf(this.#config(), { defaults: this.#defaults(), variables }, (path) => this.#planned.get(path));
  }

  /** One after the other: each takes a worker. Load of production is not asked for here, so nobody has to allow it. */
  plan(form: StartForm): Promise<PlanView> {
    if (this.isRunning) throw new ConflictError('expected no run to go on: planning another one would disturb it');
    const mine = this.#planning.then(() => this.#plan(form));
    this.#planning = mine.catch(() => undefined);
    return mine;
  }

  async start(form: StartForm): Promise<UiRun> {
    if (this.isRunning) throw new ConflictError('expected no run to go on; stop it first');
    return this.startWith(this.#flagsOf(form)).planned;
  }

  /** Starts a run, whatever else is asked for meanwhile. */
  startWith(flags: RunFlags): StartedRun {
    let settle: (run: UiRun) => void = () => undefined;
    const { around, runDir, output, signals, jsonPath, agents, summaryExportPath, reports } = this.#input;
    const input: RunTestInput = {
      flags,
      around,
      output,
      signals,
      runDir,
      ...(jsonPath === undefined ? {} : { jsonPath }),
      ...(agents === undefined ? {} : { agents }),
      ...(summaryExportPath === undefined ? {} : { summaryExportPath }),
      ...(reports === undefined ? {} : { reports }),
      onControl: (control) => {
        this.#current = new UiRun(control, this.#shown(control.plan.scriptPath));
        this.#isPlanning = false;
        settle(this.#current);
      },
    };
    const before = this.#current;
    this.#isPlanning = true;
    const own = (): UiRun | undefined => (this.#current === before ? undefined : this.#current);
    const ended = runTest(input)
      .catch((error: unknown) => {
        // before it was planned whoever asked for it is told
        if (own() !== undefined) output.note(renderError(error).trimEnd());
        throw error;
      })
      .finally(() => {
        this.#running = undefined;
        this.#isPlanning = false;
        own()?.broke('the run ended without a result; the terminal says more');
      });
    this.#running = ended;
    const planned = new Promise<UiRun>((resolve, reject) => {
      settle = resolve;
      ended.then(() => reject(new ConflictError('the run was interrupted before its load began')), reject);
    });
    planned.catch(() => undefined); // whoever waits for it hears of it
    ended.catch(() => undefined);
    const run: StartedRun = { planned, ended };
    this.onStarted(run);
    return run;
  }

  /** The run of the command line, as it was typed: nobody has seen a form. @throws {ConfigError} without a script */
  typedFlags(): RunFlags {
    const { flags } = this.#input;
    return { ...flags, script: scriptPathOf(this.projectFolder, undefined, flags.script) };
  }

  /** @throws {ConfigError} for a script that is not offered */
  #flagsOf(form: StartForm): RunFlags {
    const { flags } = this.#input;
    return { ...flagsOfForm(flags, form), script: scriptPathOf(this.projectFolder, form.script, flags.script) };
  }

  async #plan(form: StartForm): Promise<PlanView> {
    if (this.isRunning) throw new ConflictError('expected no run to go on: planning another one would disturb it');
    const flags = this.#flagsOf(form);
    const names = Object.keys(this.#config().environments);
    const fleet = new Fleet({ bus: localWorkers(this.#input.around.variables), onEvent: () => undefined });
    try {
      const run = await prepareRun(
        { ...flags, allowProduction: [...(flags.allowProduction ?? []), ...names] },
        { fleet, redactor: new Redactor(), around: this.#input.around },
      );
      run.target?.close();
      const { scenarios } = (run.scriptOptions ?? {}) as { scenarios?: object };
      this.#planned.set(this.#shown(run.plan.scriptPath), { tasks: run.taskNames, scenarios: Object.keys(scenarios ?? {}) });
      const isEmbedded = run.plan.environment.target === 'embedded';
      return planViewOf(run.plan, isEmbedded ? 'built-in inference server' : run.environment.baseUrl);
    } finally {
      fleet.close();
    }
  }

  #defaults(): StartForm {
    const { script } = this.#input.flags;
    return { ...(script === undefined ? {} : { script: this.#offered(script) }), ...formDefaults(this.#input.flags) };
  }

  /** The script of the command line as the form names it: by its path in the project, or as it was typed. */
  #offered(script: string): string {
    const shown = this.#shown(resolve(this.#input.around.folder, script));
    return isAbsolute(shown) ? script : shown;
  }

  /** Path in the project, or the absolute one. */
  #shown(path: string): string {
    const inside = relative(this.projectFolder, path);
    return inside.startsWith('..') || isAbsolute(inside) ? path : inside.split(sep).join('/');
  }

  #config(): LoadedConfig {
    const { script, config } = this.#input.flags;
    const { folder, variables } = this.#input.around;
    return loadConfig({
      cwd: folder,
      processEnv: variables,
      ...(script === undefined ? {} : { scriptPath: resolve(folder, script) }),
      ...(config === undefined ? {} : { configFlag: config }),
    });
  }
}
