import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { owns, rangeOf } from '../../runtime/core/partition.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { startCli } from '../support/cli.ts';
import { descendantsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** A worker is killed while starts go from one to the other: by the target's record none is made twice, and none is lost that is not counted. */

const USERS = 24;
const RATE = 100;
const SECONDS = 7;
/** A worker's numbers come once a second; the rest is for a busy machine. */
const UNREPORTED_S = 1.5;

const seatOf = (user: number): number => (owns(rangeOf(0, 2), user) ? 0 : 1);
const slow = Array.from({ length: USERS }, (_, v) => v).filter((v) => seatOf(v) === 1);

// users of the second worker do less than its share: the first does the rest, all the time
const SCRIPT = `import { http, scenario, sleep, vu } from 'stressrun';
export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: ${RATE}, duration: '${SECONDS}s', preAllocatedVUs: ${USERS}, onBusy: 'queue' } } };
const slow = ${JSON.stringify(slow)};
export default async () => {
  await http.get('/begun', { query: { i: scenario.iterationInTest, user: vu.id - 1 } });
  await sleep(slow.includes(vu.id - 1) ? 0.5 : 0.05);
};`;

test.each([
  ['that takes starts over', 0],
  ['that hands starts over', 1],
])('the worker %s is killed: each of 700 starts is made once or counted as lost', async (_which, seat) => {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${target.url}" } }\nwarm_up: { requests: 0 }\n`,
    'a.js': SCRIPT,
  });
  const runDir = temporaryFolder();
  const program = startCli([at('a.js'), '--env', 't', '--workers', '2', '--run-dir', runDir]);
  const begun = (): { index: number; user: number }[] =>
    target.seen.filter(({ path }) => path === '/begun').map(({ query }) => ({ index: Number(query['i']), user: Number(query['user']) }));
  const handed = (): number => begun().filter(({ index, user }) => seatOf(index % USERS) !== seatOf(user)).length;
  while (handed() < 40 || begun().length < 2 * RATE) await pause(5);

  const workers = descendantsOf(program.pid).filter(({ command }) => command.includes('worker.cjs'));
  workers.sort((a, b) => Number(a.startedAt) - Number(b.startedAt) || a.pid - b.pid);
  process.kill(workers[seat]?.pid ?? 0, 'SIGKILL');
  const handedBefore = handed();
  const { exitCode } = await program.ended;
  await target.close();

  const folder = readdirSync(runDir, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '';
  const run = JSON.parse(readFileSync(join(runDir, folder, 'run.json'), 'utf8')) as RunJson;
  const reason = run.verdict.reasons.find((text) => text.startsWith('planned load was lost')) ?? '';
  expect([exitCode, reason]).toEqual([112, expect.stringMatching(new RegExp(`worker ${seat + 1} was lost at .* and replaced at `))]);
  const { due, begun: counted, dropped } = run.starts;
  expect([due, counted + dropped]).toEqual([RATE * SECONDS, RATE * SECONDS]);

  // none twice; what the target never saw is counted as dropped, and all that is dropped is told
  const seen = begun().map(({ index }) => index);
  expect(new Set(seen).size).toBe(seen.length);
  const missing = RATE * SECONDS - seen.length;
  expect(missing).toBeLessThanOrEqual(dropped);
  expect(dropped - missing).toBeLessThanOrEqual(RATE * UNREPORTED_S); // begun, and lost with the numbers of the last second
  // on a busy machine some may wait to the end besides
  expect(Number(/(\d+) starts?,/.exec(reason)?.[1])).toBeLessThanOrEqual(dropped);
  expect(run.notes.join('\n')).toContain(`${dropped} of ${RATE * SECONDS} planned starts were never begun`);
  // and the new worker hands over as the old one did
  expect(handed()).toBeGreaterThan(handedBefore);
});
