// The peers: where each is found, how to get it, and the command that does a piece of work for an hour over 32 connections.
import { accessSync, constants, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { CERTIFICATE } from './nginx.js';
import { FORM_TYPE } from './works.js';

export const CONNECTIONS = 32;

const here = import.meta.dirname;
const node = process.execPath;
const dist = resolve(here, '../../dist/main.js');

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The command in BENCH_<NAME>, else the first of that name on PATH and beside it. */
function onPath(name, ...others) {
  const given = process.env[`BENCH_${name.toUpperCase()}`];
  const places = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name));
  return (given === undefined ? [...places, ...others] : [given]).find(isExecutable);
}

function resolved(name) {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    return undefined;
  }
}

const goBin = (name) => join(process.env.GOBIN ?? join(process.env.GOPATH ?? join(process.env.HOME ?? '', 'go'), 'bin'), name);

/** Artillery's script as a file, since it takes no work from flags. */
function artilleryScript({ url, name, work, material }) {
  const request = {
    url: work.path,
    afterResponse: 'verify',
    ...(work.upBytes > 0 ? { formData: { file: { fromFile: material.photo, contentType: 'image/jpeg' } } } : {}),
  };
  const file = join(material.folder, `artillery-${name}.json`);
  const script = {
    config: { target: url, processor: join(here, 'artillery-hooks.cjs'), phases: [{ duration: 1, arrivalCount: CONNECTIONS }] },
    scenarios: [{ flow: [{ loop: [{ [work.method.toLowerCase()]: request }], count: 1_000_000_000 }] }],
  };
  writeFileSync(file, JSON.stringify(script));
  return file;
}

/** What an environment says of how it is reached. */
const REACH = {
  tls: `, tls: { ca: ${JSON.stringify(CERTIFICATE)} }`,
  h2: `, tls: { ca: ${JSON.stringify(CERTIFICATE)} }, http_version: 2`,
};

function stressrunConfig({ url, name, work, material }) {
  const file = join(material.folder, `config-${name}.yaml`);
  const reach = `${REACH[work.over] ?? ''}${work.isOnce === true ? ', keep_alive: { reuse: false }' : ''}`;
  const profile = `{ users: ${CONNECTIONS}, duration: 1h, spawn_rate: 1000 }`;
  writeFileSync(
    file,
    `environments:\n  bench: { base_url: ${url}${reach} }\ntest_profiles:\n  all_at_once: ${profile}\nallow_paths: [${JSON.stringify(material.folder)}]\n`,
  );
  return file;
}

function vegetaTargets({ url, name, work, material }) {
  const file = join(material.folder, `vegeta-${name}.txt`);
  const form = work.upBytes > 0 ? `Content-Type: ${FORM_TYPE}\n@${material.form}\n` : '';
  writeFileSync(file, `${work.method} ${url}${work.path}\n${form}`);
  return file;
}

/** Works of a tool that names none. */
export const USUAL = ['get', 'upload', 'answer'];
const ALL = [...USUAL, 'discard', 'tls', 'handshake', 'http2'];

const READY = 'sends one ready-made form';

const STRESSRUN = {
  works: ALL,
  find: () => dist,
  getIt: 'npm run build',
  version: ['--version'],
  checks: true,
  runner: [node],
  args: (job) =>
    [join(here, '../scripts/peers-work.ts'), '--config', stressrunConfig(job), '--profile', 'all_at_once', '--workers', 1].concat([
      '-e',
      `WORK=${job.name}`,
      '-e',
      `PHOTO=${job.material.photo}`,
      '--quiet',
      '--run-dir',
      join(job.material.folder, 'runs'),
    ]),
};

/**
 * Per peer: `find` gives its command or undefined; `args` and `env` make it do the work; `checks`: whether it looks at status and field;
 * `notes`: what its row must say.
 */
export const TOOLS = {
  stressrun: STRESSRUN,
  'stressrun-undici': { ...STRESSRUN, works: ALL.filter((work) => work !== 'http2'), env: () => ({ STRESSRUN_HTTP_CLIENT: 'undici' }) },
  wrk: {
    find: () => onPath('wrk'),
    getIt: 'apt-get install wrk',
    version: ['-v'],
    checks: false,
    works: [...USUAL, 'discard', 'tls', 'handshake'],
    notes: { upload: READY, answer: READY, discard: READY },
    args: ({ url, work, material }) =>
      [
        '-t',
        1,
        '-c',
        CONNECTIONS,
        '-d',
        '1h',
        '-s',
        join(here, 'wrk.lua'),
        ...(work.isOnce === true ? ['-H', 'connection: close'] : []),
        url + work.path,
        '--',
      ].concat(work.upBytes > 0 ? [material.form, FORM_TYPE] : []),
  },
  autocannon: {
    find: () => process.env.BENCH_AUTOCANNON ?? resolved('autocannon'),
    getIt: 'npm install autocannon (a devDependency of this repository)',
    checks: false,
    notes: { upload: READY, answer: READY },
    runner: [node, join(here, 'autocannon.mjs')],
    args: ({ url, work, material }) => [url + work.path, CONNECTIONS, ...(work.upBytes > 0 ? [material.form, FORM_TYPE] : [])],
  },
  h2load: {
    find: () => onPath('h2load'),
    getIt: 'apt-get install nghttp2-client',
    version: ['--version'],
    checks: false,
    works: ['http2'],
    args: ({ url, work }) => ['-c', CONNECTIONS, '-m', 1, '-t', 1, '-D', 3600, url + work.path],
  },
  oha: {
    find: () => onPath('oha', join(process.env.HOME ?? '', '.cargo/bin/oha')),
    getIt: 'cargo install oha --locked',
    version: ['--version'],
    checks: false,
    works: ['get', 'upload', 'answer', 'tls', 'handshake', 'http2'],
    notes: { upload: READY, answer: READY },
    args: ({ url, work, material }) =>
      ['--no-tui', '-c', CONNECTIONS, '-z', '1h', '-m', work.method].concat(
        work.over === undefined ? [] : ['--insecure', ...(work.over === 'h2' ? ['--http2'] : [])],
        work.isOnce === true ? ['--disable-keepalive'] : [],
        work.upBytes > 0 ? ['-D', material.form, '-T', FORM_TYPE] : [],
        [url + work.path],
      ),
  },
  vegeta: {
    find: () => onPath('vegeta', goBin('vegeta')),
    getIt: 'go install github.com/tsenart/vegeta/v12@latest',
    version: ['-version'],
    checks: false,
    notes: { upload: READY, answer: READY },
    args: (job) =>
      [
        'attack',
        '-rate',
        0,
        '-duration',
        0,
        '-max-body',
        0,
        '-workers',
        CONNECTIONS,
        '-max-workers',
        CONNECTIONS,
        '-connections',
        CONNECTIONS,
      ].concat(['-targets', vegetaTargets(job), '-output', '/dev/null']),
  },
  hey: {
    find: () => onPath('hey', goBin('hey')),
    getIt: 'go install github.com/rakyll/hey@latest',
    checks: false,
    notes: { upload: READY, answer: READY },
    args: ({ url, work, material }) =>
      ['-z', '1h', '-c', CONNECTIONS, '-m', work.method].concat(work.upBytes > 0 ? ['-D', material.form, '-T', FORM_TYPE] : [], [
        url + work.path,
      ]),
  },
  k6: {
    find: () => onPath('k6', goBin('k6')),
    getIt: 'go install go.k6.io/k6@latest',
    version: ['version'],
    checks: true,
    works: ALL,
    env: ({ url, name, material }) => ({ WORK: name, URL: url, PHOTO: material.photo, CONNECTIONS }),
    args: () => [
      'run',
      '--quiet',
      '--no-usage-report',
      '--no-color',
      '--address',
      '',
      '--include-system-env-vars',
      join(here, 'k6-script.mjs'),
    ],
  },
  locust: {
    find: () => onPath('locust'),
    getIt: 'python3 -m venv locust && locust/bin/pip install locust, then BENCH_LOCUST=$PWD/locust/bin/locust',
    version: ['--version'],
    checks: true,
    env: ({ name, material }) => ({ WORK: name, PHOTO: material.photo, PYTHONDONTWRITEBYTECODE: '1' }),
    args: ({ url }) =>
      ['-f', join(here, 'locustfile.py'), '--headless', '--only-summary', '--loglevel', 'ERROR', '--host', url].concat([
        '--users',
        CONNECTIONS,
        '--spawn-rate',
        CONNECTIONS,
        '--run-time',
        '1h',
      ]),
  },
  artillery: {
    find: () => onPath('artillery'),
    getIt: 'npm install --prefix artillery artillery, then BENCH_ARTILLERY=$PWD/artillery/node_modules/.bin/artillery',
    checks: true,
    notes: { upload: 'sends chunked: it knows no length', answer: 'sends chunked: it knows no length' },
    env: () => ({ ARTILLERY_DISABLE_TELEMETRY: 'true' }),
    args: (job) => ['run', '--quiet', artilleryScript(job)],
  },
};

/** @returns command, arguments and environment for `spawn` */
export function commandOf(tool, found, job) {
  const [command, ...before] = [...(tool.runner ?? []), ...(tool.runner?.length === 2 ? [] : [found])];
  return { command, args: [...before, ...tool.args(job)].map(String), env: { ...process.env, ...tool.env?.(job) } };
}
