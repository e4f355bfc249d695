import { expect, test } from 'vitest';
import { openBox, type ScriptBox, valueInBox } from '../../support/script-box.ts';

test('module-level variables belong to the VU: 3 calls in one and 1 in another count to 3 and to 1', async () => {
  const box = await openBox('let calls = 0; export default () => ++calls;');
  await box.value(0);
  await box.value(0);
  expect(await box.value(0)).toBe(3);
  expect(await box.value(1)).toBe(1);
});

test('what a VU puts on globalThis is there under all four names, and not in another VU', async () => {
  const box = await openBox(`
    export default () => { globalThis.secret = 'mine'; return [window.secret, self.secret, global.secret]; };
    export const look = () => typeof globalThis.secret;
  `);
  expect(await box.value(0)).toEqual(['mine', 'mine', 'mine']);
  expect(await box.value(1, 'look')).toBe('undefined');
});

/** What hostile or careless code writes to, and how another VU would notice. */
const POLLUTIONS: readonly [title: string, pollution: string, symptom: string][] = [
  ['a property of Object.prototype', 'Object.prototype.polluted = 1', "'polluted' in {}"],
  ['a defined property of Object.prototype', "Object.defineProperty(Object.prototype, 'polluted', { value: 1 })", "'polluted' in {}"],
  ['JSON.stringify', "JSON.stringify = () => 'polluted'", "JSON.stringify({}) !== '{}'"],
  ['Array.prototype.map', "Array.prototype.map = () => ['polluted']", '[1].map((x) => x)[0] !== 1'],
  ['a new property of Array.prototype', 'Array.prototype.polluted = 1', "'polluted' in []"],
  ['Promise.prototype.then', 'Promise.prototype.then = () => 0', 'Promise.prototype.then.call(Promise.resolve(), () => 0) === 0'],
  ['the prototype of Array.prototype', 'Object.setPrototypeOf(Array.prototype, { polluted: 1 })', "'polluted' in []"],
  ['String.prototype.split', 'delete String.prototype.split', "typeof 'a'.split !== 'function'"],
  ['Math.random', 'Math.random = () => 4', 'Math.random() === 4'],
  ['Date.now', 'Date.now = () => 4', 'Date.now() === 4'],
  ['the prototype of async functions', 'Object.getPrototypeOf(async () => 0).polluted = 1', '(async () => 0).polluted === 1'],
  ['the prototype of generators', 'Object.getPrototypeOf((function* () {})()).polluted = 1', '(function* () {})().polluted === 1'],
  ['the prototype of iterators', 'Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({ done: true })', '[...[1]].length === 0'],
  [
    'the segments of a text',
    "Object.getPrototypeOf(new Intl.Segmenter().segment('a')).polluted = 1",
    "new Intl.Segmenter().segment('b').polluted === 1",
  ],
  [
    'the iterator of segments',
    "Object.getPrototypeOf(new Intl.Segmenter().segment('a')[Symbol.iterator]()).polluted = 1",
    "new Intl.Segmenter().segment('b')[Symbol.iterator]().polluted === 1",
  ],
  ['a function of the language', 'Object.freeze.polluted = 1', 'Object.freeze.polluted === 1'],
  ['URL.prototype', 'URL.prototype.polluted = 1', "new URL('http://a').polluted === 1"],
  ['crypto.subtle', 'crypto.subtle.digest.polluted = 1', 'crypto.subtle.digest.polluted === 1'],
  ['performance.now', 'performance.now.polluted = 1', 'performance.now.polluted === 1'],
  ['http.get', 'http.get.polluted = 1', 'http.get.polluted === 1'],
  ['http.url', 'http.url.polluted = 1', 'http.url.polluted === 1'],
  ['fail', 'fail.polluted = 1', 'fail.polluted === 1'],
  [
    'the class of responses',
    "Object.getPrototypeOf(await http.get('/')).json = () => 'polluted'",
    "(await http.get('/')).json() === 'polluted'",
  ],
  ['the class of keys', 'Object.getPrototypeOf(await key()).polluted = 1', '(await key()).polluted === 1'],
  [
    'the class of thrown things',
    'try { test.abort() } catch (error) { Object.getPrototypeOf(error).polluted = 1 }',
    'stopped().polluted === 1',
  ],
  [
    'the generators of URLSearchParams',
    "Object.getPrototypeOf(new URLSearchParams('a=1').entries()).polluted = 1",
    "new URLSearchParams('a=1').entries().polluted === 1",
  ],
  ['the configuration', 'config.image_sizes.standard.width = 1', 'config.image_sizes.standard.width === 1'],
  ['the format of stacks', "Error.prepareStackTrace = () => 'polluted'", "new Error('x').stack === 'polluted'"],
  ['the seat of the script', '__stressrunDefine(() => ({}), "")', "typeof __stressrunDefine !== 'undefined'"],
];

test.each(POLLUTIONS)('%s is as it was in another VU, whatever one VU does to it', async (_, pollution, symptom) => {
  const box = await openBox(`
    import { config, fail, http, test } from 'stressrun';
    const key = () => crypto.subtle.importKey('raw', new Uint8Array(3), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    const stopped = () => { try { test.abort(); } catch (error) { return error; } };
    export default async () => { try { ${pollution}; } catch {} };
    export const look = async () => Boolean(${symptom});
  `);
  await box.value(0);
  expect(await box.value(1, 'look')).toBe(false);
});

const ABSENT = [
  'process',
  'module',
  'exports',
  'fetch',
  'Buffer',
  'WebAssembly',
  'SharedArrayBuffer',
  'Atomics',
  'Proxy',
  'WeakRef',
  'FinalizationRegistry',
  'VMError',
  'XMLHttpRequest',
  'WebSocket',
  'Worker',
  'navigator',
  'setImmediate',
  '__stressrunAsk',
  '__stressrunRegister',
  '__stressrunGuest',
  '__stressrunDefine',
  'GLOBAL',
  'root',
  'undefined',
];

test(`none of ${ABSENT.length} names of Node, of browsers and of stressrun's own is there, neither by itself nor on globalThis`, async () => {
  const seen = `[${ABSENT.map((name) => `typeof ${name}, typeof globalThis['${name}']`).join(', ')}]`;
  expect(new Set(await valueInBox<string[]>(seen))).toEqual(new Set(['undefined']));
});

test.each([
  ["Function('return this')()", 'EvalError'],
  ["new Function('return process')()", 'EvalError'],
  ["this.constructor.constructor('return process')()", 'EvalError'],
  ["({}).constructor.constructor('return process')()", 'EvalError'],
  ["http.get.constructor('return process')()", 'EvalError'],
  ["(await http.get('/')).constructor.constructor('return process')()", 'EvalError'],
  ["(async () => 0).constructor('return 1')()", 'EvalError'],
  ["(function* () {}).constructor('yield 1')()", 'EvalError'],
  ["eval('1 + 1')", 'EvalError'],
  ["(0, eval)('this')", 'EvalError'],
  ["setTimeout('process.exit()')", 'TypeError'],
  ["import(String('node:fs'))", 'VMError'],
  ["require('f' + 's')", 'Error'],
])('%s is refused with an %s', async (expression, name) => {
  const box = await openBox(`
    import { http } from 'stressrun';
    export default async function () { try { return [${expression}]; } catch (error) { return error.name; } };
  `);
  expect(await box.value()).toBe(name);
});

test('a plain function has no `this` through which the world of all VUs could be reached', async () => {
  expect(await valueInBox('(function () { return this === undefined; })()')).toBe(true);
});

test('a callback of a timer gets no `this` either', async () => {
  expect(await valueInBox('new Promise((done) => setTimeout(function () { done(this === undefined); }, 1))')).toBe(true);
});

test('a name that nobody declared cannot be assigned', async () => {
  const box = await openBox('export default () => { try { undeclared = 1; } catch (error) { return error.name; } };');
  expect(await box.value()).toBe('ReferenceError');
});

test('two VUs that wait at the same time are each told about themselves', async () => {
  const box = await openBox(`
    import { http, sleep, vu } from 'stressrun';
    export default async () => {
      const seen = [vu.id];
      for (let i = 0; i < 3; i++) { await sleep(1); seen.push(vu.id); await http.get('/' + vu.id); seen.push(vu.id); }
      return seen;
    };
  `);
  await Promise.all([box.instantiate(0), box.instantiate(1), box.instantiate(2)]);
  const seen = await Promise.all([0, 1, 2].map((vu) => box.value(vu)));
  expect(seen).toEqual([1, 2, 3].map((id) => [id, id, id, id, id, id, id]));
  expect(box.requests.map(({ vu, url }) => url === `/${vu + 1}`)).not.toContain(false);
});

test('a single allocation of more than 16 MiB is refused', async () => {
  expect(await valueInBox('(() => { try { return new Uint8Array((16 << 20) + 1).length; } catch (error) { return error.name; } })()')).toBe(
    'RangeError',
  );
});

test('recursion without end is an error of the iteration, and the VU goes on', async () => {
  const box: ScriptBox = await openBox('export default () => { const f = () => f() + 1; return f(); }; export const other = () => 1;');
  await expect(box.value()).rejects.toThrow('Maximum call stack size exceeded');
  expect(await box.value(0, 'other')).toBe(1);
});
