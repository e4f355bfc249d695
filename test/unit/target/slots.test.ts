import { expect, test } from 'vitest';
import { Slots } from '../../../runtime/target/slots.ts';

const stay = (): AbortSignal => new AbortController().signal;

test('of 4 who ask for 1 slot with a queue of 2, one enters, two wait and one finds it full', async () => {
  const slots = new Slots(1, 2);
  expect(await slots.enter(stay())).toBe('entered');
  const order: string[] = [];
  const second = slots.enter(stay()).then((entry) => order.push(`second ${entry}`));
  const third = slots.enter(stay()).then((entry) => order.push(`third ${entry}`));
  expect(await slots.enter(stay())).toBe('full');
  expect([slots.taken, slots.waiting]).toEqual([1, 2]);
  slots.leave();
  await second;
  expect(order).toEqual(['second entered']);
  expect([slots.taken, slots.waiting]).toEqual([1, 1]);
  slots.leave();
  await third;
  slots.leave();
  expect([slots.taken, slots.waiting]).toEqual([0, 0]);
});

test('one who leaves the queue makes room in it and is passed over', async () => {
  const slots = new Slots(1, 1);
  await slots.enter(stay());
  const impatient = new AbortController();
  const waiting = slots.enter(impatient.signal);
  impatient.abort();
  expect(await waiting).toBe('left');
  expect(slots.waiting).toBe(0);
  const next = slots.enter(stay());
  slots.leave();
  expect(await next).toBe('entered');
});

test('one who has already gone does not take a slot', async () => {
  const slots = new Slots(1, 1);
  expect(await slots.enter(AbortSignal.abort())).toBe('left');
  expect(slots.taken).toBe(0);
});

test('one who goes away after entering keeps the slot until leaving', async () => {
  const slots = new Slots(1, 1);
  const gone = new AbortController();
  await slots.enter(stay());
  const waiting = slots.enter(gone.signal);
  slots.leave();
  expect(await waiting).toBe('entered');
  gone.abort();
  expect(slots.taken).toBe(1);
});

test('without limits 1,000 enter at once', async () => {
  const slots = new Slots(undefined, undefined);
  const entries = await Promise.all(Array.from({ length: 1000 }, () => slots.enter(stay())));
  expect(entries.every((entry) => entry === 'entered')).toBe(true);
});
