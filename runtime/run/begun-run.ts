import type { AgentFacts } from '../agents/agent-peer.ts';
import { BugError, ClusterError, EXIT, StressrunError } from '../core/errors.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import type { Calibration } from '../core/records.ts';
import type { RunJson, ThresholdResult } from '../core/run-json.ts';
import type { RunFolder } from '../history/run-folder.ts';
import type { LiveOutputs } from '../outputs/live-outputs.ts';
import type { Recording } from '../record/recording.ts';
import type { SummaryMaterial } from '../report/handle-summary.ts';
import type { RunFacts } from '../verdict/outcome.ts';
import type { LiveRun } from './live-run.ts';
import type { LoadRun } from './load-run.ts';
import { lostWorkOf } from './lost-work.ts';
import type { PreparedRun } from './prepare-run.ts';
import { withHint } from './result-output.ts';
import { runJsonOf } from './run-json-of.ts';

/** What has a say in how a run ends, as far as it is known. */
export type Ending = { -readonly [Key in keyof RunFacts]?: RunFacts[Key] };

/** What went wrong becomes part of the ending, the first of its kind. @param isKnown - it is told elsewhere @throws what is no fault of the run */
export function noteFailure(ending: Ending, error: unknown, isKnown: (lost: ClusterError) => boolean): void {
  if (!(error instanceof StressrunError)) throw error;
  if (error.exitCode === EXIT.runaway) ending.runaway ??= withHint(error);
  else if (error instanceof ClusterError) {
    if (!isKnown(error)) ending.lostWork ??= error.message;
  } else if (error instanceof BugError) throw error;
  else ending.error ??= { exitCode: error.exitCode, message: withHint(error) };
}

/** A run that has a folder, and all that belongs to it. */
export interface BegunRun {
  readonly run: PreparedRun;
  readonly load: LoadRun;
  readonly recording: Recording;
  readonly folder: RunFolder;
  readonly live: LiveRun;
  readonly outputs: LiveOutputs;
}

/** What is known of a run beside its numbers. */
interface Findings {
  readonly startedMs: number;
  /** Null: not measured. */
  readonly calibration: Calibration | null;
  readonly ending: Ending;
  readonly notes: readonly string[];
  /** Who sent the load; absent: workers of this process. */
  readonly agents?: readonly AgentFacts[];
  /** Of the thresholds with a window; absent: as they are judged at the end. */
  readonly windows?: ReadonlyMap<ThresholdPlan, ThresholdResult>;
}

/** The result as it stands; secrets are still in its texts. */
export function resultOf(
  { run, load, recording, live }: BegunRun,
  { startedMs, calibration, ending, notes, agents, windows }: Findings,
): RunJson {
  const { measuredS } = load.progress;
  return runJsonOf({
    plan: run.plan,
    baseUrl: run.environment.baseUrl,
    startedMs,
    measuredS,
    store: recording.store,
    errors: recording.errors.rows(),
    starts: recording.starts,
    startsByScenario: recording.startsByScenario,
    generator: [...recording.generator.values()],
    calibration,
    // what this machine did says nothing of agents
    ...(live.machine === undefined || agents !== undefined ? {} : { machine: live.machine }),
    kept: recording.kept.rows(),
    windows: windows ?? live.windows(measuredS),
    tallies: live.tallies,
    ...(live.edits.isEdited ? { segments: live.edits.segments(measuredS) } : {}),
    ending: { ...ending, ...lostWorkOf(load.replacements.losses, recording, ending.lostWork) },
    notes,
    ...(agents === undefined ? {} : { agents }),
  });
}

/** What handleSummary and the summary export are made of. */
export function summaryMaterialOf({ run, load, recording }: BegunRun, result: RunJson, isTty: boolean): SummaryMaterial {
  return {
    run: result,
    store: recording.store,
    thresholds: run.plan.thresholds,
    options: run.scriptOptions,
    setupJson: load.setupJson,
    isTty,
  };
}
