import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunPlan } from '../../runtime/core/plan.ts';
import { load, type RunResult } from '../support/cli.ts';
import { countBy, journalOf } from '../support/journal.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const CONFIG = `test_profiles:
  spike: { users: 20, duration: 2m, shape: spike }
  stress: { users: 10, duration: 15m, shape: steps }
  thoughtful: { users: 2, duration: 1s, think_time: 100ms }
`;
const SCRIPT = `import { http, vu } from 'stressrun';
export default async () => { await http.get('/', { query: { vu: vu.id } }); };
`;

async function run(flags: readonly string[], options: { config?: string; env?: Record<string, string>; delayMs?: number } = {}) {
  const target = await startTarget({ '/': { delayMs: options.delayMs ?? 10 } });
  const { at } = project({ 'config.yaml': options.config ?? CONFIG, 'get.ts': SCRIPT });
  const result = await load([at('get.ts'), '--base-url', target.url, ...flags], { env: options.env ?? {} });
  expect(result.exitCode, result.stdout).toBe(0);
  const asked = target.seen.filter(({ path }) => path === '/');
  return { ...result, asked, users: new Set(asked.map(({ query }) => query['vu'])).size };
}

function planOf({ folder }: RunResult): RunPlan {
  return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as RunPlan;
}

test.concurrent('--once is one iteration of one user, and so is a script without options and flags', async () => {
  for (const flags of [['--once'], []]) {
    const { asked, run: result } = await run(flags);
    expect(asked).toHaveLength(1);
    expect(result.starts).toMatchObject({ due: 1, begun: 1 });
  }
});

test.concurrent('--iterations 25 --users 4 is 25 iterations by 4 users; STRESSRUN_USERS=2 is as if typed, and a flag beats it', async () => {
  const typed = await run(['--iterations', '25', '--users', '4']);
  expect([typed.asked.length, typed.users]).toEqual([25, 4]);
  const set = await run(['--iterations', '25'], { env: { STRESSRUN_USERS: '2' } });
  expect([set.asked.length, set.users]).toEqual([25, 2]);
  const both = await run(['--iterations', '25', '--users', '3'], { env: { STRESSRUN_USERS: '2' } });
  expect(both.users).toBe(3);
});

test.concurrent('--stage 1s:4 --stage 1s:0 is a ramp to 4 users and back over 2 s', async () => {
  const result = await run(['--stage', '1s:4', '--stage', '1s:0'], { delayMs: 20 });
  expect(result.run.run.durationS).toBe(2);
  expect(result.users).toBe(4);
  expect(Math.max(...journalOf(result.folder).map(({ users }) => users))).toBeLessThanOrEqual(4);
  expect(planOf(result).scenarios[0]?.curve).toEqual([
    { atUs: 0, users: 1 },
    { atUs: 1_000_000, users: 4 },
    { atUs: 2_000_000, users: 0 },
  ]);
});

test.concurrent('the profile spike with --duration 5s is 2 users, 20 from second 1 to 4, and 2 again, each part a phase of its own', async () => {
  const result = await run(['--profile', 'spike', '--duration', '5s'], { delayMs: 50 });
  expect(result.run.run.durationS).toBe(5);
  const phases = countBy(result.folder, 'http_reqs', ({ tags, period }) => (period === 'measured' ? tags['phase'] : undefined));
  expect(Object.keys(phases).sort()).toEqual(['base', 'peak', 'recovery']);
  // 20 users for 2.5 s and more against 2 for 1 s.
  expect(phases['peak']).toBeGreaterThan(10 * (phases['base'] as number));
  expect(phases['peak']).toBeGreaterThan(10 * (phases['recovery'] as number));
  expect(result.users).toBe(20);
  expect(Math.max(...journalOf(result.folder).map(({ users }) => users))).toBe(20);
});

test.concurrent('the profile stress with --duration 5s is five plateaus of 2, 4, 6, 8 and 10 users', async () => {
  const result = await run(['--profile', 'stress', '--duration', '5s'], { delayMs: 50 });
  const phases = countBy(result.folder, 'iterations', ({ tags }) => tags['phase']);
  expect(Object.keys(phases).sort()).toEqual(['step-1', 'step-2', 'step-3', 'step-4', 'step-5']);
  for (const [lower, higher] of [
    ['step-1', 'step-3'],
    ['step-3', 'step-5'],
  ] as const)
    expect(phases[higher]).toBeGreaterThan(phases[lower] as number);
  expect(planOf(result).scenarios[0]?.curve).toMatchObject([2, 2, 4, 4, 6, 6, 8, 8, 10, 10].map((users) => ({ users })));
});

test.concurrent('a think time of 100 ms leaves 2 users at most 10 iterations each in a second', async () => {
  const { asked } = await run(['--profile', 'thoughtful']);
  expect(asked.length).toBeGreaterThan(4);
  expect(asked.length).toBeLessThanOrEqual(20);
});

test.concurrent('10 requests of warm-up are in the journal and in no row, rate or verdict', async () => {
  const result = await run(['--iterations', '30', '--users', '3'], { config: `${CONFIG}warm_up: { requests: 10 }\n` });
  expect(result.asked).toHaveLength(40);
  expect(result.run.requests.at(-1)).toMatchObject({ count: 30 });
  expect(result.run.metrics['http_reqs']?.values['count']).toBe(30);
  expect(result.run.starts.begun).toBe(30);
  expect(countBy(result.folder, 'http_reqs', ({ period }) => period)).toEqual({ 'warm-up': 10, measured: 30 });
});

test.concurrent('a warm-up of 1s is not part of the 1 s that is measured', async () => {
  const result = await run(['--duration', '1s', '--users', '2'], { config: 'warm_up: 1s\n' });
  const periods = countBy(result.folder, 'http_reqs', ({ period }) => period);
  expect(Object.keys(periods)).toEqual(expect.arrayContaining(['warm-up', 'measured']));
  expect(result.run.run.durationS).toBe(1);
  const { count, perSecond } = result.run.requests.at(-1) ?? { count: 0, perSecond: 0 };
  expect(count).toBe(result.asked.length - (periods['warm-up'] as number));
  expect(perSecond).toBe(periods['measured']);
});

test.concurrent('what still runs at the end has its graceful stop of 500 ms and is then interrupted: no check sees it, but it had waited past max_p95', async () => {
  const target = await startTarget({ '/': { stallEveryNth: 1 } });
  const { at } = project({
    'config.yaml': 'test_profiles: { short: { users: 2, duration: 1s, graceful_stop: 500ms } }\nthresholds: { max_p95: 300ms }\n',
    'stalls.ts': `import { check, http } from 'stressrun';
export default async () => { check(await http.get('/'), { 'is up': (r) => r.ok }); };
`,
  });
  const { exitCode, run: result } = await load([at('stalls.ts'), '--base-url', target.url, '--profile', 'short']);
  expect(result.starts).toMatchObject({ begun: 2, interrupted: 2 });
  expect(result.requests.at(-1)).toMatchObject({ count: 0, failed: 0, interrupted: 2 });
  expect(result.checks).toEqual([]);
  expect([exitCode, result.thresholds[0]?.detail]).toEqual([99, 'p95 over 300ms, limit 300ms: missed, 2 of 2 never got an answer in time']);
});
