import { expect, test } from 'vitest';
import { load, notesOf, type RunResult } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { type SeenRequest, startTarget } from '../support/target-server.ts';

/** Schedules that depend on who does what, by the target's record: the same on 1, 2 and 4 workers. */

const WORKERS = [1, 2, 4];

interface Held {
  readonly result: RunResult;
  /** Requests of iterations, by number where they say one. */
  readonly seen: SeenRequest[];
}

/** Runs a script whose iterations begin with a GET of `/begun?…` against a target of its own. */
async function held(script: string, workers: number): Promise<Held> {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${target.url}" } }\nwarm_up: { requests: 0 }\n`,
    'a.ts': `import { http, metrics, scenario, sleep, vu } from 'stressrun';\n${script}`,
  });
  const result = await load([at('a.ts'), '--env', 't', '--workers', `${workers}`, '--on-inconclusive', 'warn']);
  await target.close();
  return { result, seen: target.seen.filter(({ path }) => path === '/begun') };
}

const numbersOf = (seen: readonly SeenRequest[]): number[] => seen.map(({ query }) => Number(query['i'])).sort((a, b) => a - b);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** First user slow, second fast. */
const BY_USER = (slow: string, fast: string): string => `
export default async () => {
  await http.get('/begun', { query: { i: scenario.iterationInTest, vu: vu.id } });
  await sleep(vu.id === 1 ? '${slow}' : '${fast}');
};`;

test.concurrent.each(WORKERS)(
  '12 shared iterations, one user of 1 s and one of 0.1 s: all begun, the slow one does 2, on %i workers',
  async (workers) => {
    const options = `export const options = { scenarios: { a: { executor: 'shared-iterations', vus: 2, iterations: 12, maxDuration: '6s' } } };`;
    const { result, seen } = await held(options + BY_USER('1s', '100ms'), workers);
    expect(numbersOf(seen)).toEqual(upTo(12));
    expect(result.run.starts).toMatchObject({ due: 12, begun: 12, dropped: 0 });
    const slow = seen.filter(({ query }) => query['vu'] === '1');
    // 10 of 0.1 s are done after 1 s, and the slow user has begun its second by then at the most
    expect(slow.length).toBeLessThanOrEqual(2);
  },
);

test.each(WORKERS.flatMap((workers) => [[workers, 'drop'] as const, [workers, 'queue'] as const]))(
  '4/s for 3 s, one of two users takes 2 s: on %i workers with %s all 12 begin when due',
  async (workers, onBusy) => {
    const options = `export const options = { scenarios: { a: { executor: 'constant-arrival-rate', rate: 4, duration: '3s', preAllocatedVUs: 2, onBusy: '${onBusy}' } } };`;
    const { result, seen } = await held(options + BY_USER('2s', '100ms'), workers);
    expect(numbersOf(seen)).toEqual(upTo(12));
    expect(result.run.starts).toMatchObject({ due: 12, begun: 12, queued: 0, dropped: 0 });
  },
);

test.concurrent.each([1, 2])(
  '10/s for 2 s with two users of 0.5 s on %i workers: none begins after the end, and the rest is never begun and has waited',
  async (workers) => {
    const { result, seen } = await held(
      `const after = metrics.counter('begun_after_the_end');
    export const options = {
      scenarios: { a: { executor: 'constant-arrival-rate', rate: 10, duration: '2s', preAllocatedVUs: 2, gracefulStop: '3s' } },
      thresholds: { begun_after_the_end: ['count==0'], http_req_response_time: ['p(90)<500ms'] },
    };
    export default async () => {
      after.add(scenario.progress > 1.02 ? 1 : 0);
      await http.get('/begun', { query: { i: scenario.iterationInTest } });
      await sleep('500ms');
    };`,
      workers,
    );
    const { due, begun, dropped } = result.run.starts;
    expect([due, begun + dropped, begun === seen.length]).toEqual([20, 20, true]);
    expect(dropped).toBeGreaterThanOrEqual(11);
    expect(result.run.thresholds.map(({ expression, outcome }) => [expression.split(':')[0], outcome])).toContainEqual([
      'begun_after_the_end',
      'met',
    ]);
    expect(notesOf(result.run).join('\n')).toMatch(/of 20 planned starts were never begun: all 2 users were busy/);
  },
);

test.concurrent('all users of 0 s begin at 0 s, at once, in constant-vus and at a jump', async () => {
  const { seen } = await held(
    `const quick = { gracefulStop: '0s', env: {} };
    const stages = [{ duration: '0s', target: 10 }, { duration: '3s', target: 10 }];
    export const options = { scenarios: {
      constant: { executor: 'constant-vus', vus: 10, duration: '3s', ...quick },
      jump: { executor: 'ramping-vus', startVUs: 0, stages, ...quick },
      slowly: { executor: 'constant-vus', vus: 3, duration: '3s', spawnRate: 2, ...quick },
    } };
    export default async () => {
      await http.get('/begun', { query: { at: scenario.progress * 3, of: scenario.name } });
      await sleep('20s');
    };`,
    2,
  );
  const early = (name: string) => seen.filter(({ query }) => query['of'] === name && Number(query['at']) < 0.5).length;
  expect([early('constant'), early('jump')]).toEqual([10, 10]);
  expect(early('slowly')).toBeLessThanOrEqual(1);
});

test.concurrent('vus_max is of all workers, also of one that was done before its first second', async () => {
  const { result } = await held(
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } }, thresholds: { vus_max: ['value==3'] } };
    export default async () => { await sleep(vu.id === 1 ? 1.5 : 0.1); };`,
    2,
  );
  expect(result.run.thresholds).toMatchObject([{ outcome: 'met' }]);
});

test.concurrent('vus are those at work in the last second, without those of a worker that is done', async () => {
  const { result } = await held(
    `export const options = { scenarios: { a: { executor: 'per-vu-iterations', vus: 2, iterations: 1 } }, thresholds: { vus: ['value==1'] } };
    export default async () => { await sleep(vu.id === 1 ? 3.5 : 1.3); };`,
    2,
  );
  expect(result.run.thresholds).toMatchObject([{ outcome: 'met' }]);
});
