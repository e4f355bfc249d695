import type { RunPlan, ScenarioPlan } from '../core/plan.ts';
import { wordsOf } from '../core/threshold-asked.ts';
import { taskRowsOf } from '../record/task-rows.ts';
import type { PlanScenario, PlanView } from '../views/api.ts';

/** Points of a curve that are drawn at most. */
const CURVE_POINTS_MAX = 1_000;
const SECOND_US = 1_000_000;

/** What a plan will do, to be drawn. @param baseUrl - where the load goes; an embedded target has its address only when it has started */
export function planViewOf(
  plan: Pick<RunPlan, 'scenarios' | 'thresholds' | 'environment' | 'notes' | 'taskWeights'>,
  baseUrl: string = plan.environment.baseUrl,
): PlanView {
  return {
    scenarios: plan.scenarios.map(scenarioViewOf),
    thresholds: plan.thresholds.map((each) => ({ source: each.source, expression: each.expression, ...wordsOf(each) })),
    tasks: taskRowsOf(plan.taskWeights ?? {}, []).map(({ task, askedRatio }) => ({ task, askedRatio })),
    environment: plan.environment.name,
    baseUrl,
    notes: [...plan.notes],
  };
}

function scenarioViewOf(scenario: ScenarioPlan): PlanScenario {
  const { name, executor, users, length, startTimeUs } = scenario;
  const fromS = startTimeUs / SECOND_US;
  const points =
    scenario.kind === 'open'
      ? scenario.curve.map(({ atUs, rate }) => ({ atS: fromS + atUs / SECOND_US, value: (rate * SECOND_US) / scenario.timeUnitUs }))
      : scenario.curve.map((point) => ({ atS: fromS + point.atUs / SECOND_US, value: point.users }));
  const durationS = length.kind === 'duration' ? length.durationUs / SECOND_US : null;
  return {
    name,
    executor,
    model: scenario.kind,
    users,
    curve: thinned(durationS === null ? points : upTo(points, fromS + durationS)),
    phases: scenario.phases.map((phase) => ({
      name: phase.name,
      fromS: fromS + phase.fromUs / SECOND_US,
      toS: fromS + phase.toUs / SECOND_US,
    })),
    durationS,
  };
}

/** A curve holds its last value to the end. */
function upTo(points: readonly PlanScenario['curve'][number][], endS: number): PlanScenario['curve'] {
  const last = points.at(-1);
  return last === undefined || last.atS >= endS ? [...points] : [...points, { atS: endS, value: last.value }];
}

function thinned(points: PlanScenario['curve']): PlanScenario['curve'] {
  if (points.length <= CURVE_POINTS_MAX) return points;
  const step = Math.ceil(points.length / CURVE_POINTS_MAX);
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}
