import type { RunFlags } from '../config/flags.ts';
import type { ProgressState } from '../report/progress.ts';
import type { ClusterFlags } from './kubernetes/cluster-settings.ts';
import type { RunControl } from './run-control.ts';

/** Where a command says what it has to say; the terminal, or a list in tests. */
export interface RunOutput {
  /** The live line; may be called as often as wanted. */
  progress(state: ProgressState): void;
  /** What a start is busy with, a few words, until there is progress to show. */
  starting(step: string): void;
  /** A remark while the command goes, on stderr; one or more lines. `order`: one of ours to the CI runner that reads this, printed as it is. */
  note(text: string, as?: 'order'): void;
  /** What the command was asked for, on stdout; printed as it is. */
  result(text: string): void;
  /** Whether the live line is redrawn in place. */
  readonly isTty: boolean;
  /** Width for results. */
  readonly columns: number;
  /** No progress is wanted. */
  readonly isQuiet: boolean;
  /** Whether results may have colors. */
  readonly isColor: boolean;
}

/** Files that are wanted beside those of the run folder. */
export interface ReportFlags {
  readonly html?: string;
  /** What the names of the four files begin with: `PREFIX_stats.csv` … */
  readonly csv?: string;
  /** Cells of CSV that begin a formula stay as they are. */
  readonly isCsvRaw?: boolean;
  /** `stats_history.csv` has a row for each request name in each second. */
  readonly isCsvFullHistory?: boolean;
  /** Tags that `stressrun report` has a table for, besides those of the run; a run has them in its plan. */
  readonly by?: readonly string[];
  readonly junit?: string;
  readonly markdown?: string;
}

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** How Ctrl-C reaches a command. The first signal calls back; the second, or one that nobody listens to, leaves at once with 105. */
export interface StopSignals {
  onStop(callback: (signal: StopSignal) => void): void;
}

/** `stressrun <script>`. */
export interface RunTestInput {
  readonly flags: RunFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
  /** Folder that run folders are made in. */
  readonly runDir: string;
  /** Where run.json is written as well. */
  readonly jsonPath?: string;
  /** Where the summary is written in k6's format. */
  readonly summaryExportPath?: string;
  readonly reports?: ReportFlags;
  /** Handed the run once it is planned: to watch and steer it. */
  readonly onControl?: (control: RunControl) => void;
}

/** How the web UI is wanted. */
export interface UiFlags {
  /** `[HOST:]PORT` as typed; empty: 127.0.0.1:8089. */
  readonly address: string;
  /** STRESSRUN_UI_TOKEN. */
  readonly token?: string;
  /** `--base-path` as typed. */
  readonly basePath?: string;
  /** `--trust-proxy`. */
  readonly isProxyTrusted?: boolean;
  /** Whether a run begins at once, without anybody pressing Start. */
  readonly isAutostart: boolean;
  /** Seconds between the end of a run and that of the program, as typed; absent: it stays until Ctrl-C. */
  readonly autoquit?: string;
  /** `run`: the program is there for one run; `ui`: for any number of them. */
  readonly mode: 'run' | 'ui';
}

/** `stressrun ui`, and `--ui` on a run. */
export interface RunUiInput extends Omit<RunTestInput, 'flags' | 'onControl'> {
  /** What the form begins with. */
  readonly flags: Omit<RunFlags, 'script'> & { readonly script?: string };
  readonly ui: UiFlags;
}

/** `stressrun check <script>`. */
export interface CheckScriptInput {
  readonly flags: RunFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}

/** `stressrun report <run>`. */
export interface ReportRunInput {
  /** A run id, a beginning of one, `latest`, or the path of a run folder. */
  readonly run: string;
  readonly output: RunOutput;
  readonly runDir: string;
  readonly jsonPath?: string;
  readonly reports?: ReportFlags;
}

/** The flags of `stressrun target` as typed. */
export interface TargetFlags {
  port?: string;
  host?: string;
  latency?: string;
  slots?: string;
  queue?: string;
  errorRate?: string;
  coldStart?: string;
  seed?: string;
  /** `true` or `false`. */
  serverTiming?: string;
}

/** `stressrun target`. */
export interface RunTargetInput {
  readonly flags: TargetFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}

/** `stressrun init [dir]`. */
export interface InitProjectInput {
  /** Folder of the new repository, made when it is not there; `.` is this one. */
  readonly folder: string;
  /** What npm installs stressrun from; undefined: the same as this one came from. */
  readonly packageSpec?: string;
  readonly output: RunOutput;
}

/** `stressrun k8s <script>`. */
export interface PrintManifestsInput {
  readonly flags: RunFlags;
  readonly cluster: ClusterFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}

/** What the command line can do; each gives the exit code, and rejects with a StressrunError for what a user can mend. */
export interface Commands {
  runTest(input: RunTestInput): Promise<number>;
  runUi(input: RunUiInput): Promise<number>;
  checkScript(input: CheckScriptInput): Promise<number>;
  reportRun(input: ReportRunInput): Promise<number>;
  runTarget(input: RunTargetInput): Promise<number>;
  initProject(input: InitProjectInput): Promise<number>;
  printManifests(input: PrintManifestsInput): Promise<number>;
}
