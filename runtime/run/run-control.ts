import type { RunPlan } from '../core/plan.ts';
import type { GeneratorSecond, StartCounts } from '../core/records.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import type { Stage } from '../core/stage.ts';
import type { LiveNumbers } from '../record/live-view.ts';
import type { RunEdit } from '../record/run-edit.ts';
import type { Second } from '../record/second.ts';
import type { MetricStore } from '../record/store.ts';
import type { LiveState } from '../verdict/live-state.ts';
import type { LoadEdit, ScenarioLoad } from './load-edits.ts';

/** A second of the run, and how the run stands at its end. */
export interface RunSecond extends Second {
  /** Of the period that goes on; 0 between periods. */
  readonly elapsedUs: number;
  /** Undefined: it is not known when it ends. */
  readonly remainingUs: number | undefined;
  readonly inFlight: number;
  readonly numbers: LiveNumbers;
  readonly thresholds: LiveState;
  /** The last second of each worker that there is one of. */
  readonly generator: readonly (GeneratorSecond & { readonly worker: number; readonly users?: number })[];
  /** Of the measured period. */
  readonly startsByScenario: readonly StartCounts[];
}

/** What happens in a run, in order. Texts are redacted, and may come from scripts and servers. */
export type RunEvent =
  | { readonly type: 'second'; readonly second: RunSecond }
  | { readonly type: 'stage'; readonly stage: Stage }
  | { readonly type: 'note'; readonly text: string }
  | { readonly type: 'log'; readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly vu: number; readonly text: string }
  | { readonly type: 'adjusted'; readonly edit: RunEdit }
  | { readonly type: 'ended'; readonly result: RunJson };

/** A run as it stands: plain JSON. */
export interface RunStatus {
  readonly runId: string;
  /** Empty before the first. */
  readonly stage: Stage | '';
  /** Undefined in the first second. */
  readonly second: RunSecond | undefined;
  readonly loads: readonly ScenarioLoad[];
  readonly edits: readonly RunEdit[];
  readonly notes: readonly string[];
}

/** A run that goes on, for whoever watches and steers it. */
export interface RunControl {
  /** Frozen. It holds what the target is asked with, secrets included: not for showing; plan.json is. */
  readonly plan: RunPlan;
  /** Where the load goes: an embedded target has its address by now. */
  readonly baseUrl: string;
  /** Path of the run's folder. */
  readonly folder: string;
  /** Hides the run's credentials in names and messages that are shown of it. */
  readonly redactor: Redactor;
  /** All that was measured so far; to be read only. */
  readonly store: MetricStore;
  status(): RunStatus;
  /** The result if the run ended now, but interrupted: complete, secrets hidden. It takes a while: not for every second. */
  soFar(): RunJson;
  /**
   * Changes users or rate, within the bounds of the environment; in force within a second, for as long as the run was planned. The run is exploratory
   * from then on. @throws {ConfigError} when that is not possible
   */
  adjust(edit: LoadEdit): Promise<RunEdit>;
  /** `graceful`: running iterations may end; `now`: they are interrupted. Either way teardown and report follow, and the outcome is `interrupted`. */
  stop(how: 'graceful' | 'now'): void;
  /** @returns a function that ends it */
  onEvent(listener: (event: RunEvent) => void): () => void;
}
