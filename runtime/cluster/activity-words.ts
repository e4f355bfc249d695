import { STALL_PHASE, type StallPhase } from '../core/stall-cell.ts';
import type { Activity } from './activity-reader.ts';
import type { Doing } from './worker-loss.ts';

const PHASE_WORDS: Record<Exclude<StallPhase, 'host' | 'iteration' | 'several'>, string> = {
  init: 'module level of the script (phase init)',
  setup: 'setup()',
  teardown: 'teardown()',
  vuSetup: 'vuSetup()',
  vuTeardown: 'vuTeardown()',
  check: 'a task of the script',
  handleSummary: 'handleSummary()',
};
const PLACES_MAX = 5;

/** Puts what a worker was doing into words: `VU 17 (scenario checkout, iteration 3)`, and others after it when it is not certain. */
export function describeActivity(cell: Buffer, activity: Activity | undefined, scenarioNames: readonly string[]): Doing {
  if (activity !== undefined && activity.vus.length > 0) {
    const places = activity.vus
      .slice(0, PLACES_MAX)
      .map(({ phase, ...place }) => describePlace(STALL_PHASE[phase] ?? 'host', place, scenarioNames));
    const more = activity.vus.length - places.length;
    const [first, ...others] = more > 0 ? [...places, `one of ${more} others`] : places;
    return { place: `${first}${others.length === 0 ? '' : `, or perhaps ${others.join(' or ')},`}`, isScript: activity.isInside };
  }
  const phase = STALL_PHASE[cell.readUInt32LE(0)] ?? 'host';
  const place = { vu: cell.readInt32LE(4), iteration: cell.readUInt32LE(8), scenario: cell.readUInt32LE(12) };
  return { place: describePlace(phase, place, scenarioNames), isScript: activity?.isInside ?? phase !== 'host' };
}

function describePlace(
  phase: StallPhase,
  place: { vu: number; iteration: number; scenario: number },
  scenarioNames: readonly string[],
): string {
  const { vu, iteration, scenario } = place;
  const name = scenarioNames[scenario] ?? 'default';
  if (phase === 'host') return 'no virtual user yet';
  if (phase === 'several') return 'one of several virtual users';
  if (phase === 'iteration') return `VU ${vu + 1} (scenario ${name}, iteration ${iteration})`;
  return vu < 0 ? PHASE_WORDS[phase] : `VU ${vu + 1} (scenario ${name}) in ${PHASE_WORDS[phase]}`;
}
