import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { cli, load, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const HOOKED = `import { http, vu } from 'stressrun';
export const options = { vus: 4, duration: '20s' };
export const setup = async () => (await http.post('/created')).status;
export default async () => { await http.get('/x'); BODY };
export const teardown = async (status) => { await http.delete('/created', { query: { status } }); };
`;

test.concurrent('an endless loop in one user is a 115, and teardown() is called with what setup() returned', async () => {
  const target = await startTarget({ '/x': { delayMs: 20 } });
  const path = project({ 'loop.ts': HOOKED.replace('BODY', 'if (vu.id === 1 && vu.iteration === 20) for (;;);') }).at('loop.ts');
  const { exitCode, stdout } = await cli([path, '--base-url', target.url, '--workers', '1', '--run-dir', temporaryFolder()]);
  expect(exitCode).toBe(115);
  expect(target.counts()).toMatchObject({ '/created': 2 });
  expect(target.seen.filter(({ path: seen }) => seen === '/created').map(({ method, query }) => [method, query])).toEqual([
    ['POST', {}],
    ['DELETE', { status: '200' }],
  ]);
  expect(stdout).toMatch(
    /^Verdict: ✗ ERROR, exit code 115\n {2}- runaway script: VU 1[\s\S]*\n\nRun folder: .+\nReport: .+\/report\.html\n$/,
  );
});

test.concurrent('a closed terminal (SIGHUP to the group) is as SIGTERM: teardown(), all reports, 105', async () => {
  const target = await startTarget({ '/x': { delayMs: 50 } });
  const path = project({ 'hup.ts': HOOKED.replace('BODY', 'void vu;') }).at('hup.ts');
  const runDir = temporaryFolder();
  const run = startCli([path, '--base-url', target.url, '--run-dir', runDir]);
  await expect.poll(() => target.counts()['/x'] ?? 0, { timeout: 30_000 }).toBeGreaterThan(4);
  run.signal('SIGHUP', 'group');
  const { exitCode } = await run.ended;
  expect(exitCode).toBe(105);
  expect(target.counts()).toMatchObject({ '/created': 2 });
  const folder = join(runDir, readlinkSync(join(runDir, 'latest')));
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(['run.json', 'report.html', 'junit.xml', 'summary.md', 'stats.csv']));
});

const ONCE = `import { http } from 'stressrun';
export const options = { vus: 1, iterations: 2 };
export default async () => { await http.get('/x'); };
`;

test.concurrent('runs/latest is a link to the newest run; the last line of a run is the path of its report', async () => {
  const target = await startTarget();
  const { stdout, runDir, folder } = await load([project({ 'once.ts': ONCE }).at('once.ts'), '--base-url', target.url]);
  expect(lstatSync(join(runDir, 'latest')).isSymbolicLink()).toBe(true);
  expect(join(runDir, readlinkSync(join(runDir, 'latest')))).toBe(folder);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Report: ${folder}/report.html`);
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
  expect((await cli(['report', 'latest', '--run-dir', runDir])).exitCode).toBe(0);
});

test.concurrent.each(['--json', '--html', '--junit', '--md', '--summary-export', '--csv'])(
  '%s to what cannot be written is a 104 before any request',
  async (flag) => {
    const target = await startTarget();
    const { at } = project({ 'once.ts': ONCE, 'taken/x': '' });
    if (flag === '--csv') mkdirSync(at('t_stats.csv'));
    const path = flag === '--csv' ? at('t') : at('taken');
    const { exitCode, stderr } = await cli([at('once.ts'), '--base-url', target.url, flag, path]);
    expect(exitCode).toBe(104);
    expect(stderr).toMatch(new RegExp(`${flag}: expected a file that can be written; got ".+" \\(it is a folder\\)`));
    expect(target.counts()).toEqual({});
  },
);

test.concurrent('a report in a folder below a file is a 104; one that is there stays as it was until the run is over', async () => {
  const target = await startTarget();
  const { at } = project({ 'once.ts': ONCE, 'old.html': 'old', 'config.yaml': 'health_check: { on_failure: fail }\n' });
  const below = await cli([at('once.ts'), '--base-url', target.url, '--html', at('once.ts/report.html')]);
  expect([below.exitCode, target.counts()]).toEqual([104, {}]);
  const unhealthy = await startTarget({ '/health': { status: 503 } });
  const { exitCode, stdout } = await cli([at('once.ts'), '--base-url', unhealthy.url, '--html', at('old.html'), '--run-dir', at('runs')]);
  expect(exitCode).toBe(114);
  expect(stdout).toMatch(
    /^Verdict: ✗ ERROR, exit code 114\n {2}- the target is not healthy[\s\S]*health_check\.wait[\s\S]*\n\nRun folder: .+\nReport: .+\n$/,
  );
});

test.concurrent('a target that is not healthy ends a script with teardown() and handleSummary() at once: no hook is called before there are users', async () => {
  const unhealthy = await startTarget({ '/health': { status: 503 } });
  const hooks = 'export const teardown = () => {};\nexport const handleSummary = () => ({});\n';
  const { at } = project({ 'hooks.ts': ONCE + hooks, 'config.yaml': 'health_check: { on_failure: fail }\n' });
  const { exitCode, stdout, stderr } = await cli([at('hooks.ts'), '--base-url', unhealthy.url, '--run-dir', at('runs')], {
    timeoutMs: 45_000,
  });
  expect(exitCode).toBe(114);
  expect(stdout).toMatch(/^Verdict: ✗ ERROR, exit code 114\n/);
  expect(stderr).toContain('handleSummary() was not called');
});

test.concurrent('a disk that is full when the run ends is never a 0: the reason and the place are said', async () => {
  const target = await startTarget();
  const { at } = project({ 'once.ts': ONCE });
  const { exitCode, stdout, stderr } = await cli([at('once.ts'), '--base-url', target.url, '--run-dir', at('runs')], {
    fileBlocksMax: 4,
  });
  expect(exitCode).toBe(113);
  expect(stdout).toMatch(/Verdict: ✗ ERROR, exit code 113\n {2}- the result could not be kept: .+ cannot be written/);
  expect(stderr).toContain('the run folder');
});

test.concurrent('a page that no longer fits beside run.json is a 113, and the last line names no page', async () => {
  const target = await startTarget();
  const { at } = project({ 'once.ts': ONCE });
  const { exitCode, stdout, stderr } = await cli([at('once.ts'), '--base-url', target.url, '--run-dir', at('runs')], {
    fileBlocksMax: 60,
  });
  const folder = /^Run folder: (.+)$/m.exec(stdout)?.[1] ?? '';
  expect(existsSync(join(folder, 'run.json'))).toBe(true);
  expect(existsSync(join(folder, 'report.html'))).toBe(false);
  const { run, verdict } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson;
  expect([exitCode, run.exitCode]).toEqual([113, 113]);
  expect(verdict.reasons[0]).toBe(`the result could not be kept: ${folder}/report.html cannot be written`);
  expect(stdout.trimEnd().split('\n').at(-1)).toBe(`Run folder: ${folder}`);
  expect(stderr).toContain('report.html cannot be written');
});

test.concurrent('report --html where nothing can be written is a 113, no 0', async () => {
  const target = await startTarget();
  const { at } = project({ 'once.ts': ONCE });
  const { runDir } = await load([at('once.ts'), '--base-url', target.url]);
  const { exitCode, stderr } = await cli(['report', 'latest', '--run-dir', runDir, '--html', '/dev/full']);
  expect([exitCode, stderr]).toEqual([113, expect.stringMatching(/\/dev\/full cannot be written: ENOSPC/)]);
});

test.concurrent('a run folder that cannot be written: the result is kept elsewhere, and the last line says where', async () => {
  const target = await startTarget();
  const { at } = project({ 'once.ts': ONCE, 'runs/x': '' });
  const elsewhere = temporaryFolder();
  const { exitCode, stdout } = await cli([at('once.ts'), '--base-url', target.url, '--run-dir', at('once.ts')], {
    env: { TMPDIR: elsewhere },
  });
  expect(exitCode).toBe(0);
  const report = stdout.trimEnd().split('\n').at(-1)?.replace('Report: ', '') ?? '';
  expect(report.startsWith(`${elsewhere}/stressrun-`)).toBe(true);
  expect(existsSync(report)).toBe(true);
  expect(existsSync(report.replace('report.html', 'run.json'))).toBe(true);
});

test.concurrent('stdout on a full device is a 113; a reader that goes away is none', async () => {
  const target = await startTarget();
  const path = project({ 'once.ts': ONCE }).at('once.ts');
  const args = [path, '--base-url', target.url, '--run-dir', temporaryFolder()];
  const { exitCode, stderr } = await cli(args, { stdoutFile: '/dev/full' });
  expect([exitCode, stderr]).toEqual([113, expect.stringMatching(/what belongs on stdout could not be written: .*ENOSPC/)]);
});

test.concurrent('a run.json that a full disk left empty is made again from the journal', async () => {
  const target = await startTarget();
  const { folder, runDir } = await load([project({ 'once.ts': ONCE }).at('once.ts'), '--base-url', target.url]);
  truncateSync(join(folder, 'run.json'), 0);
  const { exitCode, stdout, stderr } = await cli(['report', 'latest', '--run-dir', runDir]);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining('Total requests: 2')]);
  expect(stderr).toContain('run.json');
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('<html');
});

test.concurrent('a script that throws in every iteration is a 99, also with --once and without a config file or thresholds', async () => {
  const target = await startTarget();
  const path = project({ 'throws.ts': ONCE.replace("await http.get('/x');", "(await http.get('/x')).json('no.such').length;") }).at(
    'throws.ts',
  );
  for (const [flags, reason] of [
    [['--once'], 'the only iteration threw'],
    [[], 'every iteration threw, all 2'],
  ] as const) {
    const { exitCode, run } = await load([path, '--base-url', target.url, ...flags]);
    expect([exitCode, run.verdict.reasons[0]]).toEqual([99, reason]);
  }
});

test.concurrent('FORCE_COLOR colours a pipe; --no-color goes before it', async () => {
  const target = await startTarget();
  const path = project({ 'once.ts': ONCE }).at('once.ts');
  const args = [path, '--base-url', target.url, '--run-dir', temporaryFolder()];
  const [forced, plain] = await Promise.all([
    cli(args, { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }),
    cli([...args, '--no-color'], { env: { FORCE_COLOR: '1' } }),
  ]);
  expect(forced.stdout).toContain('\u001b[');
  expect(plain.stdout).not.toContain('\u001b[');
});

test.concurrent('an address that does not resolve is told of the flag that has it', async () => {
  const { exitCode, stderr } = await cli([project({ 'once.ts': ONCE }).at('once.ts'), '--base-url', 'http://no-such-host.invalid']);
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(/--base-url: expected a host that resolves; got no-such-host\.invalid/);
  expect(stderr).not.toContain('allow-production');
});

test.concurrent('variables that Kubernetes sets for a Service called stressrun are no flags, and are told', async () => {
  const env = { STRESSRUN_PORT: 'tcp://10.96.0.1:8089', STRESSRUN_SERVICE_HOST: '10.96.0.1', STRESSRUN_PORT_8089_TCP_ADDR: '10.96.0.1' };
  const target = startCli(['target', '--port', '0'], { env });
  await target.printed(/listening on http:\/\/127\.0\.0\.1:\d+/);
  target.signal('SIGTERM');
  const { exitCode, stderr } = await target.ended;
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(
    /STRESSRUN_PORT, STRESSRUN_SERVICE_HOST, STRESSRUN_PORT_8089_TCP_ADDR: Kubernetes sets these[^\n]*enableServiceLinks/,
  );
});

test.concurrent.each(['1.10', '0x10', '007', '1e3', 'true'])('a profile named %s is found by its name as written', async (name) => {
  const target = await startTarget();
  const { at } = project({
    'once.ts': ONCE,
    'config.yaml': `test_profiles: { ${name}: { users: 1, iterations: 3 }, smoke: { users: 1, iterations: 1 } }\n`,
  });
  const { exitCode, run } = await load([at('once.ts'), '--base-url', target.url, '-p', name]);
  expect([exitCode, run.run.profile, target.counts()['/x']]).toEqual([0, name, 3]);
});

test.concurrent('what init prints can be pasted though the folder has blanks and a # in its name', async () => {
  const { exitCode, stdout } = await cli(['init', 'my tests #1', '--package', '0.2.0'], { cwd: temporaryFolder() });
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^ +cd 'my tests #1'$/m);
});
