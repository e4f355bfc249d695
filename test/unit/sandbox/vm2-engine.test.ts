import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { transformer } from 'vm2/lib/transformer.js';
import { guestOptions } from '../../../runtime/bundle/worker-build.js';
import { Vm2Engine } from '../../../runtime/sandbox/vm2-engine.ts';
import { guestText } from '../../support/guest-text.ts';

/** An engine whose sandbox hands its entry's frame to `code`, as `frame`; what that gives comes out. */
function engineOf(code: string, ask: (kind: number, number: number, text: string) => unknown = () => ''): Vm2Engine {
  const engine = new Vm2Engine();
  engine.start(`const ask = __stressrunAsk; __stressrunRegister((frame) => { ${code} });`, ask as never);
  return engine;
}

test('a frame goes in and a text comes out', () => {
  expect(engineOf('return frame + frame.length;').enter('abc')).toBe('abc3');
});

test.each(['{}', '[1]', '() => 1', 'Promise.resolve(1)', '5', 'undefined', 'null', "Symbol('s')", '10n', 'new String("x")'])(
  'an entry that returns %s gives an empty text: nothing but texts comes out',
  (value) => {
    expect(engineOf(`return ${value};`).enter('')).toBe('');
  },
);

test('the host is asked with 2 numbers and a text, or not at all', () => {
  const asked: unknown[][] = [];
  const engine = engineOf(
    `const values = [1, 'x', {}, [], () => 1, Promise.resolve(), null, undefined, true, 10n, Symbol('s'), new String('t'), Object.create(null), { valueOf() { return 1; } }];
    for (const a of values) for (const b of values) for (const c of values) ask(a, b, c);
    ask(); ask(1); ask(1, 2); ask(1, 2, 'x', {});
    return '';`,
    (...args) => {
      asked.push(args);
      return '';
    },
  );
  engine.enter('');
  expect(asked).toEqual([
    [1, 1, 'x'],
    [1, 2, 'x'],
  ]);
});

test.each([
  ['an object', () => ({ a: 1 })],
  ['a promise', () => Promise.resolve(1)],
  ['a function', () => () => 1],
  ['undefined', () => undefined],
  [
    'an error that is thrown',
    () => {
      throw new Error('of the host');
    },
  ],
])('an answer of the host that is %s never reaches the sandbox', (_, answer) => {
  expect(engineOf("return typeof ask(1, 2, 'x') + JSON.stringify(ask(1, 2, 'x'));", answer).enter('')).toBe('string""');
});

test('numbers and texts of the host do', () => {
  expect(
    engineOf("return String(ask(1, 2, 'x')) + typeof ask(1, 2, 'x');", (kind, number, text) => kind + number + text.length).enter(''),
  ).toBe('4number');
});

test('the entry is registered once: a script cannot put another in its place', () => {
  const engine = new Vm2Engine();
  engine.start("__stressrunRegister(() => 'first'); __stressrunRegister(() => 'second');", () => '');
  expect(engine.enter('')).toBe('first');
});

test('a script is one expression, called later; one that does not parse is an error of the host', () => {
  const engine = new Vm2Engine();
  engine.start(
    'globalThis.__stressrunDefine = (factory, names) => { globalThis.made = factory(1) + names; }; __stressrunRegister(() => made);',
    () => '',
  );
  engine.compile({ code: '(function (one) { return one + 1; })', filename: 'scenario.js', parameters: ['one', 'two'] });
  expect(engine.enter('')).toBe('2one,two');
  expect(() => engine.compile({ code: '(function ( {', filename: 'scenario.js', parameters: [] })).toThrow(SyntaxError);
});

test('a guest half that never ends is cut off', { timeout: 30_000 }, () => {
  expect(() => new Vm2Engine().makeReady('for (;;) {}', 200)).toThrow(/timed out/i);
});

test('a guest half that was evaluated ahead asks whoever it is connected to later, and is not evaluated again', () => {
  const guest =
    "let runs = 0; runs++; const ask = __stressrunAsk; const early = ask(1, 2, 'x'); __stressrunRegister(() => [early, runs, ask(1, 2, 'x')].join('|'));";
  const engine = new Vm2Engine();
  engine.makeReady(guest);
  engine.start(guest, () => 'connected');
  expect(engine.enter('')).toBe('|1|connected');
});

test('what the build had vm2 go through is what vm2 makes of it here: its own catch guard is in every catch', async () => {
  const seen = await guestText();
  const [first = '', ...rest] = seen.split('\n');
  expect(first).toBe('/* seen by vm2 */');
  const { outputFiles = [] } = await build({ ...guestOptions, plugins: [], write: false });
  const text = outputFiles[0]?.text ?? '';
  expect(rest.join('\n')).toBe(transformer(null, text, false, false, 'stressrun-guest.js').code);
  expect(rest.join('\n')).not.toBe(text);
});

test('a text that only says so is a script like any other to compile(): vm2 goes through it', () => {
  const engine = engineOf("return '';");
  const code = '/* seen by vm2 */ VM2_INTERNAL_STATE_DO_NOT_USE_OR_PROGRAM_WILL_FAIL';
  expect(() => engine.compile({ code, filename: 'script.js', parameters: [] })).toThrow('internal vm2 state');
});
