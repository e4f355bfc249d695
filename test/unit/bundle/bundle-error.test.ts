import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bundleScript } from '../../../runtime/bundle/bundle-script.ts';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { scriptFolder } from './script-folder.ts';

/** The error of bundling `x.ts` with this text, its folder cut from the paths. */
async function errorOf(
  text: string,
  files: Record<string, string> = {},
  script = 'x.ts',
): Promise<{ exitCode: number; message: string; hint: string | undefined; where: string }> {
  const folder = scriptFolder({ 'x.ts': text, ...files });
  const error = await bundleScript(join(folder, script)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw new Error(`expected a ConfigError; got ${String(error)}`);
  const cut = (value: string): string => value.replaceAll(`${folder}/`, '');
  return {
    exitCode: error.exitCode,
    message: cut(error.message),
    hint: error.hint === undefined ? undefined : cut(error.hint),
    where: cut(error.where),
  };
}

test('a syntax error names file, line and column, shows the line and exits with 104', async () => {
  const error = await errorOf('const a = 1;\nconst é = 2, x = ;\n');
  expect(error.where).toBe('x.ts:2:18');
  expect(error.message).toBe('x.ts:2:18: Unexpected ";"\n\n  1 | const a = 1;\n> 2 | const é = 2, x = ;\n    |                  ^\n  3 |');
  expect(error.exitCode).toBe(104);
});

test.each([
  [
    "import { htpp } from 'stressrun';\nhtpp;",
    'x.ts:1:10',
    '\'stressrun\' exports no "htpp"; expected one of bytes, check, config,',
    'did you mean http?',
  ],
  ["import * as all from 'stressrun';\nall.chek;", 'x.ts:2:5', '\'stressrun\' exports no "chek"', 'did you mean check?'],
  [
    "import sr from 'stressrun';\nsr;",
    'x.ts:1:8',
    "'stressrun' has no default export",
    "import by name: import { http, check } from 'stressrun'",
  ],
  [
    "import { Options } from 'stressrun';\nnew Options();",
    'x.ts:1:10',
    '\'stressrun\' exports no value "Options"',
    'types are imported by: import type { … }',
  ],
  [
    "import { readFileSync } from 'node:fs';\nreadFileSync;",
    'x.ts:1:30',
    'cannot import "node:fs": scripts run in a sandbox without Node\'s modules',
    'read files with data.csv(), data.json(), image.file() or image.folder(), at module level',
  ],
  [
    "import crypto from 'crypto';\ncrypto;",
    'x.ts:1:20',
    'cannot import "crypto"',
    'use the global crypto: getRandomValues(), randomUUID(), subtle',
  ],
  [
    "import { http } from 'stressrun';\nawait http.get('/');",
    'x.ts:2:1',
    'await is not allowed at module level',
    'use setup() for what is done once per run, vuSetup() for what is done once per VU',
  ],
  ["import _ from 'lodash/get';\n_;", 'x.ts:1:15', 'cannot find the package "lodash"', 'npm install lodash'],
  ["import _ from '@scope/pkg/sub';\n_;", 'x.ts:1:15', 'cannot find the package "@scope/pkg"', 'npm install @scope/pkg'],
  ["import { http } from 'stresrun';\nhttp;", 'x.ts:1:22', 'cannot find the module "stresrun"', "did you mean 'stressrun'?"],
  [
    "import http from 'k6/http';\nhttp;",
    'x.ts:1:18',
    'cannot import "k6/http"',
    "import { http } from 'stressrun': await http.get(url, { … }), and http.post(url, body, params) is await http.post(url, { body, headers, tags, … })",
  ],
  ["import { a } from './step';\na;", 'x.ts:1:19', 'cannot find the file "./step"', 'did you mean steps.ts?'],
  [
    "import './style.css';",
    'x.ts:1:8',
    'cannot import a .css file: expected TypeScript, JavaScript or JSON',
    'load data with data.csv() or data.json()',
  ],
  [
    "import photo from './photo.png';\nphoto;",
    'x.ts:1:19',
    'cannot import a .png file',
    'load pictures with image.file() or image.folder()',
  ],
  ["import rows from './rows.csv';\nrows;", 'x.ts:1:18', 'cannot import a .csv file', 'load rows with data.csv()'],
])('%j is refused at its place with a remedy', async (text, where, message, hint) => {
  const error = await errorOf(text, { 'steps.ts': 'export const a = 1;', 'style.css': '', 'photo.png': '', 'rows.csv': '' });
  expect(error.where).toBe(where);
  expect(error.message).toContain(`${where}: ${message}`);
  expect(error.message).toContain('> ');
  expect(error.hint).toBe(hint);
});

test("a package that needs one of Node's modules is named", async () => {
  const error = await errorOf("import { x } from 'needy';\nx;", {
    'node_modules/needy/index.js': "import net from 'net';\nexport const x = net;",
  });
  expect(error.message).toContain(
    'node_modules/needy/index.js:1:17: cannot import "net", which the package needy needs: scripts run in a sandbox',
  );
  expect(error.hint).toBe("make requests with http from 'stressrun'");
});

test('a missing path inside an installed package is told from a missing package', async () => {
  const error = await errorOf("import { x } from 'there/nothing';\nx;", { 'node_modules/there/index.js': 'export const x = 1;' });
  expect(error.message).toContain('the package there is installed, but has nothing at "there/nothing"');
});

test('of seven errors the first has a frame, four a line each, and two are counted', async () => {
  const error = await errorOf(Array.from({ length: 7 }, (_, i) => `import 'package-${i}';`).join('\n'));
  expect(error.message.split('\n').filter((line) => /^x\.ts:\d+:\d+: cannot find/.test(line))).toHaveLength(5);
  expect(error.message).toMatch(/\nand 2 more$/);
});

test.each([
  ['y.ts', 'y.ts: expected a script file; there is none of this name', 'did you mean x.ts?'],
  ['nothing/y.ts', 'nothing/y.ts: expected a script file; the folder nothing does not exist', undefined],
  ['something-else.js', 'something-else.js: expected a script file; there is none of this name', 'scripts in that folder: x.ts'],
  ['notes.txt', 'notes.txt: expected a script that ends in .ts, .js, .mts, .mjs; got "notes.txt"', undefined],
  ['sub', 'sub: expected a script file; got a folder', 'scripts in it: z.ts'],
])('the script path %j is refused', async (script, message, hint) => {
  const error = await errorOf('', { 'notes.txt': '', 'sub/z.ts': '' }, script);
  expect(error.message).toBe(message);
  expect(error.hint).toBe(hint);
  expect(error.exitCode).toBe(104);
});

test.each([
  ["import { Trend } from 'k6/metrics';\nTrend;", "new Trend('x') is metrics.trend('x')"],
  ["import { SharedArray } from 'k6/data';\nSharedArray;", 'a SharedArray is data.json'],
  ["import exec from 'k6/execution';\nexec;", 'vu.id, vu.iteration, scenario.iterationInTest'],
  ["import x from 'k6/x/sql';\nx;", "k6's names, with await"],
  ["import { Trend } from 'stressrun';\nTrend;", "here it is metrics.trend('name')"],
  ["import { SharedArray } from 'stressrun';\nSharedArray;", "here it is data.json('rows.json')"],
  ["import { HttpUser } from 'stressrun';\nHttpUser;", 'here it is the default function, or mix('],
  ["import { wait_time } from 'stressrun';\nwait_time;", "here it is wait('1s', '3s') in the script, or thinkTime"],
])('%j is told what has its work here', async (text, hint) => {
  expect((await errorOf(text)).hint).toContain(hint);
});

test('a locustfile.py is no script, and is told what its parts are here', async () => {
  const error = await errorOf('', { 'locustfile.py': 'from locust import HttpUser\n' }, 'locustfile.py');
  expect(error.message).toContain('got "locustfile.py"');
  expect(error.hint).toContain('wait_time is wait() or thinkTime');
});
