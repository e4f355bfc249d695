import { expect, test } from 'vitest';
import { valueInBox } from '../../support/script-box.ts';

/** What libraries do to objects of their own, though the prototypes behind them are frozen. */
const HABITS: readonly [title: string, code: string, result: unknown][] = [
  ['a class with toString', "class A { toString() { return 'a'; } } return String(new A());", 'a'],
  [
    'toString and valueOf assigned to an object',
    "const o = {}; o.toString = () => 'o'; o.valueOf = () => 7; return [String(o), +o];",
    ['o', 7],
  ],
  [
    'an Error subclass that assigns name and message',
    "class E extends Error { constructor(m) { super(m); this.name = 'E'; this.message = m + '!'; this.code = 1; } } const e = new E('x'); return [String(e), e.code, e instanceof E, e instanceof Error];",
    ['E: x!', 1, true, true],
  ],
  [
    'an Error in the old style',
    "function E(m) { this.message = m; } E.prototype = Object.create(Error.prototype); E.prototype.constructor = E; E.prototype.name = 'Old'; return String(new E('x'));",
    'Old: x',
  ],
  ['a TypeError renamed', "const e = new TypeError('x'); e.name = 'Mine'; e.message = 'y'; return String(e);", 'Mine: y'],
  ['a stack replaced', "const e = new Error('x'); e.stack = 'mine'; return e.stack;", 'mine'],
  ['a constructor assigned to a prototype', 'function F() {} F.prototype = { a: 1 }; F.prototype.constructor = F; return new F().a;', 1],
  [
    'inheritance as TypeScript lowered it',
    'function P() {} P.prototype.hi = () => 1; function C() {} function T() { this.constructor = C; } T.prototype = P.prototype; C.prototype = new T(); return new C().hi();',
    1,
  ],
  ['toString assigned to a function', "const f = () => 1; f.toString = () => 'f!'; return String(f);", 'f!'],
  [
    'call, apply and bind assigned to a function',
    'const f = () => 1; f.call = 2; f.apply = 3; f.bind = 4; return [f.call, f.apply, f.bind];',
    [2, 3, 4],
  ],
  [
    'hasOwnProperty assigned',
    'const o = {}; o.hasOwnProperty = () => 5; o.isPrototypeOf = 6; o.propertyIsEnumerable = 7; return o.hasOwnProperty();',
    5,
  ],
  [
    'keys called like inherited members',
    'const o = Object.assign({}, { toString: 1, constructor: 2 }); return Object.keys(o);',
    ['toString', 'constructor'],
  ],
  [
    'a word count over `constructor`',
    "const counts = {}; for (const word of ['constructor', 'a']) counts[word] = (Object.hasOwn(counts, word) ? counts[word] : 0) + 1; return counts;",
    { constructor: 1, a: 1 },
  ],
  [
    'a Map with its own get',
    "class M extends Map { get(k) { return super.get(k) ?? 'none'; } } return [new M([['a', 1]]).get('a'), new M().get('b')];",
    [1, 'none'],
  ],
  [
    'an Array subclass',
    'class L extends Array { sum() { return this.reduce((a, b) => a + b, 0); } } return L.from([1, 2, 3]).map((x) => x * 2).sum();',
    12,
  ],
  ['toJSON assigned to a Date', "const d = new Date(0); d.toJSON = () => 'then'; return JSON.stringify({ d });", '{"d":"then"}'],
  ['a thenable of its own', 'return await { then(resolve) { resolve(3); } };', 3],
  [
    'private fields, static blocks and accessors',
    'class A { static made = 0; #n = 1; static { A.made = 5; } get n() { return this.#n; } set n(v) { this.#n = v; } } const a = new A(); a.n += 2; return [a.n, A.made];',
    [3, 5],
  ],
  [
    'generators and async generators',
    'async function* g() { yield 1; yield* [2, 3]; } const out = []; for await (const x of g()) out.push(x); return out;',
    [1, 2, 3],
  ],
  ['memoising with a WeakMap', 'const seen = new WeakMap(); const key = {}; seen.set(key, 4); return seen.get(key);', 4],
  ['Symbol.iterator on an object of its own', 'const it = { *[Symbol.iterator]() { yield 1; } }; return [...it];', [1]],
  [
    'tagged templates and regular expressions',
    "const tag = (s) => s.raw[0]; return [tag`a\\nb`, 'a1b2'.replace(/\\d/g, (d) => +d + 1), /(?<y>\\d+)/.exec('in 2026').groups.y];",
    ['a\\nb', 'a2b3', '2026'],
  ],
  [
    'Intl and locales',
    "return [new Intl.NumberFormat('de').format(1234.5), new Date(0).toLocaleDateString('en', { timeZone: 'UTC' })];",
    ['1.234,5', '1/1/1970'],
  ],
  [
    'a polyfill that finds what it would add',
    'if (!Array.prototype.includes) Array.prototype.includes = () => 0; return [1].includes(1);',
    true,
  ],
];

test.each(HABITS)('%s works though all prototypes are frozen', async (_, code, result) => {
  expect(await valueInBox(`(async () => { ${code} })()`)).toEqual(result);
});
