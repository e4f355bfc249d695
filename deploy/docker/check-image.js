// Runs the steps of the Dockerfile in a folder, without a container engine, and says what the image would hold beside Node:
//   node deploy/docker/check-image.js [FOLDER to keep the result in]
// A stage is a folder, `/app` a folder in it; RUN goes through sh there. Then a smoke run from the result, as a user that is not root, in a tree
// that nobody may write to. What it cannot show: the base image, the layers, HEALTHCHECK and signals in a container.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

const TOP = resolve(import.meta.dirname, '../..');
const BYTES_MAX = 150_000_000;
const USER = 10_001;

/** Instructions with their words, continued lines joined: [{ name: 'COPY', text: 'a b' }]. */
function instructionsOf(text) {
  const lines = text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n');
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name, ...rest] = line.trim().split(/\s+/);
      return { name: name.toUpperCase(), text: rest.join(' ') };
    });
}

/** Carries the instructions out below `root`, one folder a stage. @returns the last stage's folder and settings */
function build(instructions, root) {
  const stages = new Map();
  let stage;
  for (const { name, text } of instructions) {
    const [first, ...rest] = text.split(' ');
    if (name === 'FROM') stage = { folder: join(root, rest[1]), workdir: '/', env: {} };
    if (name === 'FROM') stages.set(rest[1], stage);
    if (name === 'WORKDIR') {
      stage.workdir = resolve(stage.workdir, first);
      mkdirSync(join(stage.folder, stage.workdir), { recursive: true });
    }
    if (name === 'ENV') for (const pair of text.split(' ')) stage.env[pair.slice(0, pair.indexOf('='))] = pair.slice(pair.indexOf('=') + 1);
    if (name === 'COPY') copy(text.split(' '), stage, stages);
    if (name === 'RUN') run(text, stage);
    if (name === 'ENTRYPOINT') stage.entrypoint = JSON.parse(text);
  }
  return stage;
}

function copy(words, stage, stages) {
  const from = words[0].startsWith('--from=') ? stages.get(words.shift().slice('--from='.length)).folder : TOP;
  const target = words.pop();
  const to = join(stage.folder, resolve(stage.workdir, target));
  for (const pattern of words) {
    const folder = join(from, dirname(pattern));
    const matcher = new RegExp(`^${basename(pattern).replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
    const names = readdirSync(folder).filter((name) => matcher.test(name));
    if (names.length === 0) throw new Error(`COPY ${pattern}: nothing there`);
    for (const name of names) {
      const isInto = target.endsWith('/');
      mkdirSync(isInto ? to : dirname(to), { recursive: true });
      cpSync(join(folder, name), isInto ? join(to, name) : to, { recursive: true, verbatimSymlinks: true });
    }
  }
}

/** Owners are left alone: the numbers of the image's users mean others here. */
function run(text, { folder, workdir, env }) {
  const command = text.replace(/&& chown \S+ \S+/, '');
  console.log(`RUN ${command}`);
  const { status, stderr, stdout } = spawnSync('sh', ['-c', command], {
    cwd: join(folder, workdir),
    env: { ...process.env, ...env, HOME: process.env.HOME },
    encoding: 'utf8',
  });
  if (stdout.trim() !== '') console.log(stdout.trimEnd());
  if (status !== 0) throw new Error(`RUN ${command}: exit code ${status}\n${stderr}`);
}

function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath, entry.name)).sort();
}

/** The smoke run, from `/project`, as the image's user where this process may become it. @returns its exit code */
function smoke({ folder, workdir, env, entrypoint }, root) {
  const runs = join(root, 'runs');
  mkdirSync(runs, { mode: 0o777 });
  spawnSync('chmod', ['777', runs]);
  spawnSync('chmod', ['-R', 'a+rX,a-w', folder]);
  const isRoot = process.getuid() === 0;
  const words = [
    ...entrypoint.slice(1),
    'predict.ts',
    '--env',
    'demo',
    '--profile',
    'smoke',
    '--duration',
    '3s',
    '--on-inconclusive',
    'warn',
    '--quiet',
  ].map((word) => (word.startsWith('/app/') ? join(folder, word) : word));
  const program = isRoot
    ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs', process.execPath]
    : [process.execPath];
  const before = filesIn(folder).map((file) => `${file} ${statSync(file).mtimeMs}`);
  const [command, ...args] = [...program, ...words];
  const result = spawnSync(command, args, {
    cwd: join(folder, workdir),
    env: { ...env, PATH: process.env.PATH, HOME: runs, STRESSRUN_RUN_DIR: runs },
    encoding: 'utf8',
  });
  console.log(
    `${result.stdout}${result.stderr}`
      .split('\n')
      .filter((line) => /requests:|Success rate|THRESHOLD|PASS|FAIL|rror/.test(line))
      .join('\n'),
  );
  if (result.status !== 0) console.log(result.stdout + result.stderr);
  const isUnchanged = JSON.stringify(before) === JSON.stringify(filesIn(folder).map((file) => `${file} ${statSync(file).mtimeMs}`));
  console.log(
    `smoke run as user ${isRoot ? USER : process.getuid()}: exit code ${result.status}; tree ${isUnchanged ? 'unchanged' : 'CHANGED'}`,
  );
  return result.status === 0 && isUnchanged;
}

const [kept] = process.argv.slice(2);
const root = kept === undefined ? mkdtempSync(join(tmpdir(), 'stressrun-image-')) : resolve(kept);
try {
  spawnSync('chmod', ['755', root]);
  const image = build(instructionsOf(readFileSync(join(import.meta.dirname, 'Dockerfile'), 'utf8')), root);
  const bytes = filesIn(image.folder).reduce((sum, file) => sum + statSync(file).size, 0);
  console.log(`the image would hold ${(bytes / 1e6).toFixed(1)} MB beside Node, of ${BYTES_MAX / 1e6} MB allowed`);
  const isGood = smoke(image, root);
  process.exitCode = isGood && bytes < BYTES_MAX ? 0 : 1;
} finally {
  spawnSync('chmod', ['-R', 'u+w', root]);
  if (kept === undefined) rmSync(root, { recursive: true, force: true });
}
