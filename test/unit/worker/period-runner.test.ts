import { expect, test } from 'vitest';
import { monotonicUs } from '../../../runtime/core/clock.ts';
import type { HookFailures } from '../../../runtime/messages/messages.ts';
import { totalsOf, workerOf } from './own-worker.ts';

test('6 iterations of 2 users ask 12 times: snapshots have each request once, and the starts', async () => {
  const worker = await workerOf(`import { http } from 'stressrun';
    export default async () => { await http.get('/good'); await http.get('/broken'); };`);
  expect(await worker.prepare(2)).toBeNull();
  await worker.run(2, 6);
  worker.runner.flush();
  expect(worker.paths.toSorted()).toEqual([...Array(6).fill('/broken'), ...Array(6).fill('/good')]);
  const store = totalsOf(worker.snapshots());
  expect(store.rate('http_req_failed', { periods: ['measured'] })).toMatchObject({ count: 12, passes: 6 });
  expect(store.counter('iterations')).toMatchObject({ sum: 6 });
  expect(worker.snapshots().findLast(({ period }) => period === 'measured')).toMatchObject({ starts: { begun: 6 }, inFlight: 0 });
  expect(worker.heard.filter(({ type }) => type === 'periodEnded')).toMatchObject([{ period: 'measured', to: 1 }]);
});

test('moments go in and out by the clock of the run, wherever that begins on the clock of the worker', async () => {
  const epochUs = monotonicUs() + 3_600_000_000; // in an hour: by the wrong clock nothing would begin in this test
  const worker = await workerOf(
    `import { http, metrics } from 'stressrun';
    const level = metrics.gauge('level');
    export default async () => { await http.get('/good'); level.add(7); };`,
    { epochUs },
  );
  expect(await worker.prepare(1)).toBeNull();
  const beganUs = monotonicUs() - epochUs;
  await worker.run(1, 2);
  const overUs = monotonicUs() - epochUs;
  worker.runner.flush();
  const gauges = worker.snapshots().flatMap(({ deltas }) => deltas.flatMap((delta) => ('atUs' in delta ? [delta.atUs] : [])));
  const [ended] = worker.heard.flatMap((message) => (message.type === 'periodEnded' ? [message.endedAtUs] : []));
  for (const atUs of [...gauges, ended ?? 0]) expect([atUs >= beganUs, atUs <= overUs]).toEqual([true, true]);
  expect(gauges.length).toBeGreaterThan(0);
});

test('of 3 users the one whose vuSetup() throws is named', async () => {
  const { runtime, prepare } = await workerOf(`import { vu } from 'stressrun';
    export const vuSetup = () => { if (vu.id === 2) throw new Error('no seat'); };
    export default () => undefined;`);
  expect(await prepare(3)).toBeNull();
  const [error, vu] = await new Promise<[string | null, number]>((done) => runtime.crew.setUpAll((text, index) => done([text, index])));
  expect([error?.split('\n')[0], vu]).toEqual(['Error: no seat', 1]);
});

test('each of 3 users is torn down though two throw, and the first that did is told with how many', async () => {
  const { runtime, prepare, paths } = await workerOf(`import { http, vu } from 'stressrun';
    export const vuTeardown = async () => { await http.get('/bye'); if (vu.id > 1) throw new Error('stuck'); };
    export default () => undefined;`);
  expect(await prepare(3)).toBeNull();
  const found = await new Promise<HookFailures>((done) => runtime.crew.tearDownAll(done));
  expect(found).toMatchObject({ failures: 2, error: expect.stringContaining('Error: stuck') });
  expect(paths).toEqual(['/bye', '/bye', '/bye']);
});

test('a stream is forgotten once its script knows its end, or that it has none, and not only when the iteration is over', async () => {
  const worker = await workerOf(`import { http } from 'stressrun';
    export default async () => {
      for (let i = 0; i < 5; i++) await (await http.stream('/good', { as: 'chunks' })).done();
      for (let i = 0; i < 5; i++) await http.stream('/broken', { as: 'chunks' });
    };`);
  expect(await worker.prepare(1)).toBeNull();
  const open: (number | undefined)[] = [];
  worker.target.asked = () => open.push(worker.runtime.crew.desk?.streams.openCount);
  await worker.run(1, 1);
  expect(open).toEqual(Array(10).fill(1)); // the one that is asked for
});
