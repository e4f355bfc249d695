import { expect, test } from 'vitest';
import { openBox, valueInBox } from '../../support/script-box.ts';

test('setTimeout calls once, after its time, with its arguments; time passes in between', async () => {
  const script = 'new Promise((done) => setTimeout((...args) => done([args, performance.now()]), 250, 1, 2))';
  expect(await valueInBox(script)).toEqual([[1, 2], 250]);
});

test('setInterval calls until it is cleared: 3 times in 15 ms', async () => {
  const script = `new Promise((done) => { let calls = 0; const id = setInterval(() => { if (++calls === 3) { clearInterval(id); setTimeout(() => done([calls, performance.now()]), 85); } }, 5); })`;
  expect(await valueInBox(script)).toEqual([3, 100]);
});

test('a timer that is cleared in time never calls; clearing anything else does nothing', async () => {
  const script =
    "new Promise((done) => { const id = setTimeout(() => done('called'), 5); clearTimeout(id); clearTimeout(id); clearTimeout(undefined); clearInterval(12345); setTimeout(() => done('not called'), 10); })";
  expect(await valueInBox(script)).toBe('not called');
});

test.each([
  ['no time', 'undefined', 1],
  ['a negative one', '-5', 1],
  ['one that is no number', "'soon'", 1],
  ['a fraction of a millisecond', '0.25', 1],
  ['25.5 ms', '25.5', 25.5],
])('a timer with %s waits %s: at least a millisecond', async (_, ms, waitedMs) => {
  expect(await valueInBox(`new Promise((done) => setTimeout(() => done(performance.now()), ${ms}))`)).toBe(waitedMs);
});

test('a timer that throws is a lost error, and the ones after it go on', async () => {
  const box = await openBox(`
    export default () => new Promise((done) => { setTimeout(() => { throw new Error('in a timer'); }, 1); setTimeout(done, 2); });
  `);
  await box.instantiate(0);
  expect((await box.iterate(0, 0)).kind).toBe('done');
  expect(box.lostErrors).toMatchObject([{ vu: 0, text: expect.stringMatching(/^Error: in a timer \(nobody handled it/) }]);
});

test('an interval that throws goes on: it was called 3 times', async () => {
  const script = `new Promise((done) => { let calls = 0; const id = setInterval(() => { if (++calls < 3) throw new Error('again'); clearInterval(id); done(calls); }, 1); })`;
  expect(await valueInBox(script)).toBe(3);
});

test.each(['setTimeout', 'setInterval', 'queueMicrotask'])('%s refuses what is no function, a text of code above all', async (name) => {
  await expect(valueInBox(`${name}('1 + 1')`)).rejects.toThrow(`${name}: expected a function; got string`);
});

test('a VU may have 1,000 timers at once, and not one more', async () => {
  const box = await openBox(`
    export default () => { for (let i = 0; i < 1_000; i++) setTimeout(() => 0, 1e6); return 1; };
    export const more = () => setTimeout(() => 0, 1);
  `);
  expect(await box.value()).toBe(1);
  await expect(box.value(0, 'more')).rejects.toThrow('a virtual user may have at most 1000 timers at once');
  expect(await box.value(1, 'more')).toBeGreaterThan(0);
});

test('microtasks run before timers, in their order', async () => {
  const script =
    "new Promise((done) => { const seen = []; setTimeout(() => done(seen), 1); queueMicrotask(() => seen.push('a')); Promise.resolve().then(() => seen.push('b')); seen.push('now'); })";
  expect(await valueInBox(script)).toEqual(['now', 'a', 'b']);
});
