import { execFile } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { REPOSITORY } from '../support/cli.ts';
import { probeUnder } from '../support/escaped-probe.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Whose coordinator starts the worker: everybody's own, and for root an unprivileged user's as well. */
const AS_USER = ['setpriv', '--reuid', '61001', '--regid', '61001', '--clear-groups', '--'];
const isRoot = process.getuid?.() === 0;
const STARTERS: [who: string, command: string[]][] = isRoot
  ? [
      ['root', []],
      ['a user', AS_USER],
    ]
  : [['a user', []]];
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** The drill's table in SECURITY.md: by attempt, what comes of it in a process that root hardened, in one that a user did, and in one that has tamed itself. */
function tableOfSecurity(): string[][] {
  const [, section = ''] = readFileSync(join(REPOSITORY, 'SECURITY.md'), 'utf8').split('## The drill: vm2 taken away');
  const rows =
    section
      .split('\n## ')[0]
      ?.split('\n')
      .filter((line) => line.startsWith('| ')) ?? [];
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, 5)
      .map((cell) => cell.trim()),
  );
}

/** A result in the table's words. */
function worded(result: string): string {
  if (result.startsWith('!')) return 'refused';
  if (result === 'not tried') return result;
  return result === 'none' || result === 'absent' || result === '{}' || result === '' ? 'nothing there' : 'reached';
}

/** A Unix socket that every user may connect to; whoever does is counted. */
async function openSocket(folder: string): Promise<{ path: string; visits: () => number }> {
  let visits = 0;
  const path = join(folder, 'open.sock');
  const server = createServer((socket) => {
    visits++;
    socket.on('error', () => undefined).destroy();
  });
  await new Promise<void>((done) => server.listen(path, done));
  chmodSync(path, 0o777);
  closers.push(() => server.close());
  return { path, visits: () => visits };
}

test.each(STARTERS)(
  'the drill of SECURITY.md, started by %s: every attempt of its table comes to what it says, and none is left out',
  async (_, command) => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o777);
    const { path, visits } = await openSocket(folder);
    const hardened = await probeUnder(command, folder, { isTame: false, socketPath: path });
    const before = [visits(), existsSync(`${path}.mine`)];
    rmSync(`${path}.mine`, { force: true });
    const tamed = await probeUnder(command, folder, { isTame: true, socketPath: path });
    const found = Object.keys(tamed.result).map((name) => [name, worded(hardened.result[name] ?? ''), worded(tamed.result[name] ?? '')]);
    const isUsers = command.length > 0 || !isRoot;
    expect(found).toEqual(tableOfSecurity().map(([attempt, ofRoot, ofUser, ofTamed]) => [attempt, isUsers ? ofUser : ofRoot, ofTamed]));
    // the lock is what held, not the mode of the socket or its folder
    expect([before, [visits(), existsSync(`${path}.mine`)]]).toEqual([
      [1, true],
      [1, false],
    ]);
  },
);

test.each(STARTERS)(
  'a worker started by %s may gain no rights and has none: no capability, nor one to be had; root gives it another user',
  async (_, command) => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    const { status } = await probeUnder(command, folder, { isTame: true, socketPath: '/nowhere' });
    const line = (name: string): string => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '';
    expect(line('NoNewPrivs')).toBe('1');
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) expect([set, line(set)]).toEqual([set, '0000000000000000']);
    const uid = command.length > 0 ? '61001' : isRoot ? '65534' : String(process.getuid?.());
    expect(line('Uid').split('\t')).toEqual(Array(4).fill(uid));
    if (isRoot && command.length === 0) expect([line('CapBnd'), line('Groups').trim()]).toEqual(['0000000000000000', '']);
  },
);

/** Packages that bring binaries and are not in what is built, with what they need. */
const NOT_BUNDLED = ['esbuild', '@esbuild', 'sharp', '@img', 'detect-libc', 'semver'];

/** A copy of what is built that every user can read, and a folder that one of them may write to. */
function forUsers(uid: number): { main: string; runDir: string } {
  const folder = temporaryFolder();
  chmodSync(folder, 0o755);
  cpSync(join(REPOSITORY, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  // copied and not linked: a clone may lie in a folder that is its owner's alone
  for (const name of NOT_BUNDLED) cpSync(join(REPOSITORY, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true });
  const runDir = join(folder, 'runs');
  mkdirSync(runDir);
  if (isRoot) chownSync(runDir, uid, uid);
  return { main: join(folder, 'dist', 'main.js'), runDir };
}

test.each(STARTERS)('a run of 8 iterations on 2 workers, started by %s, passes as ever', async (_, command) => {
  const target = await startTarget();
  const { main, runDir } = forUsers(61_001);
  const { at } = project({
    'any.ts':
      "import { check, http } from 'stressrun';\nexport default async () => { check(await http.get('/'), { ok: (r) => r.status === 200 }); };\n",
    'config.yaml': 'warm_up: { requests: 0 }\n',
  });
  chmodSync(dirname(at('any.ts')), 0o755);
  const [program = '', ...args] = [...command, process.execPath, main, at('any.ts'), '--base-url', target.url];
  const rest = ['--users', '4', '--workers', '2', '--iterations', '8', '--run-dir', runDir, '--quiet'];
  await promisify(execFile)(program, [...args, ...rest], { cwd: dirname(at('any.ts')), timeout: 60_000 });
  const folder = readdirSync(runDir, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? '';
  const run = JSON.parse(readFileSync(join(runDir, folder, 'run.json'), 'utf8')) as RunJson;
  expect(run.checks.map(({ passes, fails }) => [passes, fails])).toEqual([[8, 0]]);
});
