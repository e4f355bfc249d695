import { ConfigError } from '../core/errors.ts';
import type { CurvePoint, PhasePlan, ScenarioLength, ScenarioPlan } from '../core/plan.ts';
import type { LoadSettings } from './load-settings.ts';
import { ITERATIONS_MAX, USERS_MAX } from './schema-fields.ts';
import { curveOfStages, shapeOf, spawnWindowUsOf } from './shapes.ts';

const GRACEFUL_STOP_US_DEFAULT = 30_000_000;
/** Longest that a number of iterations may take unless a duration says otherwise (k6's maxDuration). */
const ITERATIONS_DURATION_US_MAX = 600_000_000;

/** What a scenario has besides its load. */
interface ScenarioFrame {
  readonly name: string;
  readonly exec: string;
  readonly startTimeUs?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Load {
  readonly users: number;
  readonly curve: readonly CurvePoint[];
  readonly phases: readonly PhasePlan[];
  readonly length: ScenarioLength;
}

/**
 * A scenario of the plan, with every default filled in; VU numbers are given out later.
 * @param notes - gets a line where users are fewer than asked for
 * @throws {ConfigError} for an open model, or an executor without what it needs
 */
export function scenarioPlanOf(settings: LoadSettings, frame: ScenarioFrame, notes: string[]): ScenarioPlan {
  refuseOpenModel(settings);
  requireItsLength(settings);
  const { users, curve, phases, length } = loadOf(settings, notes);
  return {
    kind: 'closed',
    name: frame.name,
    exec: frame.exec,
    users,
    vuOffset: 0,
    curve,
    spawnWindowUs: spawnWindowUsOf(
      curve[0]?.users ?? 0,
      length.kind === 'duration' ? length.durationUs : undefined,
      settings.spawnRatePerSecond,
    ),
    phases,
    length,
    startTimeUs: frame.startTimeUs ?? 0,
    gracefulStopUs: settings.gracefulStopUs ?? GRACEFUL_STOP_US_DEFAULT,
    thinkTime: settings.thinkTime,
    paceUs: settings.paceUs,
    tags: frame.tags ?? {},
    env: frame.env ?? {},
  };
}

function loadOf(settings: LoadSettings, notes: string[]): Load {
  const { stages, shape, durationUs } = settings;
  if (stages !== undefined) return loadOfStages(settings, curveOfStages(settings.users ?? 1, stages));
  const users = settings.users ?? 1;
  if (shape !== undefined && durationUs !== undefined)
    return { users, ...shapeOf(shape, users, durationUs), length: { kind: 'duration', durationUs } };
  const isCounted = settings.iterations !== undefined || settings.executor?.endsWith('-iterations') === true;
  if (!isCounted && durationUs !== undefined) return { users, ...constant(users, durationUs), length: { kind: 'duration', durationUs } };
  return loadOfIterations(settings, users, notes);
}

function loadOfStages({ where }: LoadSettings, curve: readonly CurvePoint[]): Load {
  const users = Math.max(...curve.map((point) => point.users));
  const durationUs = curve.at(-1)?.atUs ?? 0;
  if (users < 1) throw new ConfigError(where, `expected a stage with at least one user (1 to ${USERS_MAX}); got none`);
  if (durationUs < 1000) throw new ConfigError(where, 'expected stages of 1ms or more in all; got 0s');
  return { users, curve, phases: [], length: { kind: 'duration', durationUs } };
}

/** So many over all users; without a number, one each (as in k6). */
function loadOfIterations({ where, iterations: asked, executor, durationUs }: LoadSettings, wanted: number, notes: string[]): Load {
  const perUser = executor === 'per-vu-iterations' ? (asked ?? 1) : undefined;
  const iterations = perUser === undefined ? (asked ?? wanted) : perUser * wanted;
  if (iterations > ITERATIONS_MAX)
    throw new ConfigError(where, `expected at most ${ITERATIONS_MAX} iterations over all users; got ${iterations}`);
  const users = Math.min(wanted, iterations);
  if (users < wanted) notes.push(`${where}: ${users} users instead of ${wanted}, because there are ${iterations} iterations in all`);
  const durationUsMax = durationUs ?? ITERATIONS_DURATION_US_MAX;
  return { users, ...constant(users, durationUsMax), length: { kind: 'iterations', iterations, durationUsMax } };
}

function constant(users: number, durationUs: number): Pick<Load, 'curve' | 'phases'> {
  return {
    curve: [
      { atUs: 0, users },
      { atUs: durationUs, users },
    ],
    phases: [],
  };
}

function refuseOpenModel({ where, arrivalRate, executor }: LoadSettings): void {
  const what =
    arrivalRate !== undefined
      ? `arrival_rate ${JSON.stringify(arrivalRate)}`
      : executor?.endsWith('-arrival-rate') === true
        ? `the executor ${executor}`
        : undefined;
  if (what !== undefined) throw openModelError(where, what);
}

/** This version runs users that wait for their answers, and no arrival rates. */
export function openModelError(where: string, what: string): ConfigError {
  return new ConfigError(
    where,
    `expected users with a duration, iterations, stages or a shape; got ${what}, and this version does not run arrival rates`,
    {
      hint: 'use users and duration; with pace, users × (1 / pace) is the rate while the target keeps up',
    },
  );
}

/** An executor that is named must have what it is made of. */
function requireItsLength({ where, executor, stages, durationUs, iterations }: LoadSettings): void {
  if (executor === 'constant-vus' && (durationUs === undefined || stages !== undefined || iterations !== undefined))
    throw new ConfigError(where, 'expected a duration, and neither stages nor iterations, for the executor constant-vus');
  if (executor === 'ramping-vus' && stages === undefined)
    throw new ConfigError(where, 'expected stages for the executor ramping-vus; got none');
  if (executor?.endsWith('-iterations') === true && stages !== undefined)
    throw new ConfigError(where, `expected iterations for the executor ${executor}; got stages`);
}
