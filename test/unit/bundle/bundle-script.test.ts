import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { bundleScript } from '../../../runtime/bundle/bundle-script.ts';
import { FACTORY_PARAMETERS, wrapFactory } from '../../../runtime/bundle/factory.ts';
import { scriptFolder } from './script-folder.ts';

type Factory = (...values: unknown[]) => Record<string, unknown>;

/** Runs a bundle as the sandbox does; `asked` collects the names it takes from the API. */
function run(code: string): { exports: Record<string, unknown>; asked: string[] } {
  const asked: string[] = [];
  const factory = runInThisContext(wrapFactory(code), { filename: 'scenario.js' }) as Factory;
  const pick = (name: string): unknown => {
    asked.push(name);
    return { name };
  };
  const exports = factory(pick, ...FACTORY_PARAMETERS.slice(1).map((name) => Reflect.get(globalThis, name) as unknown));
  return { exports, asked };
}

test('a script with two API names asks the sandbox for these two and no other', async () => {
  const folder = scriptFolder({
    'x.ts':
      "import { http, check } from 'stressrun';\nimport type { Picture } from 'stressrun';\nexport default (p?: Picture) => [http, check, p];\n",
  });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const { exports, asked } = run(bundle.code);
  expect(asked.sort()).toEqual(['check', 'http']);
  expect((exports['default'] as () => unknown[])()).toEqual([{ name: 'http' }, { name: 'check' }, undefined]);
  expect(bundle.usesContext).toBe(false);
});

test('a script that names group, also through another file, needs its context kept', async () => {
  const folder = scriptFolder({
    'x.ts': "export { default } from './steps.ts';\n",
    'steps.ts': "import { group, http } from 'stressrun';\nexport default () => group('a', () => http);\n",
  });
  expect((await bundleScript(join(folder, 'x.ts'))).usesContext).toBe(true);
});

test('TypeScript, JSON, a package of node_modules and "using" become one es2022 text', async () => {
  const folder = scriptFolder({
    'x.mts':
      "import rows from './rows.json';\nimport { add } from 'adder';\nexport enum Size { small = 1 }\nexport const sum = add(rows.length, Size.small);\nexport function free() { using a = { [Symbol.dispose ?? Symbol.for('d')]() {} }; return a; }\n",
    'rows.json': '[1, 2, 3]',
    'node_modules/adder/package.json': '{ "name": "adder", "main": "cjs.js", "module": "esm.js" }',
    'node_modules/adder/esm.js': 'export const add = (a, b) => a + b;',
    'node_modules/adder/cjs.js': 'throw new Error("the module field comes first")',
  });
  const bundle = await bundleScript(join(folder, 'x.mts'));
  expect(run(bundle.code).exports['sum']).toBe(4);
  expect(bundle.code).not.toMatch(/^\s*using /m);
  expect(bundle.inputs).toEqual([join(folder, 'x.mts'), join(folder, 'node_modules/adder/esm.js'), join(folder, 'rows.json')]);
});

test('the exports are known before the script runs', async () => {
  const folder = scriptFolder({
    'x.ts':
      "export const options = { vus: 2 };\nexport function setup() { return 1; }\nexport * from './more.ts';\nexport default async () => {};\n",
    'more.ts': "export const $a = 1;\nconst b = 2;\nexport { b as 'a name' };\n",
  });
  expect((await bundleScript(join(folder, 'x.ts'))).exportNames).toEqual(['$a', 'a name', 'default', 'options', 'setup']);
});

test('a script in CommonJS has exports that only running it shows', async () => {
  const folder = scriptFolder({ 'x.js': 'module.exports = { default() {} };\n' });
  const bundle = await bundleScript(join(folder, 'x.js'));
  expect(bundle.exportNames).toBeUndefined();
  expect(Object.keys(run(bundle.code).exports)).toEqual(['default']);
});

test('the same script in two folders has one SHA-256, and another text has another', async () => {
  const text = "import { http } from 'stressrun';\nexport default () => http;\n";
  const bundles = await Promise.all(
    [text, text, `${text}export const x = 1;\n`].map((each) => bundleScript(join(scriptFolder({ 'x.ts': each }), 'x.ts'))),
  );
  const [first, second, other] = bundles.map((bundle) => bundle.sha256);
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(second).toBe(first);
  expect(other).not.toBe(first);
});

test("a script's own __sr, URL and __scenario do not collide with the factory's", async () => {
  const folder = scriptFolder({
    'x.ts':
      "import { env } from 'stressrun';\nconst __sr = 1, URL = 2, __scenario = 3;\nexport const all = [env, __sr, URL, __scenario];\n",
  });
  expect(run((await bundleScript(join(folder, 'x.ts'))).code).exports['all']).toEqual([{ name: 'env' }, 1, 2, 3]);
});

test('the body of a catch stands on lines of its own, for vm2 shifts columns on the line of the catch', async () => {
  const folder = scriptFolder({ 'x.ts': 'export default () => { try { JSON.parse(""); } catch (e) { return e; } };\n' });
  expect((await bundleScript(join(folder, 'x.ts'))).code).toMatch(/\} catch \(e\) \{\n\s+return e;\n\s+\}/);
});

test('import.meta is warned about with its place', async () => {
  const folder = scriptFolder({ 'x.ts': 'export const a = 1;\nexport const here = import.meta.url;\n' });
  expect((await bundleScript(join(folder, 'x.ts'))).warnings).toEqual([`${join(folder, 'x.ts')}:2:21: import.meta is empty in a script`]);
});
