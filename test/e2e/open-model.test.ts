import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { load, notesOf } from '../support/cli.ts';
import { countBy, seriesIn } from '../support/journal.ts';
import { type Project, project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { http } from 'stressrun';
  export default async () => { await http.get('/items'); };`;

/** 300 starts a second for 6 s and ten users, against a target that answers nothing for the second from 2.5 s on. */
async function throughStall(onBusy: 'queue' | 'drop'): Promise<{ run: RunJson; folder: string; seen: number }> {
  const target = await startTarget({ '/items': { delayMs: 1, stall: { afterMs: 2_500, forMs: 1_000 } } });
  const { at } = project({
    'config.yaml': `
      environments: { here: { base_url: ${target.url} } }
      warm_up: { requests: 0 }
      test_profiles: { steady: { arrival_rate: 300/s, duration: 6s, max_users: 10, on_busy: ${onBusy} } }
      thresholds: { max_p99: 500ms }`,
    'test.ts': SCRIPT,
  });
  const { run, folder } = await load([at('test.ts'), '--profile', 'steady', '--workers', '2']);
  return { run, folder, seen: target.counts()['/items'] ?? 0 };
}

const ratio = (of: number, all: number): number => of / all;

test('a stall of 1 s shows in the response time of every start that was due in it, and not in the duration of those ten that were in flight', async () => {
  const { run, seen } = await throughStall('queue');
  const [all] = run.requests.slice(-1);
  expect(run.starts).toMatchObject({ due: 1_800, begun: 1_800, dropped: 0, interrupted: 0 });
  expect(run.requests.at(-1)?.count).toBe(1_800);
  expect(seen).toBe(1_800);
  // 300 of 1,800 starts were due in the stall; ten requests were in it
  expect(all?.responseTimeMs?.p99).toBeGreaterThan(700);
  expect(all?.responseTimeMs?.p90).toBeGreaterThan(150);
  expect(all?.durationMs?.p99).toBeLessThan(500);
  expect(run.starts.queued).toBeGreaterThan(200);
  expect(run.metrics['iteration_response_time']?.values['p99']).toBeGreaterThan(700);
  expect(run.run.model).toBe('open');
  expect(run.thresholds[0]?.outcome).toBe('missed');
});

test('starts that are dropped in a stall are counted, and what they had waited makes the p99 miss', async () => {
  const { run, folder, seen } = await throughStall('drop');
  const { due, begun, dropped } = run.starts;
  expect(due).toBe(1_800);
  expect(begun + dropped).toBe(1_800);
  expect(seen).toBe(begun);
  expect(dropped).toBeGreaterThan(200);
  expect(run.metrics['dropped_iterations']?.values['count']).toBe(dropped);
  expect(countBy(folder, 'http_req_cut_off', ({ tags }) => tags['kind'])).toEqual({ dropped });
  expect(run.requests.map(({ name }) => name)).toEqual(['/items', 'Aggregated']);
  // no answer was slow but those of the ten in flight: without the dropped ones it would be met
  expect(run.requests.at(-1)?.durationMs?.p99).toBeLessThan(500);
  const [p99] = run.thresholds;
  expect(p99?.outcome).toBe('missed');
  expect(p99?.samples).toBeGreaterThan(begun);
  expect(p99?.detail).toContain('over 500ms');
  expect(run.scenarios?.[0]).toMatchObject({
    model: 'open',
    executor: 'constant-arrival-rate',
    users: 10,
    starts: { due: 1_800, dropped },
  });
});

function scenarioProject(options: string, body: string): Project {
  return project({
    'config.yaml': 'warm_up: { requests: 0 }',
    'test.ts': `import { check, data, env, http, metrics, mix, random, scenario, vu } from 'stressrun';
      export const options = ${options};
      ${body}`,
  });
}

test('scenarios side by side have their own tags and variables, and samples carry them', async () => {
  const target = await startTarget();
  const { at } = scenarioProject(
    `{ scenarios: {
        open: { executor: 'constant-arrival-rate', rate: 20, duration: '2s', preAllocatedVUs: 5, tags: { flow: 'a' }, env: { WHO: 'first' } },
        closed: { executor: 'per-vu-iterations', vus: 2, iterations: 3, exec: 'other', tags: { flow: 'b' }, env: { WHO: 'second' } },
      } }`,
    `export default async () => {
        vu.tags['parity'] = scenario.iterationInTest % 2 === 0 ? 'even' : 'odd';
        await http.get('/' + env.WHO, { tags: { own: 'yes' } });
        check(scenario, { named: (s) => s.name === 'open' && s.executor === 'constant-arrival-rate' && s.progress >= 0 && s.progress <= 1 });
      };
      export const other = async () => { await http.get('/' + env.WHO); };`,
  );
  const { run, folder } = await load([at('test.ts'), '--base-url', target.url, '-e', 'WHO=nobody']);
  expect(target.counts()).toMatchObject({ '/first': 40, '/second': 6 });
  expect(countBy(folder, 'http_reqs', ({ period, tags }) => (period === 'setup' ? undefined : tags['flow']))).toEqual({ a: 40, b: 6 });
  expect(countBy(folder, 'iterations', ({ tags }) => `${tags['scenario']} ${tags['flow']} ${tags['parity']}`)).toEqual({
    'open a even': 20,
    'open a odd': 20,
    'closed b undefined': 6,
  });
  expect(countBy(folder, 'checks', ({ tags }) => tags['parity'])).toEqual({ even: 20, odd: 20 });
  expect(new Set(seriesIn(folder, 'http_reqs').map(({ tags }) => tags['own']))).toEqual(new Set(['yes', undefined]));
  expect(run.run.model).toBe('mixed');
  expect(run.scenarios?.map(({ name, starts }) => [name, starts?.begun])).toEqual([
    ['open', 40],
    ['closed', 6],
  ]);
  expect(ratio(run.checks[0]?.passes ?? 0, 40)).toBe(1);
});

test('what an iteration draws hangs on the start alone: with 1 worker and 5 users as with 2 workers and 9', async () => {
  const drawn = async (workers: number, users: number): Promise<string[]> => {
    const target = await startTarget();
    const { at } = project({
      'config.yaml': 'warm_up: { requests: 0 }',
      'rows.csv': `name\n${Array.from({ length: 60 }, (_, i) => `row${i}`).join('\n')}\n`,
      'test.ts': `import { data, http, mix, random, scenario } from 'stressrun';
        export const options = { scenarios: { it: { executor: 'constant-arrival-rate', rate: 30, duration: '2s', preAllocatedVUs: ${users} } } };
        const rows = data.csv('rows.csv');
        const ask = (name) => () => http.get('/x', { name: 'x', query: { name, i: scenario.iterationInTest, dice: random.integer(1, 1000), row: rows.next().name } });
        export default mix({ one: ask('one'), two: ask('two') }, { one: 3, two: 1 });`,
    });
    await load([at('test.ts'), '--base-url', target.url, '--seed', '5', '--workers', String(workers)]);
    return target.seen
      .filter(({ path }) => path === '/x')
      .map(({ query }) => `${query['i']} ${query['name']} ${query['dice']} ${query['row']}`);
  };
  const [one, two] = [await drawn(1, 5), await drawn(2, 9)];
  expect(one).toHaveLength(60);
  expect(two.toSorted()).toEqual(one.toSorted());
  expect(new Set(one.map((line) => line.split(' ')[3])).size).toBe(60);
  expect(one.filter((line) => line.includes(' one '))).toHaveLength(45);
});

test('a warm-up until response times are stable ends once they are, and says when', async () => {
  const target = await startTarget({ '/items': { delayMs: 20 } });
  const { at } = project({ 'config.yaml': 'warm_up: { until: stable, max: 30s }', 'test.ts': SCRIPT });
  const { run, tookMs } = await load([at('test.ts'), '--base-url', target.url, '--users', '3', '--duration', '2s']);
  const told = notesOf(run).find((note) => note.startsWith('warm-up: '));
  expect(told).toMatch(/^warm-up: response times were stable after \d+ s$/);
  expect(tookMs).toBeLessThan(30_000);
  expect(run.run.durationS).toBe(2);
});
