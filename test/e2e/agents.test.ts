import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, load, startCli } from '../support/cli.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { descendantsOf, type ListedProcess, survivorsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget, type TargetServer } from '../support/target-server.ts';

/** What each iteration does follows from the seed and its place in the plan alone, and the target is told both. */
const { at } = project({
  'plan.ts': `import { http, random, scenario } from 'stressrun';
export const setup = async () => { await http.get('/setup'); return { word: 'told once' }; };
export default async (data) => { await http.get('/seen', { query: { index: scenario.iterationInTest, number: random.integer(1, 1e9), word: data.word } }); };
export const teardown = async () => { await http.get('/teardown'); };
`,
});
const STARTS = 300;
const PLAN = [at('plan.ts'), '--rate', '100/s', '--duration', '3s', '--users', '30', '--seed', '7'];

const seenBy = ({ seen }: TargetServer): string[] =>
  seen.filter(({ path }) => path === '/seen').map(({ query }) => `${query['index']} ${query['number']} ${query['word']}`);

/** Of values, as HDR counts it: the smallest that so much of them is not above. */
const quantileOf = (sorted: readonly number[], q: number): number => sorted[Math.ceil(q * sorted.length) - 1] ?? Number.NaN;

describe.skipIf(isLeftOutWithout('nats-server'))('agents', () => {
  test('--agents 3: the target sees the starts of one process, numbers and all; setup() and teardown() once, and percentiles are those of all raw samples', async () => {
    const [one, three] = [await startTarget(), await startTarget()];
    const samples = join(temporaryFolder(), 'samples.json');
    const alone = await load([...PLAN, '--base-url', one.url]);
    const together = await load([...PLAN, '--base-url', three.url, '--agents', '3', '-o', `json=${samples}`]);
    expect([together.exitCode, together.run.starts.due, together.run.starts.begun]).toEqual([alone.exitCode, STARTS, STARTS]);
    expect(new Set(seenBy(one)).size).toBe(STARTS);
    expect(seenBy(three).sort()).toEqual(seenBy(one).sort());
    const { '/health': _, ...counts } = three.counts();
    expect(counts).toEqual({ '/setup': 1, '/seen': STARTS, '/teardown': 1 });

    const row = together.run.requests.find(({ name }) => name === '/seen');
    expect(row?.count).toBe(STARTS);
    const values = readFileSync(samples, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type, metric, data }) => type === 'Point' && metric === 'http_req_response_time' && data.tags.name === '/seen')
      .map(({ data }) => data.value as number)
      .sort((a, b) => a - b);
    expect(values).toHaveLength(STARTS);
    for (const [percentile, q] of [
      ['p50', 0.5],
      ['p95', 0.95],
      ['p99', 0.99],
      ['max', 1],
    ] as const) {
      const raw = quantileOf(values, q);
      expect(Math.abs((row?.responseTimeMs?.[percentile] ?? 0) - raw), percentile).toBeLessThanOrEqual(raw / 1_000 + 0.002);
    }

    const agents = together.run.agents ?? [];
    expect(agents.map(({ name, workers, lost }) => [name, workers, lost])).toEqual(
      ['agent 1', 'agent 2', 'agent 3'].map((name) => [name, 1, null]),
    );
    for (const { name, startLeadMs, clockErrorMs } of agents) {
      expect(startLeadMs, name).not.toBeNull();
      expect(clockErrorMs, name).toBeGreaterThan(0);
      expect(together.stdout).toMatch(new RegExp(`${name} on [\\w.-]+: 1 worker, clock known to [\\d.]+ ms`));
    }
    expect(alone.run.agents).toBeUndefined();
  });

  test('an agent of two that is killed is said and makes 112; nothing is done twice, its workers end with it, and the other one serves the next run', async () => {
    const up = startCli(['cluster', 'up', '--listen', '127.0.0.1:0']);
    const [, join = '', token = ''] = await up.printed(/agent --join (\S+) --token (\w+)/);
    const [, secret = ''] = await up.printed(/STRESSRUN_TOKEN=(\w+)/);
    const agents = [1, 2].map(() => startCli(['agent', '--join', join, '--workers', '1'], { env: { STRESSRUN_TOKEN: token } }));
    await Promise.all(agents.map((agent) => agent.printed(/waiting for a run/)));

    const target = await startTarget();
    const killed = agents[0] as (typeof agents)[number];
    let workers: ListedProcess[] = [];
    const run = load(
      [at('plan.ts'), '--rate', '100/s', '--duration', '6s', '--users', '30', '--base-url', target.url, '--nats', join, '--agents', '2'],
      { env: { STRESSRUN_TOKEN: secret } },
    );
    await reached(target, 150);
    workers = descendantsOf(killed.pid);
    expect(workers.filter(({ command }) => command.includes('worker.cjs'))).toHaveLength(1);
    killed.signal('SIGKILL');
    expect(await survivorsOf(workers, 5_000)).toEqual([]);
    const { exitCode, run: result, stderr } = await run;
    expect([exitCode, result.verdict.outcome]).toEqual([112, 'degraded']);
    expect(result.verdict.reasons[0]).toMatch(
      /^planned load was lost: worker [12] was lost at [\d.]+ s and not replaced: its share of the load \(50%\) from then on, \d+ requests? in flight and numbers of up to [\d.]+ s \(agent [12] was lost: it is no longer connected to the NATS server\)$/,
    );
    expect(stderr).toMatch(/agent [12] was lost: .*; its share of the load is lost from here on/);
    expect(result.agents?.filter(({ lost }) => lost !== null)).toHaveLength(1);
    const indices = target.seen.flatMap(({ path, query }) => (path === '/seen' ? [query['index']] : []));
    expect(new Set(indices).size).toBe(indices.length);
    expect(indices.length).toBeLessThan(600);
    expect(result.requests.find(({ name }) => name === '/seen')?.count ?? 0).toBeLessThanOrEqual(indices.length);
    expect(target.counts()['/teardown']).toBe(1);

    const after = await startTarget();
    const second = await load([...PLAN, '--base-url', after.url, '--nats', join, '--agents', '1'], { env: { STRESSRUN_TOKEN: secret } });
    expect([second.run.agents?.length, new Set(seenBy(after)).size]).toEqual([1, STARTS]);
    (agents[1] as (typeof agents)[number]).signal('SIGTERM');
    expect((await agents[1]?.ended)?.exitCode).toBe(0);
    up.signal('SIGINT');
    expect((await up.ended).exitCode).toBe(0);
  });

  test('Ctrl-C in a run with agents: 105 with a report, and no agent, worker or NATS server is left', async () => {
    const target = await startTarget();
    const run = startCli([
      at('plan.ts'),
      '--rate',
      '50/s',
      '--duration',
      '60s',
      '--users',
      '30',
      '--base-url',
      target.url,
      '--agents',
      '2',
      '--run-dir',
      temporaryFolder(),
    ]);
    await reached(target, 40);
    const all = descendantsOf(run.pid);
    for (const part of ['nats-server', 'main.js agent', 'worker.cjs'])
      expect(
        all.some(({ command }) => command.includes(part)),
        part,
      ).toBe(true);
    run.signal('SIGINT', 'group');
    expect((await run.ended).exitCode).toBe(105);
    expect(target.counts()['/teardown']).toBe(1);
    expect(await survivorsOf(all, 5_000)).toEqual([]);
  });

  test.each([
    [['--agents', '0'], /--agents: expected a number of agents from 1 to 256; got "0"/],
    [['--nats', 'nats://127.0.0.1:4222'], /--agents: expected a number of agents from 1 to 256; got none/],
    [
      ['--nats', 'http://x', '--agents', '1'],
      /--nats: expected the URL of a NATS server, such as "nats:\/\/host:4222" or "tls:\/\/host:4222"; got "http:\/\/x"/,
    ],
  ])('%j is refused with 104: where, what is allowed, what came', async (flags, words) => {
    const { exitCode, stderr } = await cli([at('plan.ts'), '--base-url', 'http://127.0.0.1:1', ...flags]);
    expect(exitCode).toBe(104);
    expect(stderr).toMatch(words);
  });
});

async function reached(target: TargetServer, count: number): Promise<void> {
  while ((target.counts()['/seen'] ?? 0) < count) await new Promise((resolve) => setTimeout(resolve, 20));
}
