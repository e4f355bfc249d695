import { monotonicUs } from '../core/clock.ts';
import { ClusterError } from '../core/errors.ts';
import { owns, rangeOf, vuNumberOf } from '../core/partition.ts';
import type { JoinPlan, RunPlan, ScenarioPlan } from '../core/plan.ts';
import type { LastReport } from '../record/recording.ts';
import type { Fleet } from './fleet.ts';

/** More losses than this are no accident: something ends every worker. */
const REPLACEMENTS_MAX = 3;
/** Between telling a late worker to begin and its beginning: it has built its engine by then. */
const JOIN_DELAY_US = 100_000;

/** A period that goes on. */
export interface RunningPeriod {
  readonly name: 'warm-up' | 'measured';
  readonly scenarios: ScenarioPlan[];
  /** Monotonic µs. */
  readonly startUs: number;
  /** It was ended: nobody begins in it any more. */
  isOver: boolean;
}

/** A worker that was lost in a period. Times are µs since the period began. */
export interface WorkerLoss {
  readonly seat: number;
  readonly worker: number;
  readonly error: ClusterError;
  /** One line. */
  readonly cause: string;
  readonly period: RunningPeriod['name'];
  /** Of the plan's users, 0 to 1. */
  readonly share: number;
  readonly lostUs: number;
  /** How long it had not reported. */
  readonly silentUs: number;
  readonly requestsInFlight: number;
  /** What it had reported of the period, by scenario. */
  readonly starts: JoinPlan['starts'];
  /** Too many had been lost before: the run ends. */
  readonly endsRun: boolean;
  /** When another one took its place, and which; undefined: none did. */
  back?: { readonly atUs: number; readonly worker: number };
}

/** Who was lost, what went with them, and whose place was taken. */
export class Replacements {
  readonly losses: WorkerLoss[] = [];
  /** What a worker said last; undefined: nothing. */
  lastReportOf: (worker: number) => LastReport | undefined = () => undefined;
  readonly #fleet: Pick<Fleet, 'workerOf' | 'canReplace'>;
  readonly #plan: Pick<RunPlan, 'scenarios' | 'workers'>;

  constructor(fleet: Pick<Fleet, 'workerOf' | 'canReplace'>, plan: Pick<RunPlan, 'scenarios' | 'workers'>) {
    this.#fleet = fleet;
    this.#plan = plan;
  }

  /** The worker of a seat was lost. @throws the error when nobody can take its place: the script is to blame, or too many were lost */
  lose(seat: number, error: unknown, period: RunningPeriod): WorkerLoss {
    if (!(error instanceof ClusterError)) throw error;
    const known = this.losses.find((loss) => loss.error === error);
    if (known !== undefined) return known;
    const worker = this.#fleet.workerOf(seat);
    const last = this.lastReportOf(worker);
    const report = last?.period === period.name ? last : undefined;
    const nowUs = monotonicUs();
    const lostUs = Math.max(0, nowUs - period.startUs);
    const loss: WorkerLoss = {
      seat,
      worker,
      error,
      cause: error.message.split('\n', 1)[0]?.replace(/:$/, '') ?? '',
      period: period.name,
      share: shareOf(this.#plan, seat),
      lostUs,
      silentUs: report === undefined ? lostUs : nowUs - report.atUs,
      requestsInFlight: report?.requestsInFlight ?? 0,
      starts: report?.starts ?? [],
      // a worker that went with its agent is not replaced, and ends nothing
      endsRun: this.#fleet.canReplace(seat) && this.losses.filter((each) => this.#fleet.canReplace(each.seat)).length >= REPLACEMENTS_MAX,
    };
    this.losses.push(loss);
    if (loss.endsRun) throw error;
    return loss;
  }

  /**
   * The worker that is now in a seat goes on with its share.
   * @param movedTo - starts of a scenario that a worker did for other seats, less those that others did for its own: they are counted by who did them
   * @returns from when on, and what had been reported of it
   */
  join(seat: number, period: RunningPeriod, movedTo: (worker: number, scenario: number) => number): Pick<JoinPlan, 'atUs' | 'starts'> {
    const atUs = Math.max(0, monotonicUs() + JOIN_DELAY_US - period.startUs);
    const ofSeat = this.losses.filter((loss) => loss.seat === seat);
    for (const loss of ofSeat) loss.back ??= { atUs, worker: this.#fleet.workerOf(seat) };
    const before = ofSeat.filter((loss) => loss.period === period.name);
    const starts = period.scenarios.map((_, i) => ({
      due: before.reduce((sum, { starts: reported, worker }) => sum + (reported[i]?.due ?? 0) - movedTo(worker, i), 0),
      begun: before.reduce((sum, { starts: reported }) => sum + (reported[i]?.begun ?? 0), 0),
    }));
    return { atUs, starts };
  }

  /** Whether it is among the losses. */
  knows(error: ClusterError): boolean {
    return this.losses.some((loss) => loss.error === error);
  }
}

/** Share of the plan's users that is a worker's, 0 to 1. */
export function shareOf({ scenarios, workers }: Pick<RunPlan, 'scenarios' | 'workers'>, seat: number): number {
  const range = rangeOf(seat, workers);
  let [owned, all] = [0, 0];
  for (const plan of scenarios) {
    all += plan.users;
    for (let v = 0; v < plan.users; v++) if (owns(range, vuNumberOf(plan, v))) owned++;
  }
  return all === 0 ? 0 : owned / all;
}
