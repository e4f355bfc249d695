import { expect, test } from 'vitest';
import type { GuestScenario } from '../../../runtime/core/guest-settings.ts';
import { openBox, type ScriptBox } from '../../support/script-box.ts';

const plan = (parts: Partial<GuestScenario> = {}): GuestScenario => ({
  name: 'default',
  exec: 'default',
  executor: 'constant-arrival-rate',
  users: 4,
  vuOffset: 0,
  startMs: 1_000,
  durationMs: 10_000,
  iterations: 0,
  env: {},
  ...parts,
});

/** What an iteration threw as JSON: its way to say something. */
async function said<T>(box: ScriptBox, ...iteration: Parameters<ScriptBox['iterate']>): Promise<T> {
  const { text } = await box.iterate(...iteration);
  return JSON.parse((text.split('\n', 1)[0] ?? '').replace('Error: ', '')) as T;
}

const SAYS = (expression: string): string => `
  import { data, env, image, mix, random, scenario, vu } from 'stressrun';
  const rows = data.csv('rows.csv');
  const pool = image.pool({ width: 8, height: 8 });
  export default () => { throw new Error(JSON.stringify(${expression})); };
  export const second = () => { throw new Error(JSON.stringify(${expression})); };`;
const LOADED = {
  'data.csv:"rows.csv"': JSON.stringify(Array.from({ length: 10 }, (_, row) => ({ row }))),
  'image.pool:{"width":8,"height":8}': JSON.stringify({
    pool: 'p',
    pictures: Array.from({ length: 32 }, (_, i) => ({ width: 8, height: 8, format: 'png', bytes: 1, objects: [], id: `picture ${i}` })),
  }),
};
const boxOf = (expression: string, scenarios: GuestScenario[] = [plan(), plan({ name: 'second', exec: 'second', vuOffset: 4 })]) =>
  openBox(SAYS(expression), { loaded: LOADED, settings: { scenarios } });

test('what a start draws hangs on its index alone: not on the VU that takes it, nor on how much that one has done', async () => {
  const box = await boxOf('[random.integer(1, 1e9), pool.next().id, rows.random().row, rows.next().row]');
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  const draws = await said<unknown[]>(box, 0, 0, { index: 7 });
  await box.iterate(1, 0, { index: 1 });
  expect(await said(box, 1, 1, { index: 7 })).toEqual(draws);
  const others = await said<unknown[]>(box, 1, 2, { index: 8 });
  expect(others.slice(0, 2)).not.toEqual(draws.slice(0, 2));
  expect((await said<unknown[]>(box, 0, 7)).slice(0, 2)).not.toEqual(draws.slice(0, 2)); // by VU and iteration, where starts are not counted
});

test('ten starts take the ten rows, whichever VUs take them; a second row of one start is another', async () => {
  const box = await openBox(SAYS('[rows.next().row, rows.next().row]'), {
    loaded: LOADED,
    settings: { scenarios: [plan()] },
  });
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  const taken: [number, number][] = [];
  for (let index = 0; index < 10; index++) taken.push(await said(box, index % 3 === 0 ? 0 : 1, index, { index }));
  expect(taken.map(([row]) => row)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(taken.every(([one, two]) => one !== two)).toBe(true);
});

test('a mix deals by the index of the start: 20 starts over three VUs hold each task in its exact share', async () => {
  const box = await openBox(`import { mix } from 'stressrun';
    const nothing = () => {};
    export default mix({ a: nothing, b: nothing }, { a: 3, b: 1 });`);
  for (const vu of [0, 1, 2]) await box.instantiate(vu);
  for (let index = 0; index < 20; index++) await box.iterate(index % 3, Math.floor(index / 3), { index });
  expect(box.tasks.filter((task) => task === 'a')).toHaveLength(15);
  for (let from = 0; from < 20; from += 4) expect(box.tasks.slice(from, from + 4).toSorted()).toEqual(['a', 'a', 'a', 'b']);
});

test('an iteration knows its scenario, its number in it and how far it is', async () => {
  const box = await boxOf('[scenario.name, scenario.executor, scenario.iterationInTest, scenario.progress, scenario.phase]');
  await box.instantiate(1);
  box.time.nowUs = 3_500_000;
  expect(await said(box, 1, 0, { index: 12, phase: 'peak' })).toEqual(['default', 'constant-arrival-rate', 12, 0.25, 'peak']);
});

test.each([
  ['of 4 users the second, in its third iteration, has number 9', 1, 2, 9],
  ['a user that was added while the test ran has none', 1_000_000, 2, -1],
])('where every VU goes on by itself, %s', async (_, vu, iteration, number) => {
  const box = await boxOf('scenario.iterationInTest');
  await box.instantiate(vu);
  expect(await said(box, vu, iteration)).toBe(number);
});

test('progress of 8 iterations is that of the iterations: 6 of 8 have begun', async () => {
  const box = await boxOf('scenario.progress', [plan({ iterations: 8 })]);
  await box.instantiate(0);
  expect(await said(box, 0, 0, { index: 5 })).toBe(0.75);
});

test('variables of a scenario go before those of the run, in its own VUs alone', async () => {
  const box = await boxOf('env', [plan(), plan({ name: 'second', exec: 'second', env: { REGION: 'us', MORE: 'yes' } })]);
  await box.instantiate(0);
  await box.instantiate(1, 1);
  expect(await said(box, 0, 0)).toEqual({ REGION: 'eu' });
  expect(await said(box, 1, 0, { scenario: 1 })).toEqual({ REGION: 'us', MORE: 'yes' });
});

test('vu.tags are tags of all that is asked from there on, over iterations, and of the iteration itself as it ends', async () => {
  const box = await openBox(`import { check, group, http, vu } from 'stressrun';
    export default async () => {
      await http.get('/1');
      vu.tags['flow'] = 'a' + vu.iteration;
      vu.tags.n = 5;
      await group('g', async () => { await http.get('/2'); check(1, { ok: () => true }); });
      delete vu.tags.n;
      await http.get('/3');
    };`);
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  await box.iterate(0, 0);
  await box.iterate(0, 1);
  const seen = box.requests.map(({ url, group, tags }) => [url, group, tags]);
  expect(seen).toEqual([
    ['/1', '', undefined],
    ['/2', '::g', { flow: 'a0', n: '5' }],
    ['/3', '', { flow: 'a0' }],
    ['/1', '', { flow: 'a0' }],
    ['/2', '::g', { flow: 'a1', n: '5' }],
    ['/3', '', { flow: 'a1' }],
  ]);
  expect(box.checks[0]).toMatchObject({ group: '::g' });
  expect(box.vuTagsSeen).toEqual([{ flow: 'a0' }, { flow: 'a1' }]);
});

test("vu.tags of one VU are no other one's, and a script that never looks at them sends none", async () => {
  const box = await openBox(`import { http, vu } from 'stressrun';
    export default async () => { if (vu.id === 1) vu.tags.mine = 'yes'; await http.get('/' + vu.id); };`);
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  await Promise.all([box.iterate(0, 0), box.iterate(1, 0)]);
  expect(box.requests.map(({ url, tags }) => [url, tags]).toSorted()).toEqual([
    ['/1', { mine: 'yes' }],
    ['/2', undefined],
  ]);
});

test('more than 2,000 different sets of vu.tags are refused where the next request is asked for', async () => {
  const box = await openBox(`import { http, vu } from 'stressrun';
    export default async () => { for (let i = 0; i < 2_001; i++) { vu.tags.i = i; await http.get('/'); } };`);
  await box.instantiate(0);
  expect((await box.iterate(0, 0)).text).toContain('vu.tags: expected at most 2000 different sets of tags');
});
