// What users, large answers and photos take of memory: proportional set size (PSS) of the whole process tree, the most that was seen.
// node bench/memory.js [--old=FOLDER] [--only=asleep,connected,answers,photos]   FOLDER: another clone that is built
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { processesOf } from './process-tree.js';

const here = import.meta.dirname;
const USERS = 5_000;
const MIB = 2 ** 20;
const PHOTOS = 200;
const PHOTO_BYTES = 4e6;
const ANSWER_BYTES = 20e6;

const { values } = parseArgs({
  options: { old: { type: 'string' }, only: { type: 'string', default: 'asleep,connected,answers,photos' } },
});
const builds = { new: resolve(here, '..'), ...(values.old === undefined ? {} : { old: resolve(values.old) }) };
const folder = mkdtempSync(join(tmpdir(), 'stressrun-memory-'));
writeFileSync(join(folder, 'config.yaml'), 'environments: { bench: { base_url: "http://127.0.0.1:1" } }\nallow_paths: [photos]\n');

/** Bytes that belong to the tree; what processes share is counted once. */
function pssOf(root) {
  let bytes = 0;
  for (const { pid } of processesOf(root)) {
    try {
      bytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'))?.[1] ?? 0) * 1024;
    } catch {
      // it has ended
    }
  }
  return bytes;
}

async function startTarget() {
  const answer = Buffer.from(JSON.stringify({ data: 'x'.repeat(ANSWER_BYTES), last: 'end' }));
  let answered = 0;
  const server = createServer({ keepAliveTimeout: 3_600_000 }, (request, response) => {
    request.resume();
    request.on('end', () => {
      response.setHeader('content-type', 'application/json');
      response.end(request.url === '/answer' ? answer : '{"status":"ok"}');
      answered++;
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  return { url: `http://127.0.0.1:${server.address().port}`, answered: () => answered, close: () => server.close().closeAllConnections() };
}

/** Pictures that decode, each with bytes of its own behind its end. */
async function makePhotos() {
  const at = join(folder, 'photos');
  mkdirSync(at);
  const small = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer();
  for (let i = 0; i < PHOTOS; i++) writeFileSync(join(at, `${i}.jpg`), Buffer.concat([small, randomBytes(PHOTO_BYTES - small.length)]));
  return at;
}

/** The most that a run took, in bytes, and what it took in the end. */
async function run(build, target, { work, flags, seconds, photos }) {
  const args = [
    join(build, 'dist/main.js'),
    join(here, 'scripts/memory.ts'),
    ...['--base-url', target.url, '--config', join(folder, 'config.yaml'), '--quiet', '--run-dir', join(folder, 'runs')],
    ...['-e', `WORK=${work}`, ...(photos === undefined ? [] : ['-e', `PHOTOS=${photos}`]), ...flags],
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd: folder });
  let [most, last] = [0, 0];
  for (const until = Date.now() + seconds * 1000; Date.now() < until && child.exitCode === null; await pause(200)) {
    last = pssOf(child.pid);
    most = Math.max(most, last);
  }
  if (child.exitCode !== null && child.exitCode !== 0) throw new Error(`${work}: stressrun ended with ${child.exitCode}`);
  child.kill('SIGKILL');
  await pause(500);
  return { most, last };
}

async function perUser(build, target, work) {
  const many = await run(build, target, { work, flags: ['--users', USERS, '--duration', '1h', '--workers', 2], seconds: 45 });
  const few = await run(build, target, { work, flags: ['--users', 2, '--duration', '1h', '--workers', 2], seconds: 15 });
  return `${((many.last - few.last) / (USERS - 2) / 1024).toFixed(1)} KiB a user`;
}

const ROWS = {
  asleep: perUser,
  connected: perUser,
  answers: async (build, target, work) => {
    const before = target.answered();
    const { most } = await run(build, target, { work, flags: ['--users', 50, '--duration', '1h', '--workers', 2], seconds: 30 });
    return `${(most / MIB).toFixed(0)} MiB at most, ${target.answered() - before} answers`;
  },
  photos: async (build, target, work) => {
    const photos = join(folder, 'photos');
    const { most, last } = await run(build, target, {
      work,
      photos,
      flags: ['--users', 16, '--duration', '1h', '--workers', 8],
      seconds: 40,
    });
    return `${(most / MIB).toFixed(0)} MiB at most, ${(last / MIB).toFixed(0)} in the end (the photos are ${((PHOTOS * PHOTO_BYTES) / MIB).toFixed(0)})`;
  },
};

const target = await startTarget();
try {
  const rows = values.only.split(',');
  if (rows.includes('photos')) await makePhotos();
  for (const row of rows)
    for (const [name, build] of Object.entries(builds)) console.log(`${row} (${name}): ${await ROWS[row](build, target, row)}`);
} finally {
  target.close();
  rmSync(folder, { recursive: true, force: true });
}
