import type { RunFlags } from '../config/flags.ts';
import type { ReportFlags, RunOutput, RunSurroundings, RunTestInput, StopSignals } from '../run/output.ts';
import type { ClusterFlags } from './k8s/cluster-settings.ts';

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
  readonly around: RunSurroundings;
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

/** The flags of `stressrun agent` as typed. */
export interface AgentFlags {
  readonly join?: string;
  readonly token?: string;
  readonly workers?: string;
  readonly isOneRun?: boolean;
}

/** `stressrun agent`. */
export interface RunAgentInput {
  readonly around: RunSurroundings;
  readonly flags: AgentFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}

/** `stressrun cluster`, with what stands behind it. */
export interface ClusterUpFlags {
  readonly word: string;
  readonly listen?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** `stressrun cluster up`. */
export interface RunClusterUpInput {
  readonly around: RunSurroundings;
  readonly flags: ClusterUpFlags;
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
  readonly around: RunSurroundings;
  readonly flags: RunFlags;
  readonly cluster: ClusterFlags;
  readonly output: RunOutput;
  readonly signals: StopSignals;
}
