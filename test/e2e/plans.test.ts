import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StartCounts } from '../../runtime/core/records.ts';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { type SeenRequest, startTarget } from '../support/target-server.ts';

/**
 * Plans over all executors by the target's record, the same on 1, 2 and 4 workers: how many begin is in the plan, whatever the machine is like. When they
 * begin, and the same of k6, is `bench/plans.js`.
 */

/** A scenario as k6 writes it, and what follows from it. */
interface Plan {
  readonly says: string;
  readonly scenario: Readonly<Record<string, unknown>>;
  /** Null: it is drawn by the seed, or the time decides. */
  readonly begun: number | null;
  readonly dropped: number;
  /** Users begin as often as they can: how often is for the bench. */
  readonly isTimed?: boolean;
  /** Begun and dropped together are what is to be expected: an iteration may outlast its tick on a busy machine. */
  readonly mayDrop?: boolean;
  /** Users seen at work; absent: it depends on who is quicker. */
  readonly users?: number;
  /** Iterations that came to their end, where this is not all of them. */
  readonly ended?: number;
  readonly work?: Readonly<Record<string, number>>;
}

const FOLDER = join(import.meta.dirname, '../fixtures/plans');
const GROUPS = ['iterations', 'users', 'rate', 'ramp'];
const WORKERS = [1, 2, 4];

const plansOf = (group: string): Record<string, Plan> =>
  JSON.parse(readFileSync(join(FOLDER, `${group}.json`), 'utf8')) as Record<string, Plan>;

const scriptOf = (plans: Record<string, Plan>): string => `
import { http, pace, scenario, sleep, vu } from 'stressrun';
export const options = { scenarios: ${JSON.stringify(Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, plan.scenario])))} };
const works = ${JSON.stringify(Object.fromEntries(Object.entries(plans).map(([name, { work }]) => [name, work])))};
const visit = (path) => http.get(path);
const rest = (seconds) => sleep(seconds);
const keepPace = (seconds) => pace(seconds);
const place = () => ({ name: scenario.name, index: scenario.iterationInTest, turn: vu.iteration, user: vu.id });
${readFileSync(join(FOLDER, 'work.js'), 'utf8')}
export default iteration;`;

interface Outcome {
  readonly begun: number;
  readonly ended: number;
  readonly users: number;
  readonly starts: StartCounts;
  /** Numbers of the iterations that began, in order. */
  readonly numbers: number[];
}

/** Runs all plans of a group at once. @returns by plan, what the target saw and what the run says */
async function outcomesOf(plans: Record<string, Plan>, workers: number): Promise<Record<string, Outcome>> {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${target.url}" } }\nwarm_up: { requests: 0 }\n`,
    'plans.js': scriptOf(plans),
  });
  const flags = ['--env', 't', '--workers', `${workers}`, '--seed', '7', '--on-inconclusive', 'warn'];
  const { run } = await load([at('plans.js'), ...flags]);
  await target.close();
  const of = (name: string, path: string): SeenRequest[] =>
    target.seen.filter(({ path: seen, query }) => seen === path && query['of'] === name);
  return Object.fromEntries(
    (run.scenarios ?? []).map(({ name, starts }) => {
      const begun = of(name, '/begun');
      return [
        name,
        {
          begun: begun.length,
          ended: of(name, '/ended').length,
          users: new Set(begun.map(({ query }) => query['vu'])).size,
          starts: starts as StartCounts,
          numbers: begun.map(({ query }) => Number(query['i'])).sort((a, b) => a - b),
        },
      ];
    }),
  );
}

/** Iterations of these are numbered without a gap: by the plan, or as they are taken. */
const IS_NUMBERED = /^(shared-iterations|constant-arrival-rate|ramping-arrival-rate)$/;

function hold({ scenario, begun, dropped, mayDrop, users, ended, work }: Plan, seen: Outcome): void {
  const { starts } = seen;
  // the target's record and the run's own count are one
  expect(starts.begun).toBe(seen.begun);
  expect(starts.due).toBe(starts.begun + starts.dropped);
  if (begun !== null) expect(mayDrop === true ? starts.due : seen.begun).toBe(begun);
  if (mayDrop !== true) expect(starts.dropped).toBe(dropped);
  if (users !== undefined) expect(seen.users).toBe(users);
  if (work?.['usual'] !== 20) expect([seen.ended, starts.interrupted]).toEqual([ended ?? seen.begun, 0]);
  if (IS_NUMBERED.test(String(scenario['executor'])) && dropped === 0)
    expect(seen.numbers).toEqual(Array.from({ length: seen.begun }, (_, i) => i));
  else expect(new Set(seen.numbers).size).toBe(seen.begun);
}

test.each(GROUPS)('plans of %s begin what they plan, by the target, on 1, 2 and 4 workers', async (group) => {
  const plans = plansOf(group);
  const outcomes = await Promise.all(WORKERS.map((workers) => outcomesOf(plans, workers)));
  for (const [name, plan] of Object.entries(plans)) {
    for (const [i, outcome] of outcomes.entries())
      try {
        hold(plan, outcome[name] as Outcome);
      } catch (error) {
        throw new Error(`${name} on ${WORKERS[i]} workers (${plan.says}): ${(error as Error).message}`, { cause: error });
      }
    // drawn or planned: the same however many workers there are
    const counts = outcomes.map((outcome) => outcome[name]?.starts.due);
    if (plan.isTimed !== true) expect([name, new Set(counts).size]).toEqual([name, 1]);
  }
});

test('there are 40 plans and more, over every executor', () => {
  const all = GROUPS.flatMap((group) => Object.values(plansOf(group)));
  expect(all.length).toBeGreaterThanOrEqual(40);
  expect(new Set(all.map(({ scenario }) => scenario['executor'])).size).toBe(6);
});
