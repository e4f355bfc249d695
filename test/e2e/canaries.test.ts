import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { DEPTH_CANARY } from '../support/depth-canary.ts';
import { printTable } from '../support/print-table.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SECRET = 'canary-7f3a91c2';
const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

/** A port of this machine that no environment names; whoever connects is counted. */
async function forbiddenPort(): Promise<{ port: number; visits: () => number }> {
  let visits = 0;
  const server = createServer((socket) => {
    visits++;
    socket.destroy();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  closers.push(() => server.close());
  return { port: (server.address() as AddressInfo).port, visits: () => visits };
}

/** Ways out that have worked somewhere, by what they take hold of. Each gives a function to make code with, or what it reached itself. */
const ATTEMPTS = `
const F = (value) => value.constructor.constructor;
const caught = (run) => { try { return run(); } catch (error) { return F(error); } };
const deep = (n) => n === 0 ? caught(() => http.get('/', { timeout: 'x' })) : deep(n - 1);
const attempts = {
  'this of a function': () => F(function () { return this ?? {}; }()),
  'an object': () => F({}),
  'a function of the API': () => http.get.constructor,
  'a namespace of the API': () => F(http),
  'console.log': () => console.log.constructor,
  'what the API returns': async () => F(await http.get('/')),
  'a promise of the API': () => { const p = http.get('/'); p.catch(() => 0); return F(p); },
  'an error of the API': () => caught(() => http.get(Symbol('x'))),
  'an error of the API that is awaited': async () => { try { await http.get('http://'); } catch (error) { return F(error); } },
  'an error without room on the stack': () => { const f = () => { try { f(); } catch (error) { return F(error); } }; return f(); },
  'an error of the language': () => caught(() => null.x),
  'an error of a regular expression': () => caught(() => new RegExp('(')),
  'an async function': () => (async () => 0).constructor,
  'a generator': () => (function* () {}).constructor,
  'an async generator': () => (async function* () {}).constructor,
  'the caller': () => (function () { return arguments.callee.caller; })().constructor,
  'call sites': () => { Error.prepareStackTrace = (_, sites) => sites; const site = new Error('x').stack[0]; return F(site.getThis?.() ?? site.getFunction?.() ?? site); },
  'species of promises': async () => { class P extends Promise { static get [Symbol.species]() { return function (run) { run((x) => x, (x) => x); return Object.create(null); }; } } return F(P.resolve(0).then(() => 0) ?? {}); },
  'a thenable': () => new Promise((done) => { Promise.resolve({ then(resolve) { done(resolve.constructor); } }); }),
  'a proxy': () => new Proxy({}, {}).constructor.constructor,
  'import()': async () => (await import(['f', 's'].join(''))).readFileSync('FILE', 'utf8'),
  'require': () => globalThis['req' + 'uire']('fs').readFileSync('FILE', 'utf8'),
  'process': () => process.env,
  'a builtin module': () => globalThis.process.getBuiltinModule('fs').readFileSync('FILE', 'utf8'),
  'WebAssembly': () => F(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))),
  'the Buffer': () => F(Buffer.from('x')),
  'shared memory': () => F(new SharedArrayBuffer(8)),
  'the inspect symbol': () => { let f; console.log({ [Symbol.for('nodejs.util.inspect.custom')](_, options, inspect) { f = inspect; } }); return f.constructor; },
  'JSON reviver': () => JSON.parse('[1]', function () { return this; }).constructor.constructor,
  'a timer': () => F(setTimeout(() => 0, 1)),
  'a check': async () => { let f; await check(1, { x: (v, ...rest) => { f = F(rest); return true; } }); return f; },
  'eval': () => eval('process'),
  'another port': async () => (await http.get('http://127.0.0.1:PORT/')).status || undefined,
  'another port by a redirect': async () => (await http.get('/elsewhere')).status === 200 || undefined,
};
`;
const SCRIPT = `import { check, http } from 'stressrun';
${ATTEMPTS}
const CODE = 'return typeof process === "object" ? JSON.stringify(process.env) + process.getBuiltinModule("fs").readFileSync("FILE", "utf8") : undefined';
export default async () => {
  for (const [name, attempt] of Object.entries(attempts)) {
    let reached;
    try {
      reached = await attempt();
      if (typeof reached === 'function') reached = reached(CODE)();
    } catch { reached = undefined; }
    const isOut = reached !== undefined && reached !== null;
    if (isOut) console.log('OUT', name, String(reached));
    check(isOut, { [name]: (out) => !out });
  }
};
`;

test('34 ways out of the sandbox lead nowhere: a secret, a file, a port and the parent are untouched', async () => {
  const [secretFolder, forbidden] = [temporaryFolder(), await forbiddenPort()];
  const file = join(secretFolder, 'outside.txt');
  writeFileSync(file, `file-${SECRET}`);
  const target = await startTarget({ '/elsewhere': { status: 302, headers: { location: `http://127.1:${forbidden.port}/` } } });
  const { at } = project({
    'canaries.js': SCRIPT.replaceAll('FILE', file).replaceAll('PORT', String(forbidden.port)),
    'config.yaml': 'warm_up: { requests: 0 }\n',
  });
  const { exitCode, run, stdout, stderr, folder } = await load(
    [at('canaries.js'), '--base-url', target.url, '--users', '1', '--iterations', '1'],
    {
      env: { CANARY: SECRET },
    },
  );
  printTable(
    'Ways out of the sandbox',
    run.checks.map(({ name, fails }) => [name, fails === 0 ? 'leads nowhere' : 'OUT']),
  );
  expect(run.checks.filter(({ passes }) => passes !== 1).map(({ name }) => name)).toEqual([]);
  expect(run.checks).toHaveLength(34 + 1); // one of the ways is through a check
  expect(stderr).not.toContain('OUT');
  const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  expect([stdout, stderr, ...kept].filter((text) => text.includes(SECRET))).toEqual([]);
  expect(forbidden.visits()).toBe(0);
  expect([exitCode, run.verdict.outcome]).toEqual([0, 'not-judged']); // the parent lived to tell
});

test('from no depth near the end of the stack does anything of another world come by: 16 acts, caught in 19 ways, at 78 depths', {
  timeout: 400_000,
}, async () => {
  const target = await startTarget();
  const { at } = project({ 'depths.js': DEPTH_CANARY, 'config.yaml': 'warm_up: { requests: 0 }\n' });
  const { exitCode, run, stderr } = await load([at('depths.js'), '--base-url', target.url, '--users', '1', '--iterations', '1'], {
    timeoutMs: 360_000,
  });
  expect(stderr).not.toContain('OUT');
  expect(run.checks.map(({ name, passes }) => [name, passes])).toEqual([
    ['and did not always', 1],
    ['nothing of another world came by', 1],
    ['the stack did end', 1],
  ]);
  // many of the ways leave rejections behind that nobody handles, which is an error of the iteration; the parent lived to tell
  expect([exitCode, run.verdict.outcome]).toEqual([99, 'failed']);
});
