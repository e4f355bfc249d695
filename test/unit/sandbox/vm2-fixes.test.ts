import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { expect, test } from 'vitest';
import { workerOptions } from '../../../runtime/bundle/worker-build.js';
import { Vm2Engine } from '../../../runtime/sandbox/vm2-engine.ts';
import { temporaryFolder } from '../../support/project.ts';

const ROOM = resolve(import.meta.dirname, '../../../runtime/sandbox');
const ALL = [
  'what comes out of async generators is cleaned',
  "the host's async generators cannot make code",
  "the host's async generators cannot be changed",
];

/** What an engine says it lacks, in a process of its own that makes no code from texts, as workers do not. */
async function missingIn(plugins: BuildOptions['plugins']): Promise<unknown> {
  const outfile = join(temporaryFolder(), 'engine.cjs');
  const contents = `import { Vm2Engine } from './vm2-engine.ts';
const engine = new Vm2Engine();
engine.start('__stressrunRegister(() => "")', () => '');
process.stdout.write(JSON.stringify(engine.missing()));`;
  const { entryPoints: _, ...options } = workerOptions;
  await build({ ...options, outfile, ...(plugins === undefined ? {} : { plugins }), stdin: { contents, loader: 'ts', resolveDir: ROOM } });
  return JSON.parse(execFileSync(process.execPath, ['--disallow-code-generation-from-strings', outfile], { encoding: 'utf8' }));
}

test('built as a worker is, vm2 has all 3 of the fixes that it installs by evaluating a text', async () => {
  expect(await missingIn(workerOptions.plugins)).toEqual([]);
});

test('built without what makes texts of vm2 syntax, it lacks all 3, and knows', async () => {
  expect(await missingIn([])).toEqual(ALL);
});

test('so does vm2 as it comes, where texts may not be evaluated in the sandbox', () => {
  const engine = new Vm2Engine();
  engine.start("__stressrunRegister(() => '')", () => '');
  expect(engine.missing()).toContain(ALL[0]);
});

test('what the probe was lent is gone before the guest half runs', () => {
  const engine = new Vm2Engine();
  engine.start(
    'const seen = Object.getOwnPropertyNames(globalThis).filter((name) => /Foreign/.test(name)).join(); __stressrunRegister(() => "[" + seen + "]")',
    () => '',
  );
  expect(engine.enter('')).toBe('[]');
});

test("a build says so when vm2's text is no longer the one that it knows", async () => {
  const [plugin] = workerOptions.plugins ?? [];
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'node_modules/vm2/lib'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/vm2/lib/bridge.js'), 'exports.made = 1;\n');
  const options = {
    stdin: { contents: "import './node_modules/vm2/lib/bridge.js';", resolveDir: folder },
    bundle: true,
    write: false,
  } as const;
  await expect(build({ ...options, logLevel: 'silent', plugins: plugin === undefined ? [] : [plugin] })).rejects.toThrow(
    /vm2's bridge\.js has eval\(.+ 0 times, not 1: see "vm2" in SECURITY\.md/,
  );
});
