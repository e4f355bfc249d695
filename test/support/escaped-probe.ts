import { execFile } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { startWorkerProcess, type WorkerProcess } from '../../runtime/cluster/worker-process.ts';
import { CHANNEL_TEXT, firstMessage } from './fake-worker.ts';

/** What code that broke out of the sandbox would try, by name. It runs in the worker's own realm, and gives the error's code or message, or what it reached. */
const ATTEMPTS: Readonly<Record<string, string>> = {
  'read a file': "need('fs').readFileSync('/etc/hostname', 'utf8')",
  'list a folder': "need('fs').readdirSync('/')",
  'read its own file': "need('fs').readFileSync(__filename, 'utf8').length > 0",
  'write a file': "need('fs').writeFileSync('/tmp/stressrun-probe', 'x')",
  'start a process': "need('child_process').spawnSync('/bin/true')",
  'start a thread': "new (need('worker_threads').Worker)('0', { eval: true })",
  'load an add-on': "process.dlopen({ exports: {} }, '/tmp/x.node')",
  'reach internals': "process.binding('spawn_sync')",
  'make code from a text': "Function('return process')()",
  'evaluate a text': "(0, eval)('process')",
  'signal its parent': 'process.kill(process.ppid, 0)',
  'open the inspector': "need('inspector').open(0)",
  'write a report': 'process.report.writeReport()',
  'write to a database': "new (need('sqlite').DatabaseSync)('/tmp/stressrun-probe.db')",
  'ask for a built-in module': "process.getBuiltinModule('fs').readFileSync(__filename).length > 0",
  'make a require': "need('module').createRequire('/').length",
  'find the main module': 'process.mainModule.filename',
  'find loaded modules': "Object.keys(need.cache).length > 0 ? 'found' : 'none'",
  fetch: "typeof fetch === 'undefined' ? 'absent' : 'there'",
  'connect to a Unix socket': "need('net').connect(socketPath)",
  'make a socket file': "need('net').createServer().listen(socketPath + '.mine')",
  'take over an open descriptor': "new (need('net').Socket)({ fd: 2 })",
  'see open sockets': 'process._getActiveHandles().length > 0',
  'see what is under way': 'process.getActiveResourcesInfo().join()',
  'read its standard input': 'process.stdin.fd',
  'write to its standard output': 'process.stdout.fd',
  exit: "exits ? process.exit(3) : 'not tried'",
  'see the environment': 'JSON.stringify(process.env)',
};

/** What a tamed probe may connect to, as a worker may to the socket of its environment: that opens no other, and what is named later is not permitted. */
const ENVIRONMENTS_SOCKET = '/nowhere/environment.sock';

/** What each attempt gave: what it reached, or `!` and why it did not. */
export type ProbeResult = Readonly<Record<string, string>>;

/**
 * Starts a probe as a worker is started, and lets it try everything. @param isTame - after the worker's own taming
 * @param socketPath - a Unix socket that anybody may connect to
 */
export async function probe(folder: string, isTame: boolean, socketPath = '/nowhere'): Promise<ProbeResult> {
  const workerFile = await bundled(join(folder, `probe-${isTame}.cjs`), sourceOf(isTame, socketPath));
  const worker = startWorkerProcess({ workerFile, heapMb: 128, variables: {} });
  try {
    return (await firstMessage(worker)) as ProbeResult;
  } finally {
    end(worker);
  }
}

/**
 * The same under a coordinator of its own, in a process that a command such as setpriv starts.
 * @returns what it reached, and what the system says of the worker: lines of /proc/PID/status
 */
export async function probeUnder(
  command: readonly string[],
  folder: string,
  what: { isTame: boolean; socketPath: string },
): Promise<{ result: ProbeResult; status: string }> {
  const probeFile = await bundled(join(folder, 'probe.cjs'), sourceOf(what.isTame, what.socketPath));
  const starter = await bundled(
    join(folder, 'starter.cjs'),
    `import { readFileSync } from 'node:fs';
import { startWorkerProcess } from '../../runtime/cluster/worker-process.ts';
import { FrameReader } from '../../runtime/messages/frames.ts';
import { decodeFromWorker, FROM_WORKER_LIMITS } from '../../runtime/messages/message-codec.ts';
const { child, channel } = startWorkerProcess({ workerFile: ${JSON.stringify(probeFile)}, heapMb: 128, variables: {} });
const reader = new FrameReader(FROM_WORKER_LIMITS);
channel.on('data', (chunk) => {
  for (const frame of reader.push(chunk)) {
    const status = readFileSync('/proc/' + child.pid + '/status', 'latin1');
    process.stdout.write(JSON.stringify({ result: decodeFromWorker(frame), status }), () => process.exit());
    child.kill('SIGKILL');
  }
});`,
  );
  const [program = '', ...args] = [...command, process.execPath, starter];
  const { stdout } = await promisify(execFile)(program, args, { timeout: 60_000 });
  return JSON.parse(stdout) as { result: ProbeResult; status: string };
}

async function bundled(outfile: string, contents: string): Promise<string> {
  const stdin = { contents, loader: 'ts', resolveDir: import.meta.dirname } as const;
  await build({ stdin, bundle: true, outfile, format: 'cjs', platform: 'node', logLevel: 'silent' });
  chmodSync(outfile, 0o644);
  return outfile;
}

function end({ child, release }: WorkerProcess): void {
  child.kill('SIGKILL');
  child.once('exit', release);
}

function sourceOf(isTame: boolean, socketPath: string): string {
  const attempts = Object.entries(ATTEMPTS).map(([name, code]) => `[${JSON.stringify(name)}, () => ${code}]`);
  return `${isTame ? "import { permitSocket, tameProcess } from '../../runtime/sandbox/taming.ts';" : ''}
${CHANNEL_TEXT}
const need = require;
const exits = ${isTame};
const socketPath = ${JSON.stringify(socketPath)};
${isTame ? `tameProcess(socket._handle); permitSocket(${JSON.stringify(ENVIRONMENTS_SOCKET)}); permitSocket(socketPath);` : ''}
const result = {};
for (const [name, attempt] of [${attempts.join(',\n')}]) {
  try { result[name] = String(attempt()); } catch (error) { result[name] = '!' + (error.code ?? error.message); }
}
send(result);
setInterval(() => 0, 1e6);
`;
}
