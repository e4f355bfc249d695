import { ConfigError } from '../core/errors.ts';
import type { ClosedScenarioPlan, CurvePoint } from '../core/plan.ts';
import { curveOfSamples, type SampledShape } from './levels.ts';
import type { LoadContext, LoadSettings } from './load-settings.ts';
import { ITERATIONS_MAX, USERS_MAX } from './schema-fields.ts';
import { curveOfStages, shapeOf, spawnWindowUsOf } from './shapes.ts';

const GRACEFUL_RAMP_DOWN_US_DEFAULT = 30_000_000;
/** Longest that a number of iterations may take unless a duration says otherwise (k6's maxDuration). */
const ITERATIONS_DURATION_US_MAX = 600_000_000;

type Load = Pick<ClosedScenarioPlan, 'executor' | 'users' | 'curve' | 'phases' | 'length'>;
type ClosedPart = Load & Pick<ClosedScenarioPlan, 'kind' | 'spawnWindowUs' | 'gracefulRampDownUs' | 'thinkTime' | 'paceUs'>;

/** What a closed model has of its own. @throws {ConfigError} */
export function closedPartOf(settings: LoadSettings, { notes }: LoadContext): ClosedPart {
  const load = loadOf(settings, notes);
  const { curve, length } = load;
  const durationUs = length.kind === 'duration' ? length.durationUs : undefined;
  return {
    kind: 'closed',
    ...load,
    spawnWindowUs: spawnWindowUsOf(
      (curve.findLast(({ atUs }) => atUs <= 0) ?? curve[0])?.users ?? 0,
      durationUs,
      settings.spawnRatePerSecond,
    ),
    gracefulRampDownUs: settings.gracefulRampDownUs ?? GRACEFUL_RAMP_DOWN_US_DEFAULT,
    thinkTime: settings.thinkTime,
    paceUs: settings.paceUs,
  };
}

function loadOf(settings: LoadSettings, notes: string[]): Load {
  const { stages, shape, sampled, durationUs, iterations, executor, where } = settings;
  const users = settings.users ?? 1;
  if (sampled !== undefined) return curved(where, usersOfSamples(where, sampled, durationUs));
  if (stages !== undefined) return curved(where, curveOfStages(users, stages));
  if (shape !== undefined && durationUs !== undefined)
    return { executor: 'ramping-vus', users, ...shapeOf(shape, users, durationUs), length: { kind: 'duration', durationUs } };
  const isCounted = iterations !== undefined || executor?.endsWith('-iterations') === true;
  if (!isCounted && durationUs !== undefined)
    return { executor: 'constant-vus', users, ...constant(users, durationUs), length: { kind: 'duration', durationUs } };
  return counted(settings, users, notes);
}

function curved(where: string, curve: readonly CurvePoint[]): Load {
  const users = curve.reduce((most, point) => Math.max(most, point.users), 0);
  const durationUs = curve.at(-1)?.atUs ?? 0;
  if (users < 1) throw new ConfigError(where, `expected a stage with at least one user (1 to ${USERS_MAX}); got none`);
  if (durationUs < 1000) throw new ConfigError(where, 'expected stages of 1ms or more in all; got 0s');
  return { executor: 'ramping-vus', users, curve, phases: [], length: { kind: 'duration', durationUs } };
}

/** Users are whole: the script's function may give any number. */
function usersOfSamples(where: string, sampled: SampledShape, durationUs: number | undefined): CurvePoint[] {
  const values = sampled.values.map((value) => Math.round(value));
  const tooMany = values.findIndex((value) => value > USERS_MAX);
  if (tooMany >= 0) {
    const second = (tooMany * sampled.everyUs) / 1_000_000;
    throw new ConfigError(`${where}.shape`, `expected at most ${USERS_MAX} users; got ${values[tooMany]} at ${second}s`);
  }
  return curveOfSamples({ ...sampled, values }, durationUs).map(({ atUs, level }) => ({ atUs, users: Math.round(level) }));
}

/** So many over all users; without a number, as many as users (as in k6). Nothing said at all is one user's one iteration. */
function counted({ where, iterations: asked, executor, durationUs, users: said }: LoadSettings, wanted: number, notes: string[]): Load {
  const isShared = executor === undefined ? asked !== undefined || said !== undefined : executor === 'shared-iterations';
  const iterations = isShared ? (asked ?? wanted) : (asked ?? 1) * wanted;
  if (iterations > ITERATIONS_MAX)
    throw new ConfigError(where, `expected at most ${ITERATIONS_MAX} iterations over all users; got ${iterations}`);
  const users = Math.min(wanted, iterations);
  if (users < wanted) notes.push(`${where}: ${users} users instead of ${wanted}, because there are ${iterations} iterations in all`);
  const durationUsMax = durationUs ?? ITERATIONS_DURATION_US_MAX;
  return {
    executor: isShared ? 'shared-iterations' : 'per-vu-iterations',
    users,
    ...constant(users, durationUsMax),
    length: { kind: 'iterations', iterations, durationUsMax, isShared },
  };
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
