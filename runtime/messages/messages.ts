import type { SeriesDelta } from '../core/delta.ts';
import type { GuestSettings, ScriptDeclaration } from '../core/guest-settings.ts';
import type { FromPool, ToPool } from '../core/hand-over.ts';
import type { HookEnd, ModuleError } from '../core/mailbox.ts';
import type { WorkerShare } from '../core/partition.ts';
import type { EnvironmentPlan, JoinPlan, LoadChange, ScenarioPlan } from '../core/plan.ts';
import type { HttpClientName } from '../core/reach-plan.ts';
import type { Calibration, ErrorTally, GeneratorSecond, KeptRequest, StartCounts } from '../core/records.ts';
import type { SampleBatch } from '../core/samples.ts';

/** Every message between the coordinator and a worker. What comes from a worker is validated: see message-schema.ts. */

/** What a worker is told once. */
export interface WorkerSetup {
  type: 'configure';
  share: WorkerShare;
  /** Zero of the run's clock, on the monotonic clock of the worker, µs: moments in messages are µs since then. */
  epochUs: number;
  guestText: string;
  script: { code: string; filename: string; parameters: string[] };
  settings: GuestSettings;
  httpDebug: 'off' | 'failed' | 'all';
  tags: Record<string, string>;
  version: string;
  /** Send every single sample as well. */
  wantsSamples: boolean;
}

/** Where bytes lie in the file that workers share. */
export interface SharedPlace {
  /** From the file's beginning. */
  readonly at: number;
  readonly length: number;
}

/** Pictures, or files, of one pool as the worker needs them: bytes to send, nothing to draw with. */
export interface PoolMessage {
  pool: string;
  unique: 'none' | 'bytes' | 'pixels';
  /** `file`: what is said of one from disk. */
  pictures: {
    id: string;
    format: string;
    bytes: Buffer | SharedPlace;
    file?: { readonly filename: string; readonly contentType: string };
  }[];
}

/** A worker that was silent for so long has been given up for lost, unless all of stressrun was stopped: a longer stall is told as one of this length, µs. */
export const STALL_US_MAX = 600_000_000;

export type ToWorker =
  | WorkerSetup
  /** Have a sandbox ready with this guest half, for the next `configure`. */
  | { type: 'sandbox'; guestText: string }
  /** Say what the machine's monotonic clock is, at once; answered by `clock`. */
  | { type: 'clock' }
  /** Answers to module-level calls, by key, and the pictures behind them. */
  | { type: 'answers'; answers: [key: string, json: string][]; pools: PoolMessage[] }
  /** Run module level as VU −1 and describe the script. */
  | { type: 'evaluate' }
  /** Instantiate this worker's VUs of the scenarios, and the one for hooks. */
  | { type: 'prepare'; scenarios: ScenarioPlan[]; hasVuTeardown: boolean; environment: EnvironmentPlan }
  | { type: 'hook'; kind: 'setup' | 'teardown' | 'task' | 'handleSummary'; name: string; json?: string; vu?: number }
  /** What setup() returned; empty for nothing. With `vuSetup`, that hook then runs in every VU; answered by `prepared`. */
  | { type: 'data'; json: string; vuSetup: boolean }
  /** Begin at `startUs` of the run's clock; with `join`, come into a period that began then. */
  | { type: 'run'; period: 'warm-up' | 'measured'; scenarios: ScenarioPlan[]; startUs: number; join?: JoinPlan }
  | { type: 'stop'; how: 'graceful' | 'now' }
  /** What has become of starts, users and iterations that whoever is free does. */
  | { type: 'handed'; parts: FromPool[] }
  /** Another worker was away for so long, and what was due meanwhile goes out now. */
  | { type: 'stalled'; us: number }
  /** The period is over for all workers. */
  | { type: 'over' }
  /** Instantiate VUs `from` to `to` − 1 of a scenario, numbered by its `extraVuOffset`, as far as they are this worker's; answered by `prepared`. */
  | { type: 'enlist'; scenario: number; from: number; to: number; vuSetup: boolean }
  /** Change the load of the period that runs. */
  | { type: 'adjust'; change: LoadChange }
  /** Send so many GETs to an echo server of the coordinator, at this concurrency; answered by `calibrated`. */
  | { type: 'calibrate'; url: string; requests: number; concurrency: number; httpClient?: HttpClientName }
  | { type: 'inspected'; id: number; json: string }
  | { type: 'drawn'; id: number; bytes: Buffer }
  /** vuTeardown in every VU, a last snapshot, then leave. */
  | { type: 'finish' };

/** As it travels: a question has a number, which its answer carries back. */
export type Sent = ToWorker & { ask?: number };

/** Carries the number of the question that it answers. */
interface Answering {
  to: number;
}

/** What one worker saw since its last snapshot. */
export interface SnapshotMessage {
  type: 'snapshot';
  /** 0-based second of the current period; its end has passed. */
  second: number;
  period: 'setup' | 'warm-up' | 'measured' | 'teardown';
  deltas: SeriesDelta[];
  /** `deltas` as they came; see delta-codec.ts. Absent: they did not come as bytes. */
  numbers?: Buffer;
  errors: ErrorTally[];
  /** Since the period began. */
  starts: StartCounts;
  activeUsers: number;
  /** Requests in flight and the age of the oldest, at the end of the second. */
  inFlight: number;
  generator: GeneratorSecond | null;
  overflowed: number;
  /** The worst of the second; a bounded number of each task. */
  kept: KeptRequest[];
  /** By scenario, in the order of the plan; since the period began. */
  startsByScenario: StartCounts[];
  /** By scenario: iterations that run at the end of the second. */
  running?: number[];
  /** Of `dropped`: starts that were due before it came into the period and that nobody has reported. */
  lostStarts?: number;
}

/** What vuTeardown threw in the users of a worker. */
export interface HookFailures {
  /** The first to come, and its VU; null: nothing. */
  error: string | null;
  failedVu: number;
  /** In how many users. */
  failures: number;
}

export type FromWorker =
  | { type: 'ready'; pid: number }
  | { type: 'beat'; rssBytes: number }
  | ({ type: 'clock'; nowUs: number } & Answering)
  /** Its sandbox is not what it must be: no script runs in it. What is missing, a line each. */
  | { type: 'refused'; missing: string[] }
  | ({ type: 'evaluated'; needs: string[]; declaration: ScriptDeclaration | null; error: ModuleError | null } & Answering)
  | ({ type: 'prepared'; users: number; error: string | null; failedVu: number } & Answering)
  /** `text` is the result as JSON, or the error's stack. */
  | ({ type: 'hookEnded'; end: HookEnd; text: string } & Answering)
  | SnapshotMessage
  /** Starts, users and iterations that whoever is free does; only while somebody waits. */
  | { type: 'handOver'; parts: ToPool[] }
  /** It was away for so long: what was due meanwhile goes out now. */
  | { type: 'stalled'; us: number }
  /** Single samples; only when they were asked for. */
  | ({ type: 'samples' } & SampleBatch)
  /** `endedAtUs` on the run's clock. */
  | ({ type: 'periodEnded'; period: 'warm-up' | 'measured'; endedAtUs: number } & Answering)
  | { type: 'log'; vu: number; level: number; text: string }
  | { type: 'unawaited'; vu: number; where: string }
  /** A header that the script gives and that is ours to say; told once by each worker. */
  | { type: 'replaced'; header: string }
  /** An error that nobody awaited came after the hook (or module level) that made it. */
  | { type: 'lost'; vu: number; phase: string; text: string }
  | { type: 'abort'; vu: number; reason: string }
  | { type: 'fail'; vu: number; reason: string }
  | { type: 'inspect'; id: number; bytes: Buffer | string }
  | { type: 'draw'; id: number; pool: string; index: number }
  | ({ type: 'calibrated'; calibration: Calibration | null } & Answering)
  | ({ type: 'finished' } & HookFailures & Answering);
