import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BYTES_MAX, PARCELS_MAX, RefusedError, SendQueue } from '../../../runtime/outputs/send-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const parcel = (payload: number, bytes = 10) => ({ payload, points: 5, bytes });

test('parcels are sent one after the other, in order; with nothing dropped there is nothing to tell', async () => {
  const sent: number[] = [];
  const queue = new SendQueue<number>({
    async send(payload) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      sent.push(payload);
    },
  });
  for (const payload of [1, 2, 3]) queue.push(parcel(payload));
  await vi.advanceTimersByTimeAsync(250);
  expect(sent).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(100);
  expect(sent).toEqual([1, 2, 3]);
  expect(await queue.close()).toEqual([]);
});

test('a server that fails is asked again after 0.5, 1, 2, 4, 8 and 8 s, and what waited meanwhile is sent then', async () => {
  const atMs: number[] = [];
  const began = Date.now();
  let isUp = false;
  const queue = new SendQueue<number>({
    send() {
      atMs.push(Date.now() - began);
      return isUp ? Promise.resolve() : Promise.reject(new Error('down'));
    },
  });
  queue.push(parcel(1));
  queue.push(parcel(2));
  await vi.advanceTimersByTimeAsync(16_000);
  isUp = true;
  await vi.advanceTimersByTimeAsync(8_000);
  expect(atMs).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 23_500, 23_500]);
  expect(await queue.close()).toEqual([]);
});

test(`past ${PARCELS_MAX} parcels the oldest are dropped and counted`, async () => {
  const sent: number[] = [];
  const queue = new SendQueue<number>({
    send(payload) {
      if (sent.length === 0 && payload === 0) return new Promise(() => undefined); // hangs until it is given up
      sent.push(payload);
      return Promise.resolve();
    },
  });
  for (let i = 0; i < PARCELS_MAX + 11; i++) queue.push(parcel(i));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(sent).toEqual([]);
  const closed = queue.close();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(await closed).toEqual([
    `${(PARCELS_MAX + 11) * 5} of ${(PARCELS_MAX + 11) * 5} points could not be sent and were dropped: no answer within 5000 ms`,
  ]);
});

test('past 32 MB the oldest are dropped: of 5 parcels of 8 MB behind one that hangs 4 are kept', async () => {
  const sent: number[] = [];
  let answer: () => void = () => undefined;
  const queue = new SendQueue<number>({
    async send(payload) {
      if (payload === 0) await new Promise<void>((resolve) => (answer = resolve));
      sent.push(payload);
    },
  });
  for (let i = 0; i < 6; i++) queue.push(parcel(i, BYTES_MAX / 4));
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([0, 2, 3, 4, 5]);
  expect(await queue.close()).toEqual(['5 of 30 points could not be sent and were dropped: they came faster than they were taken']);
});

test('what is refused for good is dropped at once and not tried again', async () => {
  const tried: number[] = [];
  const queue = new SendQueue<number>({
    send(payload) {
      tried.push(payload);
      return payload === 1 ? Promise.reject(new RefusedError('no')) : Promise.resolve();
    },
  });
  for (const payload of [1, 2]) queue.push(parcel(payload));
  expect(await queue.close()).toEqual(['5 of 10 points could not be sent and were dropped: no']);
  expect(tried).toEqual([1, 2]);
});

test('the end waits for no back-off: where nothing was ever taken there is one more attempt', async () => {
  let tries = 0;
  const queue = new SendQueue<number>({
    send() {
      tries++;
      return Promise.reject(new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') }));
    },
  });
  queue.push(parcel(1));
  await vi.advanceTimersByTimeAsync(3_600);
  expect(tries).toBe(4);
  expect(await queue.close()).toEqual(['5 of 5 points could not be sent and were dropped: connect ECONNREFUSED']);
  expect(tries).toBe(5);
});

test('a send that hangs is given up after 5 s, and told so', async () => {
  let isAborted = false;
  const queue = new SendQueue<number>({
    send: (_, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          isAborted = true;
        });
      }),
  });
  queue.push(parcel(1));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(isAborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isAborted).toBe(true);
});

test(`behind one that is being sent ${PARCELS_MAX} may wait; the one after them drops the oldest`, async () => {
  const sent: number[] = [];
  let answer: () => void = () => undefined;
  const queue = new SendQueue<number>({
    async send(payload) {
      if (payload === 0) await new Promise<void>((resolve) => (answer = resolve));
      sent.push(payload);
    },
  });
  for (let i = 0; i < PARCELS_MAX + 2; i++) queue.push(parcel(i));
  answer();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([0, ...Array.from({ length: PARCELS_MAX }, (_, i) => i + 2)]);
});

test('one parcel alone is sent though it is over the 32 MB that many may have', async () => {
  const sent: number[] = [];
  const queue = new SendQueue<number>({ send: (payload) => Promise.resolve(void sent.push(payload)) });
  queue.push(parcel(1, BYTES_MAX + 1));
  expect([await queue.close(), sent]).toEqual([[], [1]]);
});

test('where something was taken before, the end asks again with back-off for 5 s, and no longer', async () => {
  const atMs: number[] = [];
  let beganMs = Number.NaN;
  const queue = new SendQueue<number>({
    send(payload) {
      if (payload === 1) return Promise.resolve();
      atMs.push(Date.now() - beganMs);
      return Promise.reject(new Error('down'));
    },
  });
  queue.push(parcel(1));
  await vi.advanceTimersByTimeAsync(0);
  beganMs = Date.now();
  queue.push(parcel(2));
  const closed = queue.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await closed).toEqual(['5 of 10 points could not be sent and were dropped: down']);
  expect(atMs).toEqual([0, 500, 1_500, 3_500]);
});
