import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exitCodeOf, type TestEnd } from '../../../runtime/run/test-end.ts';
import { type OwnRun, resultOf, startRun } from '../../support/own-run.ts';
import { descendantsOf, survivorsOf } from '../../support/processes.ts';
import { startTarget } from '../../support/target-server.ts';

afterAll(async () => {
  const workers = descendantsOf(process.pid).filter(({ command }) => command.includes('worker.cjs'));
  expect(await survivorsOf(workers, 5_000)).toEqual([]);
});

/** A port of this machine at which nothing listens any more. */
async function deadAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

/** What a run came to, as far as it says itself. */
const toldOf = (end: TestEnd) => {
  const { verdict, requests, metrics } = resultOf(end);
  const { count, failed } = requests.at(-1) ?? { count: 0, failed: 0 };
  return { exitCode: exitCodeOf(end), outcome: verdict.outcome, count, failed, iterations: metrics['iterations']?.values['count'] ?? 0 };
};

test.concurrent('a run that asks for nothing has 3 iterations, no request, a journal and a result that nothing was judged in', async () => {
  const { url, counts } = await startTarget();
  const run = startRun({ script: 'export default () => {};', baseUrl: url, flags: { iterations: '3' } });
  const end = await run.end;
  expect(toldOf(end)).toEqual({ exitCode: 0, outcome: 'not-judged', count: 0, failed: 0, iterations: 3 });
  expect(counts()).toEqual({ '/health': 1 });
  const folder = end.kind === 'ended' ? (end.folder as string) : '';
  expect(readFileSync(join(folder, 'journal.ndjson'), 'utf8').split('\n').length).toBeGreaterThan(1);
  expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toEqual(resultOf(end));
  expect(run.listens()).toBe(false);
});

test.concurrent('a target that is down ends a run that needs it: 114, and neither hook nor user has asked for anything', async () => {
  const baseUrl = await deadAddress();
  const run = startRun({
    script: "export const setup = () => { console.log('setup'); };\nexport default () => {};\nexport const handleSummary = () => ({});",
    config: 'warm_up: { requests: 0 }\nhealth_check: { on_failure: fail }',
    baseUrl,
    flags: { iterations: '3' },
  });
  const end = await run.end;
  expect(toldOf(end)).toEqual({ exitCode: 114, outcome: 'error', count: 0, failed: 0, iterations: 0 });
  expect(resultOf(end).verdict.reasons[0]).toMatch(/^the target is not healthy: .*health_check\.wait/s);
  expect(run.notes.filter((note) => note.startsWith('handleSummary() was not called'))).toHaveLength(1);
});

test.concurrent('a target that is down is loaded all the same where that is only a warning: every request is counted as failed', async () => {
  const run = startRun({
    script: "export default async () => { await http.get('/work'); };",
    baseUrl: await deadAddress(),
    flags: { iterations: '4' },
  });
  const end = await run.end;
  expect(toldOf(end)).toEqual({ exitCode: 0, outcome: 'not-judged', count: 4, failed: 4, iterations: 4 });
  expect(resultOf(end).errors).toMatchObject([{ kind: 'connect-failed', count: 4 }]);
  expect(run.notes.some((note) => note.includes('the target did not pass the health check, the run goes on'))).toBe(true);
});

const HOOKS = `
export const setup = async () => { await http.get('/setup'); return 7; };
export const vuSetup = async () => { await http.get('/login'); };
export default async () => { await http.get('/work'); await sleep(0.02); };
export const teardown = async (data) => { await http.get('/teardown?of=' + data); };
export const handleSummary = () => ({});
`;

/** A run of a minute that is told to stop when its target is first asked for `at`; what else was asked for. */
async function stoppedAt(at: string, config?: string): Promise<{ end: TestEnd; run: OwnRun; asked: string[]; after: string[] }> {
  let run: OwnRun | undefined;
  let before: string[] = [];
  const target = await startTarget({
    [at]: {
      delayMs: 100,
      answer({ serial }) {
        if (serial === 1) {
          before = target.seen.map(({ path }) => path);
          run?.signal('SIGTERM');
        }
        return {};
      },
    },
  });
  run = startRun({
    script: HOOKS,
    baseUrl: target.url,
    flags: { users: '2', duration: '60s' },
    ...(config === undefined ? {} : { config }),
  });
  const end = await run.end;
  return {
    end,
    run,
    asked: [...new Set(target.seen.map(({ path }) => path))],
    after: target.seen.slice(before.length).map(({ path }) => path),
  };
}

test.concurrent.each([
  ['its health check', '/health', ['/health'], 0],
  ['setup()', '/setup', ['/health', '/setup', '/teardown'], 0],
  ['vuSetup()', '/login', ['/health', '/setup', '/login', '/teardown'], 0],
  ['its load', '/work', ['/health', '/setup', '/login', '/work', '/teardown'], 1],
  ['teardown()', '/teardown', ['/health', '/setup', '/login', '/work', '/teardown'], 1],
])('a stop in %s ends the run there: what is undone stays so, what was set up is torn down, 105', async (_, at, paths, least) => {
  const { end, run, asked, after } = at === '/teardown' ? await stoppedInTeardown() : await stoppedAt(at);
  expect(asked).toEqual(paths);
  expect(toldOf(end)).toMatchObject({ exitCode: 105, outcome: 'interrupted', failed: 0 });
  expect(toldOf(end).count).toBeGreaterThanOrEqual(least);
  expect(resultOf(end).verdict.reasons[0]).toContain('SIGTERM');
  // running iterations may end: two users at most, who were asked for nothing new
  expect(after.filter((path) => path === '/work').length).toBeLessThanOrEqual(2);
  expect(run.listens()).toBe(false);
});

/** As {@link stoppedAt}, of a run that comes to its end. */
async function stoppedInTeardown(): ReturnType<typeof stoppedAt> {
  let run: OwnRun | undefined;
  const target = await startTarget({
    '/teardown': {
      delayMs: 100,
      answer() {
        run?.signal('SIGTERM');
        return {};
      },
    },
  });
  run = startRun({ script: HOOKS, baseUrl: target.url, flags: { users: '2', iterations: '4' } });
  const end = await run.end;
  return { end, run, asked: [...new Set(target.seen.map(({ path }) => path))], after: [] };
}

test.concurrent('a stop in the warm-up ends the run before anything was measured', async () => {
  const { end, asked } = await stoppedAt('/work', 'warm_up: { duration: 60s }');
  expect(asked).toEqual(['/health', '/setup', '/login', '/work', '/teardown']);
  expect(toldOf(end)).toMatchObject({ exitCode: 105, count: 0 });
});

test.concurrent.each(['bundling', 'starting the first worker', 'module level'])(
  'a stop at the step %j leaves nothing: no result, no folder, no worker',
  async (step) => {
    const { url, seen } = await startTarget();
    let stopped = '';
    const run = startRun({
      script: 'export default () => {};',
      baseUrl: url,
      onStep(said, { signal }) {
        if (stopped === '' && said.startsWith(step)) {
          stopped = said;
          signal('SIGINT');
        }
      },
    });
    const end = await run.end;
    expect(stopped).not.toBe('');
    expect([end.kind, exitCodeOf(end)]).toEqual(['interrupted', 105]);
    expect([existsSync(run.place.at('kept')), seen.length, run.listens()]).toEqual([false, 0, false]);
  },
);

test.concurrent.each([
  ['test.abort("not here");\nexport default () => {};', { kind: 'aborted' }],
  ['throw new Error("no module");\nexport default () => {};', { exitCode: 107 }],
  ['export default () => {', { exitCode: 104 }],
  ['export default () => {};\nexport const options = { vus: 0 };', { exitCode: 104 }],
])('a script that ends a run before it begins leaves nothing of it: %j', async (script, expected) => {
  const { url, seen } = await startTarget();
  const run = startRun({ script, baseUrl: url });
  expect(await run.end.catch((error: unknown) => error)).toMatchObject(expected);
  expect([existsSync(run.place.at('kept')), seen.length, run.listens()]).toEqual([false, 0, false]);
});

test.concurrent('a report that could not be written is refused before a worker is started', async () => {
  const { url, seen } = await startTarget();
  const run = startRun({ script: 'export default () => {};', baseUrl: url, flags: { environment: 'nowhere' } });
  await expect(run.end).rejects.toMatchObject({ exitCode: 104 });
  expect([seen, readdirSync(run.place.folder).sort()]).toEqual([[], ['config.yaml', 'test.ts']]);
});
