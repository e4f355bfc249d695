import type { RunPlan } from '../core/plan.ts';
import type { ErrorTally, GeneratorSecond, StartCounts } from '../core/records.ts';
import type { RunJson } from '../core/run-json.ts';
import { recordingNotes } from '../metrics/recording-notes.ts';
import type { MetricStore } from '../metrics/store.ts';
import { summaryOf } from '../metrics/summary.ts';
import { assessGenerator } from '../monitor/saturation.ts';
import { judgeThresholds } from '../verdict/judge.ts';
import { decideOutcome, type RunFacts } from '../verdict/outcome.ts';

/** Everything that a result is made of; from a run that just ended, or read back from a journal. */
export interface RunMaterial {
  plan: RunPlan;
  baseUrl: string;
  startedMs: number;
  /** Length of the measured window. */
  measuredS: number;
  store: MetricStore;
  errors: readonly ErrorTally[];
  starts: StartCounts;
  generator: readonly (readonly GeneratorSecond[])[];
  /** How it ended, thresholds and saturation left out. */
  ending: Omit<RunFacts, 'thresholds' | 'saturated' | 'strict' | 'onInconclusive'>;
  notes: readonly string[];
}

/** The result of a run: rows, verdict, exit code. */
export function runJsonOf(material: RunMaterial): RunJson {
  const { plan, store, measuredS, errors } = material;
  const assessment = assessGenerator(material.generator);
  const verdict = decideOutcome({
    ...material.ending,
    thresholds: judgeThresholds(plan.thresholds, store, { measuredS }),
    saturated: assessment.saturated,
    // Of a typical second, of which it is what 99 of 100 callbacks waited at most: a single stall is no error of a run's percentiles.
    ...(assessment.loopLagMs === null ? {} : { generatorErrorMs: assessment.loopLagMs.avg }),
    isPlannedLoadOffered: material.starts.dropped === 0,
    strict: plan.isStrict,
    onInconclusive: plan.onInconclusive,
  });
  const rows = summaryOf(store, { measuredS, errors });
  return {
    version: 1,
    run: {
      id: plan.runId,
      script: plan.scriptPath,
      environment: plan.environment.name,
      profile: plan.profile ?? null,
      seed: plan.seed,
      started: new Date(material.startedMs).toISOString(),
      durationS: measuredS,
      exitCode: verdict.exitCode,
      baseUrl: material.baseUrl,
      workers: plan.workers,
      model: 'closed',
    },
    verdict: { outcome: verdict.outcome, reasons: verdict.reasons },
    thresholds: verdict.thresholds,
    ...rows,
    starts: material.starts,
    errors: errors.map(({ firstSeenMs, lastSeenMs, ...tally }) => ({
      ...tally,
      firstSeen: new Date(firstSeenMs).toISOString(),
      lastSeen: new Date(lastSeenMs).toISOString(),
    })),
    generator: { saturated: assessment.saturated, overheadMs: null, loopLagMs: assessment.loopLagMs, cpu: assessment.cpu },
    notes: [
      ...material.notes,
      ...recordingNotes(store),
      ...(assessment.saturated === true ? assessment.reasons.map((reason) => `the generator was saturated: ${reason}`) : []),
    ],
  };
}
