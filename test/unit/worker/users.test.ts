import { expect, test } from 'vitest';
import { StallCell, type StallPlace } from '../../../runtime/core/stall-cell.ts';
import { RateLimit } from '../../../runtime/worker/rate-limit.ts';
import { workerSetup } from '../../support/worker-setup.ts';
import { deadPort } from '../net/servers.ts';
import { SAY, saidBy, totalsOf, workerOf } from './own-worker.ts';

type Parts = NonNullable<Parameters<typeof workerOf>[1]>;

/** A worker whose users made so many iterations of these statements. */
async function after(statements: string, { users = 1, iterations = 1, ...parts }: Parts & { users?: number; iterations?: number } = {}) {
  const worker = await workerOf(
    `import { check, group, http, metrics, sleep, vu } from 'stressrun'; ${SAY}
    const level = metrics.trend('level');
    export default async () => { ${statements} };`,
    parts,
  );
  expect(await worker.prepare(users)).toBeNull();
  await worker.run(users, iterations);
  worker.runner.flush();
  return { worker, said: saidBy(worker.snapshots()), store: totalsOf(worker.snapshots()) };
}

/** Where a worker said it was, without what it said twice in a row. */
class Places extends StallCell {
  readonly seen: StallPlace[] = [];

  override write(place: StallPlace): void {
    if (JSON.stringify(place) !== JSON.stringify(this.seen.at(-1))) this.seen.push(place);
  }
}

test('a worker says where it is: in a hook, in which iteration of which user', async () => {
  const stallCell = new Places(undefined);
  const worker = await workerOf(
    `import { http } from 'stressrun';
    export const vuSetup = async () => { await http.get('/login'); };
    export default async () => { await http.get('/work'); };`,
    { stallCell },
  );
  expect(await worker.prepare(1)).toBeNull();
  const error = await new Promise((done) => worker.runtime.crew.setUpAll((text) => done(text)));
  await worker.run(1, 2);
  expect(error).toBeNull();
  const ofUser = stallCell.seen.filter(({ vu }) => vu === 0);
  expect(ofUser).toEqual([
    { phase: 'vuSetup', vu: 0, iteration: 0, scenario: 0 },
    { phase: 'iteration', vu: 0, iteration: 0, scenario: 0 },
    { phase: 'iteration', vu: 0, iteration: 1, scenario: 0 },
  ]);
});

test('what an iteration had waited for its turn is no lag of its sending', async () => {
  const worker = await workerOf("import { http } from 'stressrun';\nexport default async () => { await http.get('/work'); };");
  expect(await worker.prepare(1)).toBeNull();
  await worker.run(1, 3, -300_000_000); // due five minutes ago
  worker.runner.flush();
  const lags = worker.snapshots().flatMap(({ generator }) => (generator?.sendLagUsP99 === undefined ? [] : [generator.sendLagUsP99]));
  lags.push(worker.runtime.crew.desk?.takeSending().sendLagUsP99 ?? 0);
  expect(Math.max(...lags)).toBeLessThan(240_000_000);
  // it was late all the same, and whoever asks for a response time is told
  expect(totalsOf(worker.snapshots()).trend('http_req_response_time')?.max).toBeGreaterThan(299_000_000);
});

test('timers fire once or again until they are cleared, and none after it was', async () => {
  const { said } = await after(`
    const seen = [];
    const cleared = setTimeout(() => seen.push('cleared'), 1);
    clearTimeout(cleared);
    let ticks = 0;
    await new Promise((resolve) => { const every = setInterval(() => { if (++ticks === 3) { clearInterval(every); resolve(); } }, 1); });
    await new Promise((resolve) => setTimeout(() => { seen.push('once'); resolve(); }, 5));
    await sleep(0.02);
    say('seen', [seen, ticks]);
  `);
  expect(said).toEqual(['seen [["once"],3]']);
});

test('samples and checks carry their group, the tags of their user and their own, which win', async () => {
  const { worker } = await after(`
    level.add(1);
    vu.tags.kind = 'mine';
    vu.tags.side = 'left';
    await group('outer', async () => { level.add(2, { kind: 'own' }); check(1, { one: (v) => v === 1, two: (v) => v === 2 }); });
  `);
  const series = worker.snapshots().flatMap(({ deltas }) => deltas.flatMap((delta) => (delta.series === undefined ? [] : [delta.series])));
  const tagsOf = (metric: string) => series.filter((each) => each.metric === metric).map(({ tags }) => tags);
  expect(tagsOf('level')).toMatchObject([{ scenario: 'default' }, { group: '::outer', kind: 'own', side: 'left' }]);
  expect(tagsOf('level')[0]).not.toHaveProperty('kind');
  expect(tagsOf('checks')).toMatchObject([
    { check: 'one', group: '::outer', kind: 'mine' },
    { check: 'two', group: '::outer', kind: 'mine' },
  ]);
  expect(totalsOf(worker.snapshots()).rate('checks')).toMatchObject({ count: 2, passes: 1 });
});

test('an iteration that throws is an iteration error with its text; the next iteration is fine', async () => {
  const { worker, store } = await after(
    `
    if (vu.iteration === 0) throw new Error('first');
  `,
    { iterations: 4 },
  );
  expect(store.counter('iterations')).toMatchObject({ sum: 4 });
  expect(store.counter('iteration_errors')).toMatchObject({ sum: 1 });
  const samples = worker.snapshots().flatMap(({ errors }) => errors.map(({ kind, count, sample }) => [kind, count, sample.split('\n')[0]]));
  expect(samples).toEqual([['script', 1, 'Error: first']]);
});

test('a request that cannot be built is a failed one like any other, and so is one to where it may not go', async () => {
  const { said, store } = await after(`
    const bad = await http.get('/x', { headers: { 'bad name': '1' } }).catch((error) => ({ status: error.name }));
    say('bad', bad.status);
    const dead = await http.get('http://127.0.0.1:1/');
    say('dead', [dead.status, dead.ok, dead.errorCode]);
    const good = await http.get('/good');
    say('good', [good.status, good.ok, good.text()]);
  `);
  expect(said.filter((text) => !text.startsWith('bad'))).toEqual(['dead [0,false,1110]', 'good [200,true,"{\\"ok\\":true}"]']);
  expect(store.rate('http_req_failed')?.passes).toBe((store.rate('http_req_failed')?.count ?? 0) - 1);
});

test('a user whose connections are refused goes on after a pause, with an answer that says so', async () => {
  const { said } = await after(
    "for (let i = 0; i < 2; i++) { const dead = await http.get('/x'); say('dead', [dead.status, dead.ok, dead.errorCode]); }",
    { environment: { baseUrl: `http://127.0.0.1:${await deadPort()}` } },
  );
  expect(said).toEqual(['dead [0,false,1212]']);
});

test('an answer that the script fails is a failed one, one that it expects is not, and one of which it says nothing is as its status says', async () => {
  const script = `import { http } from 'stressrun';
    export default async () => {
      (await http.get('/good', { name: 'failed' })).fail('not what was asked for');
      await http.get('/broken', { name: 'expected', expect: (r) => r.status === 500 });
      await http.get('/broken', { name: 'plain' });
      await http.get('/good', { name: 'fine' });
    };`;
  const { settings } = await workerSetup(script, '');
  const worker = await workerOf(script, { setup: { settings: { ...settings, judgesAnswers: true } } });
  expect(await worker.prepare(1)).toBeNull();
  await worker.run(1, 1);
  worker.runner.flush();
  const store = totalsOf(worker.snapshots());
  const failedOf = (name: string) => store.rate('http_req_failed', { tags: { name } })?.passes;
  expect(['failed', 'expected', 'plain', 'fine'].map(failedOf)).toEqual([1, 0, 1, 0]);
  const samples = worker.snapshots().flatMap(({ errors }) => errors.map(({ name, sample }) => [name, sample]));
  expect(samples).toContainEqual(['failed', expect.stringContaining('not what was asked for')]);
});

test('the brake of the environment holds requests back: six at 25/s take a fifth of a second at least', async () => {
  const { store } = await after("await Promise.all([1, 2, 3, 4, 5, 6].map(() => http.get('/good')));", { environment: { rpsMax: 25 } });
  expect(store.rate('http_req_failed')).toMatchObject({ count: 6, passes: 0 });
  expect(store.trend('iteration_duration')?.sum).toBeGreaterThan(195_000);
});

test('places are an interval apart, from now on where nothing was asked for a while', () => {
  const limit = new RateLimit(4);
  expect([1_000_000, 1_000_000, 1_100_000, 3_000_000, 3_000_000].map((nowUs) => limit.delayUs(nowUs))).toEqual([
    0, 250_000, 400_000, 0, 250_000,
  ]);
});

test('answers of the coordinator go to whoever asked, once; one that nobody asked for goes nowhere', async () => {
  const { messenger, heard } = await workerOf('export default () => undefined;');
  const seen: unknown[] = [];
  for (const text of ['a', 'b'])
    messenger.ask<string>(
      (id) => ({ type: 'inspect', id, bytes: Buffer.from(text) }),
      (answer) => seen.push(`${text}: ${answer}`),
    );
  const [a, b] = heard.flatMap((message) => (message.type === 'inspect' ? [message.id] : []));
  messenger.answered(b as number, 'yes');
  messenger.answered(b as number, 'again');
  messenger.answered(77, 'nobody asked');
  expect([seen, messenger.isAsking]).toEqual([['b: yes'], true]);
  messenger.answered(a as number, 'no');
  expect([seen, messenger.isAsking]).toEqual([['b: yes', 'a: no'], false]);
});
