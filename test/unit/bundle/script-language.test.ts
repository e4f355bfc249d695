import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { bundleScript } from '../../../runtime/bundle/bundle-script.ts';
import { openBox } from '../../support/script-box.ts';
import { scriptFolder } from './script-folder.ts';

/** Native async generators of a text: functions and methods that are both. */
function asyncGeneratorsIn(code: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const { asteriskToken, modifiers } = node as { asteriskToken?: ts.Node; modifiers?: readonly ts.Node[] };
    if (ts.isFunctionLike(node) && asteriskToken !== undefined && modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword))
      found.push(node.getText());
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('x.js', code, ts.ScriptTarget.ESNext, true));
  return found;
}

/** Every place in the language where an async generator can be written. */
const FORMS = `
async function* declared() { yield 1; }
const expression = async function* () { yield 2; };
const named = async function* itself() { yield 3; };
const object = { async *method() { yield 4; }, async *['com' + 'puted']() { yield 5; }, async *'a text'() { yield 6; }, async *7() { yield 7; } };
class Class { async *method() { yield 8; } static async *fixed() { yield 9; } async *#hidden() { yield 10; } static async *#both() { yield 11; }
  hidden() { return this.#hidden(); } static both() { return Class.#both(); } field = async function* () { yield 12; }; static { this.late = async function* () { yield 13; }; } }
const inherits = class extends Class { above() { return super.method(); } async *method() { yield* this.above(); yield 14; } };
const inDefault = (f = async function* () { yield 15; }) => f();
async function* of(...all) { for await (const x of all) yield* x; }
`;

test('no script reaches the sandbox with a native async generator: 16 places to write one, an export and a package', async () => {
  expect(asyncGeneratorsIn(FORMS)).toHaveLength(16);
  const folder = scriptFolder({
    'x.js': `import { fromPackage } from 'maker';\n${FORMS}\nexport async function* exported() { yield 16; }
export default async function* () { yield [declared, expression, named, object, Class, inherits, inDefault, of, fromPackage]; }\n`,
    'node_modules/maker/package.json': '{ "name": "maker", "main": "index.js" }',
    'node_modules/maker/index.js': 'exports.fromPackage = async function* () { yield 17; };',
  });
  const { code } = await bundleScript(join(folder, 'x.js'));
  expect(code).toContain('yield 17');
  expect(asyncGeneratorsIn(code)).toEqual([]);
});

test('they give what they gave: values in order, delegation, return, throw, finally, and for await over what is not async', async () => {
  const box = await openBox(`${FORMS}
    const all = async (values: AsyncIterable<unknown>) => { const seen: unknown[] = []; for await (const x of values) seen.push(x); return seen; };
    const log: unknown[] = [];
    async function* guarded() { try { yield 1; yield 2; } catch (error) { log.push((error as Error).message); yield 'caught'; } finally { log.push('finally'); } }
    export default async () => {
      const left = guarded(); await left.next();
      const told = guarded(); await told.next();
      const broken = (async function* () { throw new Error('thrown'); })();
      for await (const x of guarded()) if (x === 1) break;
      return {
        forms: await all(of(declared(), expression(), named(), object.method(), (object as any).computed(), (object as any)['a text'](), (object as any)[7](),
          new Class().method(), Class.fixed(), new Class().hidden(), Class.both(), new Class().field(), (Class as any).late(), new inherits().method(), inDefault())),
        returned: await left.return('early' as never), told: await told.throw(new Error('told')), next: await told.next(),
        broken: await broken.next().catch((error: Error) => error.message), after: await broken.next(),
        notAsync: await all([Promise.resolve(1), 2, (async () => 3)()] as never),
        log, itself: left[Symbol.asyncIterator]() === left,
      };
    };`);
  expect(await box.value()).toEqual({
    forms: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 8, 14, 15],
    returned: { value: 'early', done: true },
    told: { value: 'caught', done: false },
    next: { done: true },
    broken: 'thrown',
    after: { done: true },
    notAsync: [1, 2, 3],
    log: ['finally', 'finally', 'told', 'finally'],
    itself: true,
  });
});

test('the language has no other way to one: no code from texts, and no prototype to take it from', async () => {
  const box = await openBox(`
    export default async () => {
      const attempt = (run: () => unknown): string => { try { return typeof run(); } catch (error) { return (error as Error).name; } };
      const lowered = async function* () { yield 1; };
      return [
        attempt(() => eval('(async function* () {})')), attempt(() => Function('return async function* () {}')()),
        attempt(() => (lowered.constructor as FunctionConstructor)('return 1')), lowered.constructor === Function,
        Object.getPrototypeOf(lowered()) === Object.prototype,
      ];
    };`);
  expect(await box.value()).toEqual(['EvalError', 'EvalError', 'EvalError', true, true]);
});
