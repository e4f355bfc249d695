import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
  exit: "exits ? process.exit(3) : 'not tried'",
  'see the environment': 'JSON.stringify(process.env)',
};

/** What each attempt gave: what it reached, or `!` and why it did not. */
export type ProbeResult = Readonly<Record<string, string>>;

/** Starts a probe as a worker is started, and lets it try everything. @param isTame - after the worker's own taming */
export async function probe(folder: string, isTame: boolean): Promise<ProbeResult> {
  const workerFile = join(folder, `probe-${isTame}.cjs`);
  const { outputFiles } = await build({
    stdin: { contents: sourceOf(isTame), loader: 'ts', resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'node',
    logLevel: 'silent',
  });
  writeFileSync(workerFile, outputFiles[0]?.text ?? '');
  const worker = startWorkerProcess({ workerFile, heapMb: 128 });
  try {
    return (await firstMessage(worker)) as ProbeResult;
  } finally {
    end(worker);
  }
}

function end({ child, release }: WorkerProcess): void {
  child.kill('SIGKILL');
  child.once('exit', release);
}

function sourceOf(isTame: boolean): string {
  const attempts = Object.entries(ATTEMPTS).map(([name, code]) => `[${JSON.stringify(name)}, () => ${code}]`);
  return `${isTame ? "import { tameProcess } from '../../runtime/sandbox/taming.ts';" : ''}
${CHANNEL_TEXT}
const need = require;
const exits = ${isTame};
${isTame ? 'tameProcess();' : ''}
const result = {};
for (const [name, attempt] of [${attempts.join(',\n')}]) {
  try { result[name] = String(attempt()); } catch (error) { result[name] = '!' + (error.code ?? error.message); }
}
send(result);
setInterval(() => 0, 1e6);
`;
}
