import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError } from '../core/errors.ts';

/** How a worker is started so that it has as little of its parent's rights as this machine can take away. */
export interface Confinement {
  /** Stands before the worker's command: setpriv and its options; empty where there is no setpriv. */
  readonly prefix: readonly string[];
  /** The worker's one file, or a copy of it that its user can read. */
  readonly workerFile: string;
}

const SETPRIV = ['/usr/bin/setpriv', '/bin/setpriv'];
const DIES_WITH_PARENT = ['--pdeathsig', 'KILL'];
const GAINS_NOTHING = ['--no-new-privs', '--inh-caps', '-all'];
const HAS_NO_CAPABILITIES = ['--bounding-set', '-all'];
const NOBODY = 65_534;
const IS_NOBODY = ['--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups'];
/** Of a root that gives its workers another user: to make them so, to end them, and to see what they do when they no longer answer. */
const CAPABILITIES = { kill: 5n, setgid: 6n, setuid: 7n, setpcap: 8n, sysPtrace: 19n };
/** Files of certificates that Node reads as the worker's user. */
const CERTIFICATES = ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
/** Exits with 3 when node cannot be started, else prints which of the files cannot be read. */
const LOOK = '[ -x "$0" ] || exit 3; for file in "$@"; do [ -r "$file" ] || echo "$file"; done';

/** setpriv of util-linux, where it is there. */
export function setprivPath(): string | undefined {
  return SETPRIV.find((path) => existsSync(path));
}

/** The command under setpriv, so that the kernel kills it when its parent dies; as it is where there is no setpriv. */
export function dyingWithParent(command: readonly string[]): string[] {
  const setpriv = setprivPath();
  return setpriv === undefined ? [...command] : [setpriv, ...DIES_WITH_PARENT, '--', ...command];
}

const known = new Map<string, Confinement>();

/**
 * As much as setpriv and the system grant, found by trying, once for each file: another user without capabilities when this is root that can
 * still end it and look at it, and that user can start node and read the certificates; else no capabilities, no new privileges, or only the death with its parent.
 */
export function confinementOf(workerFile: string, setpriv = setprivPath()): Confinement {
  if (setpriv === undefined) return { prefix: [], workerFile };
  const key = `${setpriv}\n${workerFile}`;
  const found = known.get(key) ?? find(setpriv, workerFile);
  known.set(key, found);
  return found;
}

function find(setpriv: string, workerFile: string): Confinement {
  const isRoot = process.geteuid?.() === 0;
  const tries = [
    ...(isRoot && canOwnOthers() ? [[...IS_NOBODY, ...HAS_NO_CAPABILITIES, ...GAINS_NOTHING]] : []),
    [...HAS_NO_CAPABILITIES, ...GAINS_NOTHING],
    GAINS_NOTHING,
  ];
  for (const options of tries) {
    const prefix = [setpriv, ...options, ...DIES_WITH_PARENT, '--'];
    const readable = readableFile(prefix, workerFile);
    if (readable !== undefined) return { prefix, workerFile: readable };
  }
  return { prefix: [setpriv, ...DIES_WITH_PARENT, '--'], workerFile };
}

/** @returns undefined when a worker cannot be started so */
function readableFile(prefix: readonly string[], workerFile: string): string | undefined {
  const certificates = CERTIFICATES.flatMap((name) => process.env[name] ?? []).filter((path) => existsSync(path));
  const unreadable = unreadableOf(prefix, [workerFile, ...certificates]);
  if (unreadable === undefined || unreadable.some((path) => path !== workerFile)) return undefined;
  if (unreadable.length === 0) return workerFile;
  const copy = copyForOthers(workerFile);
  return unreadableOf(prefix, [copy])?.length === 0 ? copy : undefined;
}

function unreadableOf([command = '', ...options]: readonly string[], files: readonly string[]): string[] | undefined {
  const { status, stdout } = spawnSync(command, [...options, '/bin/sh', '-c', LOOK, process.execPath, ...files], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : undefined;
}

/**
 * Lies in a folder that others may enter; gone when this process ends in order.
 * @throws ConfigError when there is no room for it: a worker with more rights than it needs is no way out
 */
function copyForOthers(workerFile: string): string {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'stressrun-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const copy = join(folder, 'worker.cjs');
    copyFileSync(workerFile, copy);
    chmodSync(folder, 0o755);
    chmodSync(copy, 0o644);
    return copy;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError('TMPDIR', `expected a folder with room for a copy of ${workerFile}; got ${tmpdir()} (${code})`, {
      hint: `workers run as a user that cannot read ${dirname(workerFile)}: make room, set TMPDIR to another folder, or install stressrun where all users may read it`,
      cause: error,
    });
  }
}

function canOwnOthers(): boolean {
  try {
    const [, hex = '0'] = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'latin1')) ?? [];
    return Object.values(CAPABILITIES).every((bit) => (BigInt(`0x${hex}`) >> bit) & 1n);
  } catch {
    return false;
  }
}
