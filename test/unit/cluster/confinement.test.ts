import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { confinementOf, dyingWithParent, setprivPath } from '../../../runtime/cluster/confinement.ts';
import { temporaryFolder } from '../../support/project.ts';

const isRoot = process.getuid?.() === 0;
const DIES = ['--pdeathsig', 'KILL', '--'];

/** A setpriv in front of the system's that does not know some options, as older ones do not; without any, one that nothing may be asked of. */
function setprivWithout(...unknown: string[]): string {
  const path = join(temporaryFolder(), 'setpriv');
  const refusals = unknown.map((option) => `case " $* " in *" ${option} "*) echo "unrecognized option '${option}'" >&2; exit 1;; esac`);
  writeFileSync(path, `#!/bin/sh\n${refusals.join('\n')}\nexec ${setprivPath()} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

function workerFile(mode: number): string {
  const folder = temporaryFolder();
  const path = join(folder, 'worker.cjs');
  writeFileSync(path, '// nothing\n');
  chmodSync(folder, mode);
  return path;
}

test('a child is started so that the kernel kills it when its parent dies', () => {
  expect(dyingWithParent(['node', 'x.cjs'])).toEqual([setprivPath(), ...DIES, 'node', 'x.cjs']);
});

test('a worker may gain nothing, and has no capability to gain where those can be taken', () => {
  const { prefix, workerFile: file } = confinementOf(workerFile(0o755));
  expect(prefix).toContain('--no-new-privs');
  expect(prefix.slice(-3)).toEqual(DIES);
  expect([prefix.includes('--bounding-set'), prefix.includes('--reuid')]).toEqual([isRoot, isRoot]);
  expect(existsSync(file)).toBe(true);
});

test('a worker file in a folder that its user cannot enter is read from a copy in one that it can', () => {
  const path = workerFile(0o700);
  const { prefix, workerFile: read } = confinementOf(path);
  expect(read === path).toBe(!prefix.includes('--reuid'));
  expect(readFileSync(read, 'utf8')).toBe('// nothing\n');
  expect(confinementOf(path).workerFile).toBe(read); // found out once
});

test('where there is no room for that copy, it is said what to do, and no worker gets more rights instead', () => {
  const path = workerFile(0o700);
  vi.stubEnv('TMPDIR', join(temporaryFolder(), 'none'));
  try {
    const find = () => confinementOf(path);
    if (isRoot) expect(find).toThrow(/^TMPDIR: expected a folder with room for a copy of .+worker\.cjs; got .+none \(ENOENT\)$/);
    else expect(find().workerFile).toBe(path);
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each([
  ['cannot change the user', ['--reuid'], isRoot ? ['--bounding-set', '--no-new-privs'] : ['--no-new-privs']],
  ['has no bounding set', ['--bounding-set'], ['--no-new-privs']],
  ['knows nothing but the signal of a parent', ['--reuid', '--bounding-set', '--no-new-privs'], []],
])('with a setpriv that %s a worker is started with what is left', (_, unknown, left) => {
  const setpriv = setprivWithout(...unknown);
  const { prefix } = confinementOf(workerFile(0o755), setpriv);
  expect([prefix[0], prefix.slice(-3)]).toEqual([setpriv, DIES]);
  expect(['--reuid', '--bounding-set', '--no-new-privs'].filter((option) => prefix.includes(option))).toEqual(left);
});

test('certificates that only root can read keep the worker root, without capabilities', () => {
  const folder = temporaryFolder();
  const file = join(folder, 'own-ca.pem');
  writeFileSync(file, 'a certificate');
  const before = process.env['NODE_EXTRA_CA_CERTS'];
  process.env['NODE_EXTRA_CA_CERTS'] = file;
  try {
    const { prefix } = confinementOf(workerFile(0o755));
    expect([prefix.includes('--reuid'), prefix.includes('--bounding-set'), prefix.includes('--no-new-privs')]).toEqual([
      false,
      isRoot,
      true,
    ]);
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, 'NODE_EXTRA_CA_CERTS');
    else process.env['NODE_EXTRA_CA_CERTS'] = before;
  }
});
