import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, REPOSITORY } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';

const PREDICT = join(REPOSITORY, 'scripts/predict.ts');
const CONFIG = readFileSync(join(REPOSITORY, 'config.yaml'), 'utf8');
const GET = `import { http } from 'stressrun';\nexport default async () => { await http.get('/'); };\n`;

/** What a command line says when it cannot be run: one line, the remedy below it, nothing else. */
async function refusal(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await cli([...args, '--run-dir', temporaryFolder()], { env });
  expect(stderr).toMatch(/^stressrun: [^\n]+\n( {2}hint: [^\n]+\n)?$/);
  expect([exitCode, stdout]).toEqual([104, '']);
  return stderr;
}

test.concurrent('--profile smokee is a 104 that asks whether "smoke" was meant', async () => {
  const text = await refusal(['scripts/predict.ts', '--env', 'demo', '--profile', 'smokee']);
  expect(text).toContain(
    '--profile: expected a profile, one of smoke, quick, standard, load, spike, endurance, stress, standard_open, load_open, spike_open; got "smokee": did you mean "smoke"?',
  );
  expect(text).toContain(`hint: profiles are test_profiles in ${join(REPOSITORY, 'config.yaml')}`);
});

test.concurrent('an unknown key in config.yaml is a 104 with the key path, the nearest match, the file and the line', async () => {
  const { at } = project({ 'config.yaml': CONFIG.replace('smoke:     {', 'smoke: {').replace('{ users: 5,', '{ user: 5,') });
  const text = await refusal([PREDICT, '--config', at('config.yaml'), '--env', 'demo', '--profile', 'smoke']);
  expect(text).toMatch(/test_profiles\.smoke: expected the keys .*; got "user": did you mean "users"\?\n {2}hint: in .*config\.yaml:\d+\n/);
});

test.concurrent('a script that is not there is a 104 that names the nearest one', async () => {
  const text = await refusal(['scripts/predikt.ts', '--env', 'demo']);
  expect(text).toContain(
    'scripts/predikt.ts: expected a script file; there is none of this name\n  hint: did you mean scripts/predict.ts?',
  );
});

test.concurrent('--users -1 is a 104 that says 1 to how many, also as STRESSRUN_USERS', async () => {
  const health = ['scripts/health.ts', '--env', 'demo', '--profile', 'smoke'];
  const allowed = /--users: expected .*1 to \d+.*; got "-1"/;
  expect(await refusal([...health, '--users', '-1'])).toMatch(allowed);
  expect(await refusal(health, { STRESSRUN_USERS: '-1' })).toMatch(allowed);
});

test.concurrent('a variable that is not set is a 104 that says how to give it a default', async () => {
  const { at } = project({ 'config.yaml': `environments:\n  api: { base_url: "http://\${API_HOST}:1" }\n`, 'get.ts': GET });
  expect(await refusal([at('get.ts')])).toMatch(/environments\.api\.base_url: .*API_HOST.*\$\{API_HOST:-default\}/);
});

test.concurrent('a host of a production environment is a 104 that names the consent it takes', async () => {
  const text = await refusal(['scripts/health.ts', '--env', 'prod', '--once']);
  expect(text).toContain('inference.example.com belongs to the production environment prod; got nothing');
  expect(text).toContain('hint: if load on production is meant: --allow-production prod');
});

test.concurrent('a public address that no environment names is a 104 before any packet leaves', async () => {
  const text = await refusal(['scripts/health.ts', '--base-url', 'https://93.184.216.34', '--once']);
  expect(text).toContain('93.184.216.34 is public and no environment names it');
  expect(text).toContain('--allow-production 93.184.216.34');
});

test.concurrent('mix keys that differ from the weights are a 104 naming both sets', async () => {
  const { at } = project({
    'config.yaml': 'environments: { demo: { target: embedded } }\ntest_mix: { browse: 1, buy: 2 }\n',
    'mix.ts': `import { config, mix } from 'stressrun';\nexport default mix({ browse: () => {}, sell: () => {} }, config.test_mix);\n`,
  });
  const { exitCode, stderr, stdout } = await cli([at('mix.ts'), '--once', '--run-dir', temporaryFolder()]);
  expect([exitCode, stdout]).toEqual([104, '']);
  expect(stderr).toContain('Tasks: browse, sell. Weights: browse, buy. Without a weight: sell. Without a task: buy');
});

test.concurrent.each([
  ['an unknown flag', ['--profil', 'smoke'], /got "--profil": did you mean "--profile"\?\n {2}hint: see stressrun --help/],
  [
    'an unknown environment',
    ['--env', 'dmeo'],
    /--env: expected an environment, one of local, k8s, prod, demo; got "dmeo": did you mean "demo"\?/,
  ],
  ['a duration without a unit', ['--env', 'demo', '--duration', '5'], /--duration: expected .*"30s".*; got "5"/],
  ['--duration beside --stage', ['--env', 'demo', '--duration', '5s', '--stage', '5s:1'], /--duration: expected nothing beside --stage/],
  ['a rate without a duration', ['--env', 'demo', '--rate', '5/s'], /--rate: expected a duration for it/],
])('%s is a 104', async (_, args, pattern) => {
  expect(await refusal(['scripts/health.ts', ...args])).toMatch(pattern);
});

test.concurrent.each([
  ['a syntax error', 'export default async () => {;\n', /bad\.ts:\d+/],
  ['a Node built-in', `import fs from 'node:fs';\nexport default () => fs;\n`, /node:fs|"fs"/],
  ['top-level await', 'await 1;\nexport default () => {};\n', /await is not allowed at module level[\s\S]*use setup\(\)/],
])('a script with %s is a 104 with the place in it and no stack of ours', async (_, script, pattern) => {
  const { at } = project({ 'bad.ts': script });
  const { exitCode, stderr } = await cli([at('bad.ts'), '--env', 'demo', '--run-dir', temporaryFolder()]);
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(pattern);
  expect(stderr).toMatch(/bad\.ts:\d+:\d+/);
  expect(stderr).not.toMatch(/dist\/|node_modules|internal error/);
});

test.concurrent('a threshold that cannot be read is a 104 with its key path', async () => {
  const { at } = project({
    'config.yaml': 'environments: { demo: { target: embedded } }\nthresholds: { http_req_duration: ["p(95)<2parsecs"] }\n',
    'get.ts': GET,
  });
  expect(await refusal([at('get.ts'), '--once'])).toMatch(/thresholds\.http_req_duration: .*2parsecs.*expected a time such as "200ms"/);
});
