import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { initProject } from '../../../../runtime/commands/init/init-project.ts';
import type { RunOutput } from '../../../../runtime/run/output.ts';
import { temporaryFolder } from '../../../support/project.ts';

const output = {} as RunOutput; // nothing is said before it is refused

/** What init said in a folder with these files, which npm is not asked about. */
async function initIn(files: Record<string, string>, below = '.'): Promise<{ root: string; said: string }> {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  let said = '';
  const say = (text: string): void => {
    said += text;
  };
  const talking = { result: say, note: say } as unknown as RunOutput;
  const root = join(folder, below);
  expect(await initProject({ folder: root, packageSpec: '0.2.0', output: talking })).toBe(0);
  return { root, said };
}
const SHOP = { name: 'shop', scripts: { test: 'vitest' }, dependencies: { express: '5' }, devDependencies: { typescript: '5.9.3' } };

test.each([
  ['README.md', 'README.md', (at: string) => `${at}, which is a file`],
  ['README.md', 'README.md/shop', (at: string) => `${join(at, 'shop')}, but ${at} is a file`],
])('with a file %s, init %s is a 104 that names it', async (name, wanted, got) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), 'mine');
  await expect(initProject({ folder: join(folder, wanted), packageSpec: '0.2.0', output })).rejects.toMatchObject({
    exitCode: 104,
    message: `init: expected a folder, or a path where one can be made; got ${got(join(folder, name))}`,
  });
});

test('a file named scripts, where a folder must be, is a 104, and nothing is written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'scripts'), 'mine');
  await expect(initProject({ folder, packageSpec: '0.2.0', output })).rejects.toMatchObject({
    exitCode: 104,
    message: expect.stringContaining(`got ${join(folder, 'scripts')}, which is a file`) as string,
  });
  expect(readdirSync(folder)).toEqual(['scripts']);
});

test('in a repository with a package.json what is missing is added, what is there is left and named', async () => {
  const { root, said } = await initIn({
    'package.json': JSON.stringify(SHOP, undefined, '\t'),
    'tsconfig.json': '{}',
    '.gitignore': 'dist/\n',
    'scripts/example.ts': 'mine',
    '.git/HEAD': '',
  });
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  expect(text).toContain('\n\t"name": "shop"');
  expect(JSON.parse(text)).toEqual({
    ...SHOP,
    scripts: { ...SHOP.scripts, smoke: 'stressrun scripts/example.ts --profile smoke' },
    devDependencies: { ...SHOP.devDependencies, stressrun: '0.2.0' },
  });
  expect(['tsconfig.json', '.gitignore', 'scripts/example.ts'].map((name) => readFileSync(join(root, name), 'utf8'))).toEqual([
    '{}',
    'dist/\n',
    'mine',
  ]);
  expect(existsSync(join(root, 'config.yaml'))).toBe(true);
  expect(['eslint.config.js', 'README.md', '.vscode'].filter((name) => existsSync(join(root, name)))).toEqual([]);
  expect(said).toContain('Added to package.json: scripts.smoke, devDependencies.stressrun');
  expect(said).toContain('Left as they were: tsconfig.json, .gitignore, scripts/example.ts');
  expect(said).toContain('npm install\n');
  expect(said).not.toContain('git init');
});

test('a package.json that is no JSON is a 104, and nothing is written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package.json'), '{ "name": ');
  await expect(initProject({ folder, packageSpec: '0.2.0', output })).rejects.toMatchObject({
    exitCode: 104,
    message: expect.stringContaining(`expected JSON in ${join(folder, 'package.json')}`) as string,
  });
  expect(readdirSync(folder)).toEqual(['package.json']);
});

test('a folder of a monorepo gets files of its own; the workflows are told to belong to the top of the repository', async () => {
  const { root, said } = await initIn(
    { '.git/HEAD': '', 'package.json': '{ "name": "shop", "workspaces": ["apps/*"] }', 'apps/load/package.json': '{ "name": "load" }' },
    'apps/load',
  );
  expect(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).toMatchObject({
    name: 'load',
    devDependencies: { stressrun: '0.2.0' },
  });
  expect(readFileSync(join(dirname(dirname(root)), 'package.json'), 'utf8')).toBe('{ "name": "shop", "workspaces": ["apps/*"] }');
  expect(said).toContain(`move .github/workflows to ${dirname(dirname(root))}`);
  expect(said).not.toContain('git init');
});
