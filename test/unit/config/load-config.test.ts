// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the syntax under test
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveEnvironment } from '../../../runtime/config/environment.ts';
import { findConfig, loadConfig } from '../../../runtime/config/load-config.ts';
import { substitute } from '../../../runtime/config/variables.ts';
import { configOf, LOCAL, planOf, project, refusalOf } from './fixtures.ts';

test('the nearest config.yaml upwards from the script wins over that of the working folder', () => {
  const [outer, other] = [project(LOCAL), project(LOCAL)];
  mkdirSync(join(outer.folder, 'scripts', 'deep'), { recursive: true });
  const scriptPath = join(outer.folder, 'scripts', 'deep', 'a.ts');
  expect(findConfig({ scriptPath, cwd: other.folder })).toBe(outer.configPath);
  writeFileSync(join(outer.folder, 'scripts', 'config.yaml'), LOCAL);
  expect(findConfig({ scriptPath, cwd: other.folder })).toBe(join(outer.folder, 'scripts', 'config.yaml'));
});

test('without one above the script, the working folder is searched upwards', () => {
  const { folder, configPath } = project(LOCAL);
  mkdirSync(join(folder, 'sub'));
  expect(findConfig({ scriptPath: '/nowhere-at-all/a.ts', cwd: join(folder, 'sub') })).toBe(configPath);
});

test('--config names the file, relative to the working folder, and must exist', () => {
  const { folder } = project(LOCAL);
  writeFileSync(join(folder, 'other.yaml'), 'environments: { x: { base_url: "http://x" } }');
  expect(Object.keys(loadConfig({ cwd: folder, configFlag: 'other.yaml', processEnv: {} }).environments)).toEqual(['x']);
  expect(refusalOf(() => loadConfig({ cwd: folder, configFlag: 'gone.yaml', processEnv: {} })).message).toMatch(
    /^--config: expected a file; got "gone\.yaml"/,
  );
});

test('without any config.yaml the built-in environments hold: local on port 8000, and the embedded demo', () => {
  const config = loadConfig({ scriptPath: '/nowhere-at-all/a.ts', cwd: '/nowhere-at-all', processEnv: {} });
  expect(config.path).toBeUndefined();
  expect(config.settings).toEqual({});
  const of = (flags: { environment?: string; baseUrl?: string }) => resolveEnvironment({ flags, config, processEnv: {} });
  expect(of({})).toMatchObject({ name: 'local', baseUrl: 'http://localhost:8000', target: 'remote' });
  expect(of({ environment: 'demo' })).toMatchObject({ name: 'demo', target: 'embedded', truth: 'shapes', baseUrl: '' });
  expect(of({ baseUrl: 'http://127.0.0.1:9' })).toMatchObject({ name: 'base-url', baseUrl: 'http://127.0.0.1:9', target: 'remote' });
});

test('without any config.yaml --set changes what is built in, and paths are from the script’s folder, without a script from the working one', () => {
  const nowhere = { cwd: '/nowhere-at-all', processEnv: {} };
  const config = loadConfig({
    ...nowhere,
    scriptPath: '/none/a.ts',
    sets: ['warm_up.requests=3', 'environments.local.base_url=http://h:1'],
  });
  expect([config.path, config.folder, config.settings]).toEqual([undefined, '/none', { warm_up: { requests: 3 } }]);
  expect(resolveEnvironment({ flags: {}, config, processEnv: {} })).toMatchObject({ name: 'local', baseUrl: 'http://h:1' });
  expect(loadConfig(nowhere).folder).toBe('/nowhere-at-all');
  expect(refusalOf(() => loadConfig({ ...nowhere, sets: ['warm_up.requests=-1'] })).where).toBe('warm_up.requests');
});

test('an empty file and an empty section mean nothing is set', () => {
  expect(configOf('').settings).toEqual({});
  expect(configOf('thresholds:\n  # max_p95: 2s\n').settings).toEqual({});
});

test('a YAML syntax error has the line, the column and a frame', () => {
  const error = refusalOf(() => configOf('environments:\n  local: { base_url: http://x\ntest_mix: { a: 1 }\n'));
  expect(error.where).toMatch(/config\.yaml:3:\d+$/);
  expect(error.message).toContain('test_mix: { a: 1 }');
  expect(error.message).toContain('^');
});

test('a key that is written twice is an error with its line', () => {
  expect(refusalOf(() => configOf('test_mix: { a: 1 }\ntest_mix: { b: 1 }\n')).where).toMatch(/config\.yaml:2:1$/);
});

test('anchors and merge keys work, and a file may not unfold without end', () => {
  const config = configOf('test_profiles:\n  a: &a { users: 2, duration: 1s }\n  b: { <<: *a, users: 3 }\n');
  expect(config.settings.test_profiles?.['b']).toEqual({ users: 3, duration: '1s' });
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n');
  expect(refusalOf(() => configOf(bomb)).message).toMatch(/alias/i);
});

test.each([
  ['${A}', 'one'],
  ['${A}-${B:-two}', 'one-two'],
  ['${EMPTY:-three}', 'three'],
  ['${EMPTY}', ''],
  ['${NONE:-}', ''],
  ['$${A}', '${A}'],
  ['$A and $', '$A and $'],
  ['${NONE:-http://h:1/p}', 'http://h:1/p'],
  ['${NESTED}', '${A}'],
])('%s becomes %s', (text, expected) => {
  const { value, problems } = substitute([text], { A: 'one', EMPTY: '', NESTED: '${A}' });
  expect(value).toEqual([expected]);
  expect(problems).toEqual([]);
});

test('an unset variable names the key path, and a malformed one what is allowed', () => {
  expect(refusalOf(() => configOf('health_check: { path: "${HEALTH_PATH}" }')).message).toBe(
    'health_check.path: expected the environment variable HEALTH_PATH to be set; it is not (${HEALTH_PATH:-default} gives a default)',
  );
  expect(refusalOf(() => configOf('health_check: { path: "/${A-b}" }')).message).toBe(
    'health_check.path: expected ${NAME} or ${NAME:-default} ($${ for a plain ${); got "${A-b}"',
  );
  expect(refusalOf(() => configOf('health_check: { path: "/${A" }')).message).toContain('got "${A"');
});

test('where a number or a boolean is wanted a variable may be one; a token of digits stays a text', () => {
  const yaml =
    'environments: { x: { base_url: "http://h", production: "${P}", max_users: "${N}", auth: { bearer: "${T}" } } }\ntest_profiles: { a: { users: "${N:-5}", duration: 1s } }';
  const config = configOf(yaml, { P: 'true', N: '7', T: '12345' });
  expect(config.settings.test_profiles?.['a']?.users).toBe(7);
  const environment = resolveEnvironment({ flags: {}, config, processEnv: { P: 'true', N: '7', T: '12345' } });
  expect(environment).toMatchObject({ isProduction: true, usersMax: 7, auth: { kind: 'bearer', token: '12345' } });
  expect(refusalOf(() => configOf(yaml, { P: 'true', N: '0', T: 't' })).message).toContain('got 0');
});

test('an unset ${PROD_TOKEN} does not break --env local, and breaks --env prod by its key path', () => {
  const yaml =
    'environments:\n  local: { base_url: "http://127.0.0.1:1" }\n  prod: { base_url: "${PROD_URL}", auth: { bearer: "${PROD_TOKEN}" } }\n';
  expect(planOf({ yaml, flags: { environment: 'local' } }).environment.name).toBe('local');
  const error = refusalOf(() => planOf({ yaml, flags: { environment: 'prod' }, processEnv: { PROD_URL: 'https://h' } }));
  expect(error.message).toMatch(/^environments\.prod\.auth\.bearer: expected the environment variable PROD_TOKEN to be set/);
  expect(error.hint).toMatch(/config\.yaml:3$/);
  expect(planOf({ yaml, flags: { environment: 'prod' }, processEnv: { PROD_URL: 'https://h', PROD_TOKEN: 't' } }).environment.baseUrl).toBe(
    'https://h',
  );
});

test('an environment that is not selected is still checked for what does not hang on a variable', () => {
  const yaml = 'environments:\n  local: { base_url: "http://h" }\n  prod: { base_url: "${PROD_URL}", max_user: 5 }\n';
  expect(refusalOf(() => configOf(yaml)).message).toMatch(
    /^environments\.prod: expected the keys .*got "max_user": did you mean "max_users"\?$/,
  );
});
