import { expect, test } from 'vitest';
import { openBox } from '../../support/script-box.ts';

/** What a VU has logged by code. */
async function logged(code: string): Promise<{ vu: number; level: number; text: string }[]> {
  const box = await openBox(`import { log } from 'stressrun'; export default async () => { ${code}; };`);
  await box.value(2);
  return box.logs;
}

test('console and log write with the level of their name, and with the VU', async () => {
  expect(
    await logged(
      "console.debug('d'); console.log('l'); console.info('i'); console.warn('w'); console.error('e'); console.trace('t'); log.warn('lw')",
    ),
  ).toEqual([
    { vu: 2, level: 0, text: 'd' },
    { vu: 2, level: 1, text: 'l' },
    { vu: 2, level: 1, text: 'i' },
    { vu: 2, level: 2, text: 'w' },
    { vu: 2, level: 3, text: 'e' },
    { vu: 2, level: 0, text: 't' },
    { vu: 2, level: 2, text: 'lw' },
  ]);
});

test.each([
  ["'a', 1, null, undefined, true, 10n", 'a 1 null undefined true 10n'],
  ["{ a: 'x', b: [1, { c: null }] }", '{ a: "x", b: [1, { c: null }] }'],
  ["new Map([['k', new Set([1])]])", 'Map { "k" => Set { 1 } }'],
  ['[new Date(0), new Date(NaN)]', '[1970-01-01T00:00:00.000Z, Invalid Date]'],
  ["() => 1, Symbol('s'), /x/gi", '[function] Symbol(s) /x/gi'],
  ['{ at: /^a\\/b$/ }, {}, new Map(), new Set(), new WeakMap()', '{ at: /^a\\/b$/ } {} Map {} Set {} WeakMap {}'],
  ["new URL('http://a.test/b?c=1'), new String('x'), Promise.resolve(1)", 'http://a.test/b?c=1 "x" Promise {}'],
  ["new Error('outer', { cause: { code: 17 } })", /^Error: outer \(caused by \{ code: 17 \}\)\n/],
  ['{ a: { b: { c: { d: { e: 1 } } } } }', '{ a: { b: { c: { d: … } } } }'],
  ['(() => { const o = {}; o.o = o; return o; })()', '{ o: [circular] }'],
  ['Array.from({ length: 51 }, (_, i) => i)', /^\[0, 1, .*, 49, …\]$/],
  ['new Uint8Array(15_000_000)', /^15000000 bytes \[0, 0, .*, …\]$/],
  ['new Uint8Array(8).buffer, new DataView(new ArrayBuffer(4))', '8 bytes 4 bytes'],
  ["Object.defineProperty({}, 'x', { get() { throw 1; }, enumerable: true })", '[object that throws when looked at]'],
  ['Object.assign(Object.create(null), { toString: 1 })', '{ toString: 1 }'],
  ['{ toString() { throw 1; }, toJSON() { throw 2; } }', '{ toString: [function], toJSON: [function] }'],
  ["Object.defineProperty(new Error('x'), 'stack', { value: 5 })", 'Error'],
  ["Object.defineProperty(new Error('x'), 'stack', { get() { throw 1; } })", '[object that throws when looked at]'],
  ["(() => { const e = new Error('x'); e.name = Symbol('n'); return e; })()", /^Error/],
])('console.log(%s) shows it and never throws', async (values, shown) => {
  const [line] = await logged(`console.log(${values})`);
  if (typeof shown === 'string') expect(line?.text).toBe(shown);
  else expect(line?.text).toMatch(shown);
});

test('a message is cut at 16,384 characters, and a large value is not looked at beyond that', async () => {
  const looked = await logged(`
    let looks = 0; const rows = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => ({ get text() { looks++; return 'x'.repeat(100); } })));
    console.log(rows); console.log('y'.repeat(50_000)); console.log(looks)`);
  expect(looked.map(({ text }) => text.length)).toEqual([16_385, 16_385, 3]);
  expect(Number(looked[2]?.text)).toBeLessThan(200);
});

test('an error is logged with its stack, which names the bundle and not the host', async () => {
  const [line] = await logged("function thrower() { return new Error('deep'); } console.error('failed:', thrower())");
  expect(line?.text).toMatch(/^failed: Error: deep\n {4}at thrower \(scenario\.js:\d+:\d+\)/);
  expect(line?.text).not.toContain('node:');
});

test('a flood is cut off at 1,000 messages of a hook, the last of which says so', async () => {
  const lines = await logged("for (let i = 0; i < 5_000; i++) console.log('line', i)");
  expect(lines).toHaveLength(1_000);
  expect(lines.at(-1)?.text).toBe('this virtual user has logged a lot: the rest of its messages is dropped');
});

test('a VU that has used up its messages gets 20 more with each iteration', async () => {
  const box = await openBox('export default () => { for (let i = 0; i < 500; i++) console.log(i); };');
  await box.instantiate(0);
  await box.iterate(0, 0);
  const first = box.logs.length;
  await box.iterate(0, 1);
  expect([first, box.logs.length - first]).toEqual([120, 20]);
});
