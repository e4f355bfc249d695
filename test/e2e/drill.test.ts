import { chmodSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { REPOSITORY } from '../support/cli.ts';
import { probeUnder } from '../support/escaped-probe.ts';
import { temporaryFolder } from '../support/project.ts';

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
