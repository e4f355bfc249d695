import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { VM } from 'vm2';
import { bundleScript, type ScriptBundle } from '../../../runtime/bundle/bundle-script.ts';
import { FACTORY_PARAMETERS, wrapFactory } from '../../../runtime/bundle/factory.ts';
import { displayPath } from '../../../runtime/bundle/source-place.ts';
import { StackMapper } from '../../../runtime/bundle/stack-mapper.ts';
import { scriptFolder } from './script-folder.ts';

/** The factory's arguments as text: the pick, then the globals of whoever evaluates it. */
const globals = FACTORY_PARAMETERS.slice(1)
  .map((name) => `globalThis.${name}`)
  .join(', ');

const script = `import { http } from 'stressrun';
import { boom } from './boom.ts';

interface Unused { a: number }

export default async (): Promise<void> => {
  try {
    JSON.parse('{');
  } catch (error) {
    boom(http as unknown as Unused, (error as Error).name);
  }
};
`;
const boom = `type Anything = unknown;

export function boom(_x: Anything, text: string): never {
  throw new TypeError(\`went wrong: \${text}\`);
}
`;

/** The sandbox's way to print stacks: vm2 hides all others. */
const prelude = `Error.prepareStackTrace = (error, sites) => {
  let text = String(error);
  for (const site of sites) if (site.getFileName() != null) text += '\\n    at ' + (site.getFunctionName() || '<anonymous>') + ' (' + site.getFileName() + ':' + site.getLineNumber() + ':' + site.getColumnNumber() + ')';
  return text;
};`;

function mapperOf(bundle: ScriptBundle): StackMapper {
  return new StackMapper(bundle.mapText, bundle.lineOffset, bundle.root);
}

async function thrownInVm2(bundle: ScriptBundle): Promise<{ message: string; stack: string }> {
  const vm = new VM({ eval: false, wasm: false });
  vm.run(prelude);
  const start = `${wrapFactory(bundle.code)}((name) => name, ${globals}).default().catch((error) => ({ message: error.message, stack: error.stack }))`;
  return (await vm.run(start, 'scenario.js')) as { message: string; stack: string };
}

test('an error thrown in vm2 by an imported file is told in TypeScript lines, though its source has a catch', async () => {
  const folder = scriptFolder({ 'x.ts': script, 'boom.ts': boom });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const thrown = await thrownInVm2(bundle);
  expect(thrown.stack).toMatch(/at boom \(scenario\.js:\d+:\d+\)/);
  expect(mapperOf(bundle).mapStack(thrown.stack).replaceAll(`${folder}/`, '').split('\n')).toEqual([
    'TypeError: went wrong: SyntaxError',
    '    at boom (boom.ts:4:9)',
    expect.stringMatching(/^ {4}at default \(x\.ts:10:\d+\)$/),
  ]);
});

test('rendered, an error has its message once, its frames and two lines around the first of them', async () => {
  const folder = scriptFolder({ 'x.ts': script, 'boom.ts': boom });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const text = mapperOf(bundle)
    .renderScriptError((await thrownInVm2(bundle)).stack)
    .replaceAll(`${folder}/`, '');
  expect(text).toMatch(/^TypeError: went wrong: SyntaxError\n {4}at boom \(boom\.ts:4:9\)\n {4}at default \(x\.ts:10:\d+\)\n\n {2}2 \|\n/);
  expect(text).toContain('> 4 |   throw new TypeError(`went wrong');
  expect(
    text
      .split('\n')
      .filter((line) => /^[> ]+\d+ \|/.test(line))
      .map((line) => Number(line.match(/\d+/)?.[0])),
  ).toEqual([2, 3, 4, 5, 6]);
  expect(text.match(/went wrong: SyntaxError/g)).toHaveLength(1);
});

test('an error thrown at module level has its line, and the glue around the bundle no frame', async () => {
  const folder = scriptFolder({
    'x.ts': "import { env } from 'stressrun';\n\nif (env) throw new Error('no');\nexport default () => {};\n",
  });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const factory = runInThisContext(wrapFactory(bundle.code), { filename: 'scenario.js' }) as (...values: unknown[]) => unknown;
  let stack = '';
  try {
    factory(() => true, ...FACTORY_PARAMETERS.slice(1).map((name) => Reflect.get(globalThis, name) as unknown));
  } catch (error) {
    stack = String((error as Error).stack);
  }
  const lines = mapperOf(bundle).mapStack(stack).replaceAll(`${folder}/`, '').split('\n');
  expect(lines.slice(0, 2)).toEqual(['Error: no', '    at x.ts:3:16']);
  expect(lines.some((line) => line.includes('scenario.js'))).toBe(false);
});

test("frames of the API's module and of the guest are left out, other lines stay", async () => {
  const folder = scriptFolder({ 'x.ts': "import { http } from 'stressrun';\nexport default () => http;\n" });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const pickLine = bundle.code.split('\n').findIndex((line) => line.includes('__sr("http")')) + 1 + bundle.lineOffset;
  const stack = [
    'Error: first line',
    'second line',
    `    at scenario.js:${pickLine}:14`,
    '    at get (stressrun-guest.js:10:5)',
    '    at CallSite {}',
    '    at node:internal/timers:5:1',
    '    at run (file:///dist/worker.cjs:5:1)',
    '    at scenario.js:1:1',
    '    at async Promise.all (index 0)',
  ].join('\n');
  expect(mapperOf(bundle).mapStack(stack)).toBe('Error: first line\nsecond line\n    at async Promise.all (index 0)');
});

test("the code frame is of the first frame in the user's files, before those of packages", async () => {
  const folder = scriptFolder({
    'x.ts': "import { go } from 'deep';\nexport default () => go(() => 1);\n",
    'node_modules/deep/index.js': "export function go() {\n  throw new Error('deep');\n}\n",
  });
  const bundle = await bundleScript(join(folder, 'x.ts'));
  const frame = mapperOf(bundle).frameOf((await thrownInVm2Sync(bundle)).stack);
  expect(frame).toContain('> 2 | export default () => go(() => 1);');
});

async function thrownInVm2Sync(bundle: ScriptBundle): Promise<{ stack: string }> {
  const vm = new VM({ eval: false, wasm: false });
  vm.run(prelude);
  return vm.run(
    `(() => { try { ${wrapFactory(bundle.code)}((name) => name, ${globals}).default(); } catch (error) { return { stack: error.stack }; } })()`,
    'scenario.js',
  ) as { stack: string };
}

test('without a stack the message stands alone, with the remedy where the sandbox lacks something', async () => {
  const bundle = await bundleScript(join(scriptFolder({ 'x.ts': 'export default () => {};\n' }), 'x.ts'));
  const mapper = mapperOf(bundle);
  expect(mapper.renderScriptError('plain')).toBe('plain');
  expect(mapper.renderScriptError('fetch is not defined')).toMatch(/^fetch is not defined\n\nrequests are made by http\.get\(\)/);
});

test('a path below the working folder is shown relative to it, one beside it whole', () => {
  expect(displayPath('/repo/scripts/x.ts', '/repo')).toBe('scripts/x.ts');
  expect(displayPath('/repo-two/x.ts', '/repo')).toBe('/repo-two/x.ts');
  expect(displayPath('/repo/..x/y.ts', '/repo')).toBe('..x/y.ts');
});
