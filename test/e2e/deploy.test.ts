import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { cli, startCli } from '../support/cli.ts';
import { crossFieldProblems, type Manifest } from '../support/deploy/manifest-rules.ts';
import { schemaProblems } from '../support/deploy/manifest-schemas.ts';
import { runWorkflow, type WorkflowRun } from '../support/deploy/workflow.ts';
import { project, temporaryFolder } from '../support/project.ts';

const TOP = resolve(import.meta.dirname, '../..');
const DEPLOY = join(TOP, 'deploy');

const CONFIG = (thresholds: string): string => `
environments: { staging: { base_url: "\${STAGING_URL}" } }
health_check: { path: /health, expect: { status: ok }, on_failure: fail }
warm_up: { requests: 2 }
test_profiles: { smoke: { users: 2, duration: 2s }, load: { users: 3, duration: 2s }, endurance: { users: 1, duration: 2s } }
test_mix: { health: 1, predict: 9 }
image_sizes: { standard: 64x48 }
thresholds: { ${thresholds} }
`;

/** A scripts repository as `init` makes it, its packages already there: `npm ci` finds them and has nothing to do. */
function scriptsRepository(thresholds: string): string {
  const { folder, at } = project({
    'config.yaml': CONFIG(thresholds),
    'scripts/example.ts': readFileSync(join(DEPLOY, 'init/scripts/example.ts'), 'utf8'),
    'bin/npm': '#!/bin/sh\n[ "$*" = ci ] && [ -d node_modules ]\n',
    'package.json': '{ "private": true }\n',
  });
  cpSync(join(DEPLOY, 'ci/steps'), at('ci'), { recursive: true });
  mkdirSync(at('node_modules/.bin'), { recursive: true });
  chmodSync(at('bin/npm'), 0o755);
  chmodSync(join(TOP, 'dist/main.js'), 0o755);
  symlinkSync(join(TOP, 'dist/main.js'), at('node_modules/.bin/stressrun'));
  return folder;
}

interface Staging {
  thresholds: string;
  /** Flags of the target. */
  target: string[];
  env?: Record<string, string>;
}

/** A machine that others use may leave any verdict undecided; here what follows a pass is asked, not the machine. */
const PASSES: Staging = { thresholds: 'max_failure_rate: 50%', target: [], env: { STRESSRUN_ON_INCONCLUSIVE: 'warn' } };

async function pipeline(file: string, { thresholds, target, env: more }: Staging): Promise<WorkflowRun & { folder: string }> {
  const server = startCli(['target', '--port', '0', ...target]);
  const [url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const folder = scriptsRepository(thresholds);
  const env = {
    ...more,
    COOL_DOWN_S: '0',
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    GITHUB_STEP_SUMMARY: join(folder, 'job-summary.md'),
  };
  const vars = {
    DEPLOY_COMMAND: 'echo deployed >> staging.log',
    ROLLBACK_COMMAND: 'echo rolled back >> staging.log',
    STAGING_URL: url ?? '',
  };
  const run = await runWorkflow(join(DEPLOY, 'ci/github', file), { cwd: folder, vars, env });
  server.signal('SIGTERM');
  await server.ended;
  return { ...run, folder };
}

const resultsOf = ({ jobs }: WorkflowRun): Record<string, string> =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));
const staging = (folder: string): string => readFileSync(join(folder, 'staging.log'), 'utf8');

test('a smoke that passes: deployed, load follows, its result becomes the baseline, nothing is rolled back', async () => {
  const run = await pipeline('stress-test.yml', PASSES);
  expect(resultsOf(run), run.log).toEqual({ deploy: 'success', smoke: 'success', rollback: 'skipped', load: 'success' });
  expect(run.commands).toEqual([
    'deploy: Deploy to staging → 0',
    'smoke: Install → 0',
    'smoke: Wait until healthy → 0',
    'smoke: Smoke → 0',
    'smoke: Verdict → 0',
    'load: Install → 0',
    'load: Cool down → 0',
    'load: Load → 0',
    'load: Keep as the baseline → 0',
  ]);
  expect(staging(run.folder)).toBe('deployed\n');
  const baseline = JSON.parse(readFileSync(join(run.folder, 'baseline/load.json'), 'utf8')) as RunJson;
  expect([baseline.run.profile, baseline.run.exitCode]).toEqual(['load', 0]);
  expect(existsSync(join(run.folder, 'reports/smoke.xml'))).toBe(true);
}, 120_000);

test('a smoke that misses a threshold (99): the build fails, staging is rolled back, no load', async () => {
  const run = await pipeline('stress-test.yml', { thresholds: 'max_failure_rate: 1%', target: ['--error-rate', '100%'] });
  expect(resultsOf(run), run.log).toEqual({ deploy: 'success', smoke: 'failure', rollback: 'success', load: 'skipped' });
  expect(run.commands.slice(3)).toEqual(['smoke: Smoke → 99', 'smoke: Verdict → 99', 'rollback: Roll back → 0']);
  expect(staging(run.folder)).toBe('deployed\nrolled back\n');
}, 120_000);

test('an undecided smoke (111) is asked once more; still undecided, the build fails and nothing is rolled back', async () => {
  const thresholds = '"http_req_duration{status:418}": ["p(95)<1s"]';
  const run = await pipeline('stress-test.yml', { thresholds, target: [] });
  expect(resultsOf(run), run.log).toEqual({ deploy: 'success', smoke: 'failure', rollback: 'skipped', load: 'skipped' });
  expect(run.commands.slice(3)).toEqual([
    'smoke: Smoke → 111',
    'smoke: Cool down → 0',
    'smoke: Smoke once more, as it was undecided → 111',
    'smoke: Verdict → 111',
  ]);
  expect(staging(run.folder)).toBe('deployed\n');
}, 120_000);

test('bad settings (104) fail the build without a second try and without a rollback', async () => {
  const run = await pipeline('stress-test.yml', { thresholds: 'max_p59: 2s', target: [] });
  expect(resultsOf(run), run.log).toEqual({ deploy: 'success', smoke: 'failure', rollback: 'skipped', load: 'skipped' });
  expect(run.commands.slice(3)).toEqual(['smoke: Smoke → 104', 'smoke: Verdict → 104']);
}, 120_000);

test('the night runs endurance alone', async () => {
  const run = await pipeline('endurance.yml', PASSES);
  expect(run.commands, run.log).toEqual(['endurance: Install → 0', 'endurance: Wait until healthy → 0', 'endurance: Endurance → 0']);
}, 120_000);

/** The files of a pod as the kubelet lays them: real ones in a folder with the time, links to it beside. */
function laidOut(manifests: readonly Manifest[], job: Manifest): string {
  const folder = temporaryFolder();
  const sources: Manifest[] = job.spec.template.spec.volumes.find(({ name }: Manifest) => name === 'project').projected.sources;
  for (const { configMap } of sources) {
    const map = manifests.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap.name);
    for (const { key, path } of configMap.items) {
      const real = join(folder, '..2026_01_01', path);
      mkdirSync(dirname(real), { recursive: true });
      writeFileSync(real, map.data?.[key] ?? Buffer.from(map.binaryData[key], 'base64'));
    }
  }
  symlinkSync('..2026_01_01', join(folder, '..data'));
  const tops = new Set(sources.flatMap(({ configMap }) => configMap.items.map(({ path }: Manifest) => path.split('/')[0])));
  for (const name of tops) symlinkSync(join('..data', name as string), join(folder, name as string));
  return folder;
}

test('what stressrun k8s prints is valid, and its command line runs from the files of its ConfigMaps: the log ends in run.json', async () => {
  const server = startCli(['target', '--port', '0']);
  const [url] = await server.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const { at } = project({
    'config.yaml': `${CONFIG('max_failure_rate: 50%')}\n`.replace(
      'staging: {',
      'k8s: { base_url: "http://inference.shop.svc:8000" }, staging: {',
    ),
    'scripts/mine.ts':
      "import { data, http } from 'stressrun';\nimport { path } from './parts/path.ts';\nconst rows = data.csv('../data/rows.csv');\nexport default async () => { await http.get(path, { tags: { row: rows.next().name } }); };\n",
    'scripts/parts/path.ts': "export const path = '/health';\n",
    'data/rows.csv': 'name\none\ntwo\n',
  });
  const printed = await cli(
    ['k8s', at('scripts/mine.ts'), '--env', 'k8s', '--profile', 'smoke', '--target-pods', 'app=inference', '--on-inconclusive', 'warn'],
    { env: { STAGING_URL: 'http://x' } },
  );
  expect(printed.exitCode, printed.stderr).toBe(0);
  const manifests: Manifest[] = parseAllDocuments(printed.stdout).map((document) => document.toJS());
  expect([...schemaProblems(manifests), ...crossFieldProblems(manifests)]).toEqual([]);
  const job = manifests.find(({ kind }) => kind === 'Job');
  const policy = manifests.find(({ kind }) => kind === 'NetworkPolicy');
  expect(policy.spec.egress[1]).toEqual({
    to: [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } }, podSelector: { matchLabels: { app: 'inference' } } },
    ],
    ports: [{ protocol: 'TCP', port: 8000 }],
  });

  const folder = laidOut(manifests, job);
  const log = join(temporaryFolder(), 'log');
  const args: string[] = job.spec.template.spec.containers[0].args.map((word: string) =>
    word.replace(/^\/project/, folder).replace(/^\/results$/, temporaryFolder()),
  );
  const command = [process.execPath, join(TOP, 'dist/main.js'), ...args, '--base-url', url].map((word) => `'${word}'`).join(' ');
  const { status } = spawnSync('sh', ['-c', `${command} 2>&1 | cat > ${log}`], { env: { ...process.env, STAGING_URL: 'http://x' } });
  server.signal('SIGTERM');
  const lines = readFileSync(log, 'utf8').split('\n');
  const json = lines.slice(lines.indexOf('{'), lines.indexOf('}') + 1).join('\n');
  expect(status, lines.join('\n')).toBe(0);
  expect((JSON.parse(json) as RunJson).run).toMatchObject({ script: expect.stringContaining('mine.ts'), environment: 'k8s', exitCode: 0 });
}, 120_000);

const LOGIN =
  "import { data, env, http } from 'stressrun';\nconst users = data.csv('users.csv');\nexport default () => http.get('/', { headers: { a: users.next().password } });\n";
const LOGIN_CONFIG = `environments: { k8s: { base_url: "http://inference.shop.svc:8000", headers: { x-key: "\${API_KEY}", x-b: "\${B}" } } }
`;

test('--files secret puts data into a Secret that the pod mounts beside the script; in a ConfigMap passwords are warned of', async () => {
  const { at } = project({ 'config.yaml': LOGIN_CONFIG, 'login.ts': LOGIN, 'users.csv': 'user,password\nann,correct horse\n' });
  const env = { API_KEY: 'k-1', B: 'p w#"d$x' };
  const plain = await cli(['k8s', at('login.ts'), '--env', 'k8s'], { env });
  expect(plain.exitCode, plain.stderr).toBe(0);
  expect(plain.stderr).toContain(
    'warning: users.csv seems to hold secrets ("password"), and a ConfigMap is readable by many; --files secret',
  );
  const { exitCode, stdout, stderr } = await cli(['k8s', at('login.ts'), '--env', 'k8s', '--files', 'secret'], { env });
  expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('seems to hold')]);
  const manifests: Manifest[] = parseAllDocuments(stdout).map((document) => document.toJS());
  expect(schemaProblems(manifests)).toEqual([]);
  const secret = manifests.find(({ kind }) => kind === 'Secret');
  expect(Buffer.from(secret.data['users.csv'], 'base64').toString()).toBe('user,password\nann,correct horse\n');
  expect(JSON.stringify(manifests.filter(({ kind }) => kind === 'ConfigMap'))).not.toContain('correct horse');
  const { volumes } = manifests.find(({ kind }) => kind === 'Job').spec.template.spec;
  const sources: Manifest[] = volumes.find(({ name }: Manifest) => name === 'project').projected.sources;
  expect(sources.flatMap(({ secret: source }) => source ?? [])).toEqual([
    { name: secret.metadata.name, items: [{ key: 'users.csv', path: 'users.csv' }] },
  ]);
}, 120_000);

test('the printed command makes the Secret when it is pasted, and has no value in it', async () => {
  const { at } = project({ 'config.yaml': LOGIN_CONFIG, 'login.ts': 'export default () => {};\n' });
  const env = { API_KEY: 'k-1', B: 'p w#"d$x' };
  const { stderr } = await cli(['k8s', at('login.ts'), '--env', 'k8s'], { env });
  const [, command = ''] = /^ {2}(env \| .+)$/m.exec(stderr) ?? [];
  expect(command).not.toMatch(/k-1|p w/);
  const made = spawnSync('sh', ['-c', `${command} --dry-run=client -o json`], { encoding: 'utf8', env: { ...process.env, ...env } });
  const { metadata, data } = JSON.parse(made.stdout) as Manifest;
  expect(metadata).toMatchObject({ name: 'stressrun-env', namespace: 'stressrun' });
  const read = Object.entries(data as Record<string, string>).map(([name, value]) => [name, Buffer.from(value, 'base64').toString()]);
  expect(Object.fromEntries(read)).toEqual(env);
}, 120_000);

test.each([
  ['an embedded target', ['--env', 'demo'], /--env: expected an environment with an address; got demo[\s\S]*--base-url http:\/\/SERVICE/],
  ['localhost', ['--env', 'local'], /local\.base_url: expected an address that a pod reaches; got http:\/\/localhost:8000/],
  [
    'a file over 1 MiB',
    ['--env', 'k8s', '-e', 'FILE=big.json'],
    /ConfigMap: expected at most 1 MiB of files; got .*big\.json[\s\S]*--files image/,
  ],
  [
    'a file over 1 MiB in a Secret',
    ['--env', 'k8s', '-e', 'FILE=big.json', '--files', 'secret'],
    /Secret: expected at most 1 MiB of files; got .*big\.json[\s\S]*--files image/,
  ],
  ['a file outside the project', ['--env', 'k8s', '-e', 'FILE=../outside.json'], /outside\.json: expected a (file|path) inside/],
  ['a namespace with capitals', ['--env', 'k8s', '--namespace', 'Mine'], /--namespace: expected a name of lower-case letters/],
  ['an image that is none', ['--env', 'k8s', '--image', 'Not An Image'], /--image: expected an image such as/],
])('stressrun k8s refuses %s with 104, says what to do and prints no manifest', async (_, flags, words) => {
  const { at } = project({
    'mine/config.yaml':
      'environments: { demo: { target: embedded }, local: { base_url: "http://localhost:8000" }, k8s: { base_url: "http://inference.shop.svc:8000" } }\n',
    'mine/script.ts': "import { data, env } from 'stressrun';\ndata.json(env.FILE ?? 'small.json');\nexport default () => {};\n",
    'mine/small.json': '[1]',
    'mine/big.json': `["${'x'.repeat(1_100_000)}"]`,
    'outside.json': '[1]',
  });
  const { exitCode, stdout, stderr } = await cli(['k8s', at('mine/script.ts'), ...flags]);
  expect([exitCode, stdout]).toEqual([104, '']);
  expect(stderr).toMatch(words);
});

test('the Dockerfile, step by step in a folder: under 150 MB beside Node, and a smoke run as a user that is not root leaves the tree as it is', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(DEPLOY, 'docker/check-image.js')], { encoding: 'utf8' });
  expect(status, stdout + stderr).toBe(0);
  const [, megabytes] = /the image would hold (\d+\.\d) MB beside Node/.exec(stdout) ?? [];
  expect(Number(megabytes)).toBeGreaterThan(20);
  expect(Number(megabytes)).toBeLessThan(150);
  expect(stdout).toMatch(/smoke run as user \d+: exit code 0; tree unchanged/);
}, 600_000);
