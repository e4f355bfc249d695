import type { AgentWish } from '../agents/cluster.ts';
import type { RunFlags } from '../config/flags.ts';
import type { RunControl } from './run-control.ts';

/** Where a command says what it has to say; the terminal, or a list in tests. */
export interface RunOutput {
  /** A run begins: it tells itself what there is to show of it. */
  follow(run: RunControl): void;
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
  /** @returns ends the listening */
  onStop(callback: (signal: StopSignal) => void): () => void;
}

/** What a run takes from whoever starts it, and from no process: several may go on in one, each with its own. */
export interface RunSurroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Absolute; relative paths of flags are below it. */
  readonly folder: string;
  /** Unix ms. */
  nowMs(): number;
}

/** `stressrun <script>`. */
export interface RunTestInput {
  readonly around: RunSurroundings;
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
  /** Who sends the load; absent: workers of this process. */
  readonly agents?: AgentWish;
  /** Handed the run once it is planned: to watch and steer it. */
  readonly onControl?: (control: RunControl) => void;
}
