import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Calibration } from '../../../runtime/core/records.ts';
import type { FromWorker, ToWorker } from '../../../runtime/messages/messages.ts';
import { calibrateFleet, warmUpWorker } from '../../../runtime/run/calibrate.ts';
import { calibrate } from '../../../runtime/worker/calibration.ts';

type Ask = Extract<ToWorker, { type: 'calibrate' }>;
type Answer = Extract<FromWorker, { type: 'calibrated' }>;

/** Workers that answer a calibration as they are told. */
function fleetOf(count: number, answer: (ask: Ask, worker: number) => Promise<Calibration | null>) {
  const asked: (Ask & { worker: number })[] = [];
  return {
    asked,
    workers: Array.from({ length: count }, (_, worker) => worker),
    async ask(worker: number, message: Ask): Promise<Answer> {
      asked.push({ ...message, worker });
      return { type: 'calibrated', to: 1, calibration: await answer(message, worker) };
    },
  };
}

const madeUp = (p95: number): Calibration => ({ requests: 100, overheadUsP50: 100, overheadUsP95: p95, overheadUsP99: 2 * p95 });

test('a worker that calibrates for real answers at most 7/8 of 300 requests, in order of percentiles', async () => {
  const fleet = fleetOf(1, calibrate);
  const calibration = await calibrateFleet(fleet, 8);
  expect(fleet.asked.map(({ requests, concurrency }) => [requests, concurrency])).toEqual([
    [200, 8],
    [100, 1],
  ]);
  expect(calibration?.requests).toBeGreaterThan(0);
  expect(calibration?.requests).toBeLessThanOrEqual(263);
  expect(calibration?.overheadUsP50).toBeGreaterThan(0);
  expect(calibration?.overheadUsP95).toBeGreaterThanOrEqual(calibration?.overheadUsP50 ?? Number.NaN);
  expect(calibration?.overheadUsP99).toBeGreaterThanOrEqual(calibration?.overheadUsP95 ?? Number.NaN);
});

test('the worst of 3 workers counts, each asked with its third of 30 users and then alone', async () => {
  const fleet = fleetOf(3, async (_, worker) => madeUp(1000 * (worker + 1)));
  expect(await calibrateFleet(fleet, 30)).toEqual({ requests: 600, overheadUsP50: 100, overheadUsP95: 3000, overheadUsP99: 6000 });
  expect(fleet.asked.map(({ worker, concurrency }) => [worker, concurrency])).toEqual([
    [0, 10],
    [0, 1],
    [1, 10],
    [1, 1],
    [2, 10],
    [2, 1],
  ]);
});

test('a run through undici is calibrated through undici, and what warms its worker up is sent by it as well', async () => {
  const fleet = fleetOf(1, async () => madeUp(1));
  await warmUpWorker(fleet, 0, 'undici');
  await calibrateFleet(fleet, 4, 'undici');
  await calibrateFleet(fleet, 4);
  expect(fleet.asked.map(({ httpClient }) => httpClient)).toEqual(['undici', 'undici', 'undici', undefined, undefined]);
});

test('the client that is named calibrates: lines that end in LF alone are read by our own, and are nothing to undici', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => void socket.write('HTTP/1.1 200 OK\ncontent-length: 2\n\nok'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const options = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests: 8, concurrency: 1 };
  expect(await calibrate(options)).toMatchObject({ requests: 7 });
  expect(await calibrate({ ...options, httpClient: 'undici' })).toBeNull();
});

test('with 5,000 users of a worker 16 requests at a time are enough', async () => {
  const fleet = fleetOf(1, async () => madeUp(1));
  await calibrateFleet(fleet, 5_000);
  expect(fleet.asked.map(({ concurrency }) => concurrency)).toEqual([16, 1]);
});

test('a worker that warms up sends 150 requests that nobody hears of, and one that is lost meanwhile is told by whoever needs it', async () => {
  const fleet = fleetOf(1, calibrate);
  expect(await warmUpWorker(fleet, 0)).toBeUndefined();
  expect(fleet.asked.map(({ requests, concurrency }) => [requests, concurrency])).toEqual([[150, 4]]);
  const lost = fleetOf(1, () => Promise.reject(new Error('lost')));
  expect(await warmUpWorker(lost, 0)).toBeUndefined();
});

test('a worker that fails, or is lost, leaves the run without a calibration', async () => {
  expect(
    await calibrateFleet(
      fleetOf(2, async (_, worker) => (worker === 1 ? null : madeUp(1))),
      2,
    ),
  ).toBeNull();
  const lost = fleetOf(1, () => Promise.reject(new Error('lost')));
  expect(await calibrateFleet(lost, 2)).toBeNull();
});

test('a server that answers 503 is no echo server: null', async () => {
  const server = createServer((_, response) => response.writeHead(503).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  expect(await calibrate({ url, requests: 8, concurrency: 2 })).toBeNull();
});
