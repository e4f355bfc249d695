import { Histogram } from '../core/histogram.ts';
import type { ClosedScenarioPlan, OpenScenarioPlan, ScenarioPlan, WarmUpPlan } from '../core/plan.ts';
import type { Second } from '../record/second.ts';

const WARM_UP_US_MAX = 60_000_000;

/** What comes before the measured load: the users of the plan's beginning, an open model at its first rate, for so many iterations or so long. */
export function warmUpScenarios(warmUp: WarmUpPlan, scenarios: readonly ScenarioPlan[]): ScenarioPlan[] {
  if (warmUp.kind === 'none' || scenarios.length === 0) return [];
  const firstUs = Math.min(...scenarios.map(({ startTimeUs }) => startTimeUs));
  // those that begin later are not there yet, and all together they might be more than the target may get
  const first = scenarios.filter(({ startTimeUs }) => startTimeUs === firstUs);
  const chosen = warmUp.kind === 'requests' ? first.slice(0, 1) : first;
  return chosen.map((plan) => (plan.kind === 'open' ? openWarmUp(warmUp, plan) : closedWarmUp(warmUp, plan)));
}

type ActiveWarmUp = Exclude<WarmUpPlan, { kind: 'none' }>;

const longestUs = (warmUp: ActiveWarmUp): number => {
  if (warmUp.kind === 'duration') return warmUp.durationUs;
  return warmUp.kind === 'stable' ? warmUp.durationUsMax : WARM_UP_US_MAX;
};

function closedWarmUp(warmUp: ActiveWarmUp, plan: ClosedScenarioPlan): ClosedScenarioPlan {
  const durationUs = longestUs(warmUp);
  const isCounted = warmUp.kind === 'requests';
  const users = isCounted ? Math.min(plan.users, warmUp.requests) : plan.users;
  const points = [0, durationUs].map((atUs) => ({ atUs, users }));
  const length: ClosedScenarioPlan['length'] = isCounted
    ? { kind: 'iterations', iterations: warmUp.requests, durationUsMax: durationUs, isShared: false }
    : { kind: 'duration', durationUs };
  return { ...plan, users, curve: points, phases: [], spawnWindowUs: 0, startTimeUs: 0, length };
}

function openWarmUp(warmUp: ActiveWarmUp, plan: OpenScenarioPlan): OpenScenarioPlan {
  const rate = plan.curve.find((point) => point.rate > 0)?.rate ?? 1;
  const wantedUs = warmUp.kind === 'requests' ? (warmUp.requests * plan.timeUnitUs) / rate : Number.POSITIVE_INFINITY;
  const durationUs = Math.max(1, Math.round(Math.min(wantedUs, longestUs(warmUp))));
  const points = [0, durationUs].map((atUs) => ({ atUs, rate }));
  return { ...plan, curve: points, arrivals: 'from-zero', phases: [], startTimeUs: 0, length: { kind: 'duration', durationUs } };
}

const WINDOW_SECONDS = 2;
const STABLE_WINDOWS = 3;
const CHANGE_RATIO_MAX = 0.1;

/** Tells when response times of expected answers no longer fall: the p95 of three consecutive windows of 2 s, each within 10 % of the one before. */
export class StableWatch {
  #times = new Histogram('time');
  #seconds = 0;
  #windows: (number | undefined)[] = [];
  /** Undefined: not yet. */
  stableAfterS: number | undefined;

  /** Call with every second of the warm-up. @returns whether it is stable */
  take({ warmUp }: Pick<Second, 'warmUp'>): boolean {
    this.#times.addAll(warmUp.answers);
    if (++this.#seconds % WINDOW_SECONDS !== 0) return false;
    this.#windows = [...this.#windows.slice(1 - STABLE_WINDOWS), this.#times.percentile(0.95)];
    this.#times = new Histogram('time');
    const isFull = this.#windows.length === STABLE_WINDOWS;
    if (isFull && this.#windows.every((p95, i) => i === 0 || isNear(this.#windows[i - 1], p95))) this.stableAfterS ??= this.#seconds;
    return this.stableAfterS !== undefined;
  }
}

function isNear(before: number | undefined, after: number | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return Math.abs(after - before) < before * CHANGE_RATIO_MAX;
}
