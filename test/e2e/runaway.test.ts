import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, load, type RunResult } from '../support/cli.ts';
import { countBy } from '../support/journal.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** From the runaway code's beginning to the end of the command. */
const ENDS_WITHIN_MS = 12_000;
/** Iterations before it: some seconds of the run have been reported then. */
const CALM = 30;

interface RanAway extends RunResult {
  /** Requests that the target saw. */
  readonly seen: number;
  readonly endedAfterMs: number;
}

/** A run of 6 users of whom the third, in its iteration 30, does `code`; it tells the target just before. */
async function runAway(code: string, { before = '', atModuleLevel = '' } = {}): Promise<RanAway> {
  let beganAtMs = Number.NaN;
  const target = await startTarget({
    '/last': {
      answer: () => {
        beganAtMs = performance.now();
        return {};
      },
    },
  });
  const { at } = project({
    'runaway.ts': `import { http, sleep, vu } from 'stressrun';
${atModuleLevel}
export default async () => {
  await http.get('/');
  await sleep(0.05);
  ${before}
  if (vu.id === 3 && vu.iteration === ${CALM}) { await http.get('/last'); ${code} }
};
`,
  });
  const result = await load([at('runaway.ts'), '--base-url', target.url, '--users', '6', '--duration', '30s', '--workers', '2']);
  return { ...result, seen: target.seen.length, endedAfterMs: performance.now() - beganAtMs };
}

/** What holds for every run that ran away: outcome and code, and the results of the seconds before. */
function expectPartialResults({ exitCode, run, stdout, folder, seen, endedAfterMs }: RanAway): void {
  expect(exitCode).toBe(115);
  expect(run.verdict.outcome).toBe('error');
  expect(endedAfterMs).toBeLessThan(ENDS_WITHIN_MS);
  const count = run.requests.at(-1)?.count ?? 0;
  expect(count).toBeGreaterThanOrEqual(6 * (CALM / 4));
  expect(count).toBeLessThanOrEqual(seen);
  expect(countBy(folder, 'http_reqs', () => 'all')).toEqual({ all: count });
  expect(stdout).toContain('Verdict: ✗ ERROR, exit code 115');
  expect(existsSync(join(folder, 'run.json'))).toBe(true);
}

const WHO = `VU 3 (scenario default, iteration ${CALM})`;
/** Users who were woken at the same moment may be named behind the one that it most likely is. */
const BLOCKED =
  /^runaway script: VU 3 \(scenario default, iteration 30\)(, or perhaps VU .*,)? blocked its worker: its code ran for more than 5 s without waiting for anything/;

test.concurrent.each([
  ['while (true) {}', 'while (true) {}'],
  ['for (;;) await null', 'for (;;) await null;'],
  ['a then-chain without end', 'await new Promise((_, fail) => { const go = (): void => void Promise.resolve().then(go, fail); go(); });'],
  ['/^(a+)+$/ on 41 characters', "/^(a+)+$/.test('a'.repeat(40) + 'b');"],
  ['a loop beside a request that nobody awaited', "void http.get('/beside'); while (true) {}"],
  ['a loop after a race that was won', "await Promise.race([http.get('/'), sleep(20)]); while (true) {}"],
  ['a loop in the callback of a timer', 'setTimeout(() => { while (true) {} }, 1); await sleep(20);'],
])('%s in one of 6 VUs ends the run within 12 s with 115 and names it', async (_, code) => {
  const result = await runAway(code);
  expectPartialResults(result);
  expect(result.run.verdict.reasons[0]).toMatch(BLOCKED);
});

test.concurrent('5 users who only wait for timers of their own do not hide the sixth that spins', async () => {
  const result = await runAway('while (true) {}', {
    before: 'if (vu.id !== 3 && vu.iteration === 20) await new Promise((done) => setTimeout(done, 1e6));',
  });
  expectPartialResults(result);
  expect(result.run.verdict.reasons[0]).toMatch(BLOCKED);
});

const HELD = { atModuleLevel: 'const held: unknown[] = [];' };
const FILLS = /filled its worker's memory: [^;]*|was filling its memory: \d+ MB in use/;

test.concurrent.each([
  ['a JavaScript heap that only grows', "for (;;) held.push({ a: [1, 2, 3], b: 'x' + held.length });"],
  ['typed arrays of 15 MiB that are written to', 'for (;;) held.push(new Uint8Array(15 << 20).fill(1));'],
  ['typed arrays of 15 MiB that are only asked for', 'for (;;) held.push(new Uint8Array(15 << 20));'],
  ['texts of 20 MB', "for (;;) held.push(String(held.length).repeat(4e6).replace(/0/g, '1') + held.length);"],
])('%s in one of 6 VUs ends the run within 12 s with 115, a message of its own, and names it', async (_, code) => {
  const result = await runAway(code, HELD);
  expectPartialResults(result);
  expect(result.run.verdict.reasons[0]).toContain(WHO);
  expect(result.run.verdict.reasons[0]).toMatch(FILLS);
});

test.concurrent('150 arrays of 15 MiB, one every 10 ms, end the run though nothing ever blocks', async () => {
  const result = await runAway('for (;;) { held.push(new Uint8Array(15 << 20).fill(1)); await sleep(0.01); }', HELD);
  expectPartialResults(result);
  expect(result.run.verdict.reasons[0]).toMatch(/memory.*: \d{4} MB in use, 1792 MB allowed/);
});

test.concurrent('a text that doubles until it is too long is an error of its iteration, and the run goes on', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'doubling.ts': `import { vu } from 'stressrun';
export default () => { let text = 'x'; if (vu.iteration === 1) for (;;) text += text; };
`,
  });
  const { exitCode, run } = await load([at('doubling.ts'), '--base-url', url, '--users', '2', '--iterations', '6']);
  expect(exitCode).toBe(0);
  expect(run.metrics['iterations']?.values['count']).toBe(6);
  expect(run.errors).toMatchObject([{ name: 'RangeError: Invalid string length', count: 2 }]);
});

test.concurrent('a loop at module level ends the command with 115 and names phase init; there is no run to report', async () => {
  const { at } = project({ 'init.ts': 'for (;;) {}\nexport default () => undefined;\n' });
  const runDir = temporaryFolder();
  const { exitCode, stdout, stderr, tookMs } = await cli([at('init.ts'), '--base-url', 'http://127.0.0.1:1', '--run-dir', runDir]);
  expect([exitCode, stdout, readdirSync(runDir)]).toEqual([115, '', []]);
  expect(stderr).toContain('module level of the script (phase init) blocked its worker: its code ran for more than 5 s');
  expect(stderr).not.toMatch(/\n {4}at /);
  expect(tookMs).toBeLessThan(ENDS_WITHIN_MS);
});

test.concurrent.each([
  ['module level of one VU', 'if (vu.id === 3) for (;;) {}', 'VU 3 (scenario default) in module level of the script (phase init)'],
  ['setup()', 'export const setup = () => { for (;;) {} };', 'setup()'],
  ['vuSetup() of one VU', 'export const vuSetup = () => { if (vu.id === 3) for (;;) {} };', 'VU 3 (scenario default) in vuSetup()'],
  ['teardown()', 'export const teardown = () => { for (;;) {} };', 'teardown()'],
])('a loop in %s ends the run with 115 and names it', async (_, code, place) => {
  const { url } = await startTarget();
  const { at } = project({
    'hooks.ts': `import { http, vu } from 'stressrun';
${code}
export default async () => { await http.get('/'); };
`,
  });
  const { exitCode, run } = await load([at('hooks.ts'), '--base-url', url, '--users', '6', '--iterations', '12']);
  expect(exitCode).toBe(115);
  expect(run.verdict.reasons[0]).toContain(`${place} blocked its worker: its code ran for more than 5 s`);
});
