import { expect, onTestFinished, test } from 'vitest';
import { StallCell } from '../../../runtime/core/stall-cell.ts';
import type { FromWorker } from '../../../runtime/messages/messages.ts';
import { AnswerLoader } from '../../../runtime/run/loaded-answers.ts';
import { Vm2Engine } from '../../../runtime/sandbox/vm2-engine.ts';
import { Messenger } from '../../../runtime/worker/messenger.ts';
import { WorkerRuntime } from '../../../runtime/worker/worker-runtime.ts';
import { guestText } from '../../support/guest-text.ts';
import { workerSetup } from '../../support/worker-setup.ts';
import { planOf } from '../engine/scripted-host.ts';
import { environmentOf, httpServer } from '../net/servers.ts';

const SPEC = { width: 32, height: 32, variants: 1, unique: 'pixels' };
const KEY = `image.pool:${JSON.stringify(SPEC)}`;

type Draw = Extract<FromWorker, { type: 'draw' }>;

/** A worker of one VU, prepared; pictures that it wants drawn wait for the test, and what the server is sent is kept. */
async function workerOf(script: string) {
  const bodies: string[] = [];
  const { base } = await httpServer(async (message, response) => {
    let body = '';
    for await (const chunk of message.setEncoding('latin1')) body += chunk;
    bodies.push(body);
    response.end('{}');
  });
  const draws: Draw[] = [];
  const messenger = new Messenger((message) => void (message.type === 'draw' && draws.push(message)), 'off');
  const text = `import { http, image } from 'stressrun'; const photos = image.pool(${JSON.stringify(SPEC)}); export default async () => { ${script} };`;
  const setup = await workerSetup(text, await guestText());
  const runtime = new WorkerRuntime(setup, messenger, { stallCell: new StallCell(undefined), engine: new Vm2Engine() });
  runtime.compile();
  const { json, pool } = await new AnswerLoader({ scriptPath: '/nowhere/x.ts', allowPaths: [], seed: setup.settings.seed }).load(KEY);
  runtime.learn({ type: 'answers', answers: [[KEY, json]], pools: pool === undefined ? [] : [pool] });
  const plan = { scenarios: [planOf({ users: 1 })], hasVuTeardown: false, environment: environmentOf(base) };
  expect(await new Promise((done) => runtime.crew.prepare({ type: 'prepare', ...plan }, done))).toBeNull();
  onTestFinished(() => runtime.crew.closeAll());

  const begin = (iteration: number): Promise<string> =>
    new Promise((ended) => {
      runtime.crew.begin({ vu: 0, iteration, index: -1, scenario: 0, phase: '', dueAtUs: 0 }, ({ kind }) => ended(kind));
    });
  const asked = async (count: number): Promise<void> => {
    while (draws.length < count) await new Promise((resolve) => setImmediate(resolve));
  };
  return { runtime, messenger, bodies, draws, begin, asked };
}

test('an iteration that is cut short while its picture is drawn sends nothing and counts nothing; the next one sends 1', async () => {
  const { runtime, messenger, bodies, draws, begin, asked } = await workerOf("await http.post('/', { body: photos.next() });");
  const first = begin(0);
  await asked(1);
  runtime.crew.interrupt(0);
  expect(await first).toBe('interrupted');
  const second = begin(1);
  await asked(2);
  messenger.answered((draws[0] as Draw).id, Buffer.from('late'));
  messenger.answered((draws[1] as Draw).id, Buffer.from('in time'));
  expect(await second).toBe('done');
  expect(bodies).toEqual(['in time']);
  expect(runtime.crew.desk?.inFlight).toBe(0);
  const counted = runtime.recorder.drain().deltas.filter(({ series }) => series?.metric === 'http_reqs');
  expect(counted).toMatchObject([{ sum: 1 }]);
});

test('a request with two pictures waits for both, whichever is drawn first, and sends each in its place', async () => {
  const { messenger, bodies, draws, begin, asked } = await workerOf(
    "await http.post('/', { multipart: { one: photos.at(1), two: photos.at(2) } });",
  );
  const ended = begin(0);
  await asked(2);
  expect(draws.map(({ index }) => index)).toEqual([1, 2]);
  messenger.answered((draws[1] as Draw).id, Buffer.from('TWO'));
  expect(bodies).toEqual([]);
  messenger.answered((draws[0] as Draw).id, Buffer.from('ONE'));
  expect(await ended).toBe('done');
  expect(bodies[0]).toMatch(/name="one".*\r\n\r\nONE\r\n.*name="two".*\r\n\r\nTWO\r\n/s);
});

test('a picture that could not be drawn is a failed request, and no empty file is sent', async () => {
  const { runtime, messenger, bodies, draws, begin, asked } = await workerOf("await http.post('/', { body: photos.next() });");
  const ended = begin(0);
  await asked(1);
  messenger.answered((draws[0] as Draw).id, Buffer.alloc(0));
  expect(await ended).toBe('done');
  expect(bodies).toEqual([]);
  const failed = runtime.recorder.drain().deltas.filter(({ series }) => series?.metric === 'http_req_failed');
  expect(failed).toMatchObject([{ count: 1, passes: 1 }]);
});
