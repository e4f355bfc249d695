import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunFlags } from '../../runtime/config/flags.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { RunTestInput } from '../../runtime/run/output.ts';
import { runTest } from '../../runtime/run/run-test.ts';
import { exitCodeOf, type TestEnd } from '../../runtime/run/test-end.ts';
import { project } from '../support/project.ts';
import { startTarget, type TargetServer } from '../support/target-server.ts';

/** A folder with a script; where it goes, and what it says of itself, are variables. No busy machine decides how it ends: more than 5 requests are missed, and a failed test is. */
const place = (most: number, line = '') =>
  project({
    'config.yaml': `
      environments: { here: { base_url: "\${TARGET}", headers: { x-who: "\${WHO}" } } }
      warm_up: { requests: 0 }
      thresholds: { http_reqs: "count<=${most}" }`,
    'test.ts': `import { http, test } from 'stressrun';
      export default async () => { ${line} await http.get('/work'); };`,
  });

interface Own {
  readonly folder: string;
  readonly target: TargetServer;
  readonly who: string;
  readonly iterations: number;
  readonly nowMs: number;
  readonly flags?: Partial<RunFlags>;
}

/** A run with surroundings of its own, and what it said. */
function runIn({ folder, target, who, iterations, nowMs, flags }: Own): { end: Promise<TestEnd>; said: string[] } {
  const said: string[] = [];
  const quiet = (): void => undefined;
  const input: RunTestInput = {
    around: { variables: { ...process.env, TARGET: target.url, WHO: who }, folder, nowMs: () => nowMs },
    flags: { script: 'test.ts', environment: 'here', users: '2', iterations: String(iterations), workers: '2', ...flags },
    signals: { onStop: () => quiet },
    output: {
      ...{ starting: quiet, follow: quiet, note: quiet, isTty: false, columns: 100, isQuiet: true, isColor: false },
      result: (text) => said.push(text),
    },
    runDir: 'kept',
    jsonPath: 'out.json',
  };
  return { end: runTest(input), said };
}

function resultOf(end: TestEnd): { result: RunJson; folder: string } {
  if (end.kind !== 'ended' || end.folder === undefined) throw new Error(`expected a result that was kept; got ${end.kind}`);
  return { result: end.result, folder: end.folder };
}

test('two runs at once in one process: each has its own variables, folder, clock, workers, result and exit code', async () => {
  const [first, second] = [place(5), place(99, "test.fail('on purpose');")];
  const targets = [await startTarget(), await startTarget()] as const;
  const runs = [
    runIn({ folder: first.folder, target: targets[0], who: 'ann', iterations: 7, nowMs: Date.UTC(2020, 1, 3) }),
    runIn({ folder: second.folder, target: targets[1], who: 'bob', iterations: 12, nowMs: Date.UTC(2021, 4, 5) }),
  ] as const;
  const ends = await Promise.all(runs.map(({ end }) => end));
  expect(ends.map(exitCodeOf)).toEqual([99, 110]);

  const [ann, bob] = ends.map(resultOf) as [ReturnType<typeof resultOf>, ReturnType<typeof resultOf>];
  expect([ann, bob].map(({ result }) => [result.requests.at(-1)?.count, result.verdict.outcome, result.run.baseUrl])).toEqual([
    [7, 'failed', targets[0].url],
    [12, 'failed', targets[1].url],
  ]);
  expect([ann, bob].map(({ result }) => [result.run.started, result.run.workers])).toEqual([
    ['2020-02-03T00:00:00.000Z', 2],
    ['2021-05-05T00:00:00.000Z', 2],
  ]);
  expect(targets.map(({ counts, seen }) => [counts()['/work'], ...new Set(seen.map(({ headers }) => headers['x-who']))])).toEqual([
    [7, 'ann'],
    [12, 'bob'],
  ]);

  // what is kept, and what a flag asks for, lies below each one's folder, and is the value that was given
  for (const [{ result, folder }, own, began] of [
    [ann, first, '2020-02-03T00-00-00'],
    [bob, second, '2021-05-05T00-00-00'],
  ] as const) {
    expect(folder).toBe(join(own.folder, 'kept', result.run.id));
    expect(result.run.id.startsWith(`${began}-test-`)).toBe(true);
    for (const file of [join(folder, 'run.json'), own.at('out.json')]) expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(result);
  }
  expect(runs.map(({ said }) => said.join('').includes('http_reqs: count<=5'))).toEqual([true, false]);
  expect(['kept', 'out.json'].some((name) => existsSync(join(process.cwd(), name)))).toBe(false);
});

test('a run that is refused leaves the next one of its process as it would have been', async () => {
  const { folder } = place(5);
  const target = await startTarget();
  const own = { folder, target, who: 'eve', iterations: 10, nowMs: Date.UTC(2022, 0, 1) };
  await expect(runIn({ ...own, flags: { environment: 'nowhere' } }).end).rejects.toMatchObject({ exitCode: 104 });
  const end = await runIn(own).end;
  expect([exitCodeOf(end), resultOf(end).result.requests.at(-1)?.count]).toEqual([99, 10]);
});
