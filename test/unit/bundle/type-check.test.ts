import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { typeCheck } from '../../../runtime/bundle/type-check.ts';
import { scriptFolder } from './script-folder.ts';

/** As {@link scriptFolder}, in a repository that has TypeScript installed. */
function typedFolder(files: Readonly<Record<string, string>>): string {
  const folder = scriptFolder(files);
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  symlinkSync(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), join(folder, 'node_modules/typescript'));
  return folder;
}

/** `code at file:line:column` of each finding. */
async function findingsOf(folder: string, script = 'x.ts'): Promise<string[]> {
  const result = await typeCheck(join(folder, script));
  if (result.kind !== 'checked') throw new Error(result.message);
  return result.findings.map((each) => `${each.code} ${each.text.split(': ')[0]?.replace(`${folder}/`, '')}`);
}

const good = `import { check, http, sleep } from 'stressrun';
export default async (): Promise<void> => {
  const res = await http.get('/health');
  check(res, { ok: (r) => r.status === 200 });
  await sleep(1);
  console.log(new URL(res.url).pathname, performance.now());
};
`;

test('a right script without a tsconfig.json has no finding', async () => {
  expect(await findingsOf(typedFolder({ 'x.ts': good }))).toEqual([]);
});

test('a wrong type is found in the script and in a file it imports, with place and frame', async () => {
  const folder = typedFolder({
    'x.ts': "import { sleep } from 'stressrun';\nimport './other.ts';\nexport default async () => { await sleep({}); };\n",
    'other.ts': 'export const a: number = "1";\n',
  });
  expect((await findingsOf(folder)).sort()).toEqual(['TS2322 other.ts:1:14', 'TS2345 x.ts:3:42']);
  const result = await typeCheck(join(folder, 'x.ts'));
  expect(result.kind === 'checked' && result.findings.map((each) => each.text).join('\n')).toContain(
    '> 1 | export const a: number = "1";\n    |              ^',
  );
});

test('four promises that nobody awaits are found, five that are meant are not', async () => {
  const text = `import { check, group, http, sleep } from 'stressrun';
export default async () => {
  sleep(1);
  http.get('/a').then((r) => r.ok);
  check(await http.get('/b'), { async: async (r) => r.ok });
  group('g', async () => { await sleep(1); });

  void sleep(1);
  let later = sleep(1);
  later = sleep(2);
  await later;
  group('g', () => 1);
  check(1, { sync: (n) => n === 1 });
};
`;
  expect(await findingsOf(typedFolder({ 'x.ts': text }))).toEqual([
    'floating-promise x.ts:3:3',
    'floating-promise x.ts:4:3',
    'floating-promise x.ts:5:3',
    'floating-promise x.ts:6:3',
  ]);
});

test('the nearest tsconfig.json is honoured: its strictness, its paths and its declarations', async () => {
  const folder = typedFolder({
    'tsconfig.json':
      '{ "compilerOptions": { "strict": false, "target": "es2022", "module": "esnext", "moduleResolution": "bundler", "types": [], "paths": { "~/*": ["./lib/*"] } } }',
    'scripts/x.ts':
      "import { one } from '~/one.js';\nimport { http } from 'stressrun';\nexport default (anything) => [one, http, anything, TEAM];\n",
    'lib/one.ts': 'export const one = 1;\n',
    'team.d.ts': 'declare const TEAM: string;\n',
  });
  expect(await findingsOf(folder, 'scripts/x.ts')).toEqual([]);
  const result = await typeCheck(join(folder, 'scripts/x.ts'));
  expect(result).toMatchObject({ kind: 'checked', projectPath: join(folder, 'tsconfig.json') });
});

test('without a word about it in tsconfig.json a script is checked strictly', async () => {
  expect(await findingsOf(typedFolder({ 'tsconfig.json': '{}', 'x.ts': 'export default (anything) => anything;\n' }))).toEqual([
    'TS7006 x.ts:1:17',
  ]);
});

test('a wrong option of tsconfig.json is a finding without a place', async () => {
  const findings = await findingsOf(typedFolder({ 'tsconfig.json': '{ "compilerOptions": { "target": "es1999" } }', 'x.ts': good }));
  expect(findings).toContain('TS6046 TS6046');
});

test('without TypeScript the result says how to add it', async () => {
  const result = await typeCheck(join(scriptFolder({ 'x.ts': good }), 'x.ts'));
  expect(result).toMatchObject({ kind: 'unavailable', message: expect.stringContaining('npm install -D typescript') });
});

test('TypeScript 7, which has no JavaScript API, is told from none', async () => {
  const folder = scriptFolder({
    'x.ts': good,
    'node_modules/typescript/package.json': '{ "name": "typescript", "version": "7.0.2", "main": "index.js" }',
    'node_modules/typescript/index.js': 'exports.version = "7.0.2";',
  });
  expect(await typeCheck(join(folder, 'x.ts'))).toMatchObject({
    kind: 'unavailable',
    message: expect.stringContaining('TypeScript 7.0.2 has no JavaScript API'),
  });
});
