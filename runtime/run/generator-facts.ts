import type { RunPlan } from '../core/plan.ts';
import type { Calibration, GeneratorSecond, StartCounts } from '../core/records.ts';
import type { MachineLoad } from '../monitor/machine-load.ts';
import { overheadMsOf } from '../monitor/overhead.ts';
import { assessGenerator, type GeneratorAssessment } from '../monitor/saturation.ts';
import type { GeneratorDoubts } from '../verdict/saturation.ts';

/** Mean share of a core from which on a generator is held up by its own work. */
const CPU_BOUND = 0.75;

/** What the generator says of itself, at the end of a run or while it goes on. */
export interface GeneratorMaterial {
  readonly plan: Pick<RunPlan, 'scenarios'>;
  /** Seconds of the measured period, by worker. */
  readonly generator: readonly (readonly GeneratorSecond[])[];
  readonly starts: StartCounts;
  /** Length of the measured window. */
  readonly measuredS: number;
  /** What the workers took for an answer that waits for nothing; null or absent: not measured. */
  readonly calibration?: Calibration | null;
  /** Of the measured window; absent: not known. */
  readonly machine?: MachineLoad;
}

export interface GeneratorFacts {
  readonly assessment: GeneratorAssessment;
  readonly overheadMs: number | null;
  /** What a verdict has to know of it. */
  readonly doubts: GeneratorDoubts;
}

/** What the generator's own trouble may have done to the numbers. */
export function generatorFactsOf(material: GeneratorMaterial): GeneratorFacts {
  const { plan, starts, measuredS } = material;
  const workers = withoutDrain(material.generator, measuredS);
  const assessment = assessGenerator(workers, material.machine);
  const overheadMs = overheadMsOf({ calibration: material.calibration ?? null, workers });
  return {
    assessment,
    overheadMs,
    doubts: {
      saturated: assessment.saturated,
      ...(overheadMs === null ? {} : { generatorErrorMs: overheadMs }),
      ownFailures: sumOf(workers, ({ ownSocketErrors = 0 }) => ownSocketErrors),
      stalledFailures: sumOf(workers, ({ stalledFailures = 0 }) => stalledFailures),
      starvedRatio: starvedRatioOf(workers, measuredS),
      isPlannedLoadOffered: starts.dropped === 0,
      dueStarts: starts.due,
      isCpuBound: (assessment.cpu ?? 0) > CPU_BOUND,
      isClosedModel: plan.scenarios.some(({ kind }) => kind === 'closed'),
    },
  };
}

/** The seconds of the measured window: in graceful stop a generator idles, and that says nothing of what it did under load. */
function withoutDrain(workers: GeneratorMaterial['generator'], measuredS: number): GeneratorMaterial['generator'] {
  const seconds = Math.max(1, Math.round(measuredS));
  return workers.map((all) => all.filter(({ second }) => second < seconds));
}

function sumOf(workers: GeneratorMaterial['generator'], of: (second: GeneratorSecond) => number): number {
  return workers.flat().reduce((sum, second) => sum + of(second), 0);
}

/** Of the worst worker: share of the measured time that it had work and no processor. */
function starvedRatioOf(workers: GeneratorMaterial['generator'], measuredS: number): number {
  if (measuredS <= 0) return 0;
  const ratios = workers.map((seconds) => sumOf([seconds], ({ starvedUs = 0 }) => starvedUs) / 1_000_000 / measuredS);
  return Math.min(1, Math.max(0, ...ratios));
}
