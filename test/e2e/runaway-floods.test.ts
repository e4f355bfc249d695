import { afterAll, expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { printTable } from '../support/print-table.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Far beyond what any of these runs takes; an endless one would end it at the minute. */
const ENDS_WITHIN_MS = 40_000;
const MB = 1_048_576;
const rows: (string | number)[][] = [];
afterAll(() => printTable('Runaways that the run survives', [['what', 'exit code', 'iterations', 'errors', 's', 'KB of stderr'], ...rows]));

interface Expected {
  readonly iterations?: number;
  readonly errors: number;
  readonly interrupted?: number;
  readonly exitCode?: number;
}

/** 2 users, 6 iterations of `code`; every one of them must come to its end. */
async function survive(what: string, code: string, expected: Expected, { before = '', args = ['--users', '2', '--iterations', '6'] } = {}) {
  const { url } = await startTarget();
  const { at } = project({
    'flood.ts': `import { check, group, http, log, metrics, sleep, test, vu } from 'stressrun';
${before}
export default async () => { ${code} };
`,
    'config.yaml': 'warm_up: { requests: 0 }\n',
  });
  const result = await load([at('flood.ts'), '--base-url', url, '--workers', '1', ...args]);
  const { exitCode, run, stderr, tookMs } = result;
  const iterations = run.metrics['iterations']?.values['count'] ?? 0;
  const errors = run.metrics['iteration_errors']?.values['count'] ?? 0;
  rows.push([what, exitCode ?? '', iterations, errors, Math.round(tookMs / 1_000), Math.round(stderr.length / 1_000)]);
  expect(stderr).not.toMatch(/internal error|died|\[object|Symbol\(/);
  expect([exitCode, iterations, errors, run.starts.interrupted]).toEqual([
    expected.exitCode ?? 0,
    expected.iterations ?? 6,
    expected.errors,
    expected.interrupted ?? 0,
  ]);
  expect(stderr.length).toBeLessThan(2 * MB);
  expect(tookMs).toBeLessThan(ENDS_WITHIN_MS);
  return result;
}

test.concurrent('timers that nobody clears end with their run: 100 intervals of 1 ms in each of 6 iterations', async () => {
  await survive('forgotten timers', 'for (let i = 0; i < 100; i++) setInterval(() => undefined, 1); await sleep(0.02);', { errors: 0 });
});

test.concurrent('promises that never settle end their iterations as errors: 2 of 2, which is a 99', async () => {
  const before = "export const options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '1s' } } };";
  await survive(
    'promises that never settle',
    'await new Promise(() => undefined);',
    { iterations: 2, errors: 2, exitCode: 99 },
    { before, args: [] },
  );
});

test.concurrent('1,000,000 messages in each of 6 iterations are held back to some thousands, and say so', async () => {
  const { stderr } = await survive('a flood of messages', "for (let i = 0; i < 1e6; i++) console.log('flood', i);", { errors: 0 });
  expect(stderr).toMatch(/messages .*dropped|dropped/);
});

test.concurrent('100,000 samples in each of 6 iterations are counted to the last', async () => {
  const before = "const flood = metrics.counter('flood');\nconst trend = metrics.trend('trend');";
  const { run } = await survive(
    'a flood of samples',
    'for (let i = 0; i < 1e5; i++) { flood.add(1); if (i % 10 === 0) trend.add(i); }',
    { errors: 0 },
    { before },
  );
  expect(run.metrics['flood']?.values['count']).toBe(600_000);
  expect(run.metrics['trend']?.values['count']).toBe(60_000);
});

test.concurrent('5,000 series of one metric are one overflow series, told once, and lose no sample', async () => {
  const before = "const flood = metrics.counter('flood');";
  const { run } = await survive(
    'a flood of series',
    'for (let i = 0; i < 5_000; i++) flood.add(1, { n: String(i) });',
    { errors: 0 },
    { before },
  );
  expect(run.metrics['flood']?.values['count']).toBe(30_000);
  expect(run.notes.join()).toMatch(/series/);
});

/** Values that break whoever looks at them. */
const HOSTILE = `
const loud = { get message() { throw loud; }, get stack() { throw loud; }, get name() { throw loud; }, toString() { throw loud; }, [Symbol.toPrimitive]() { throw loud; } };
const hostile: (() => unknown)[] = [
  () => Symbol('s'), () => null, () => undefined, () => 0n, () => Object.create(null), () => loud, () => () => { throw 1; },
  () => Object.assign(new Error('x'), { name: Symbol('n') }),
  () => Object.defineProperty(new Error('x'), 'stack', { get() { throw loud; } }),
  () => Object.defineProperty(new Error('x'), 'message', { get() { throw loud; } }),
  () => { const e = new Error('x'); (e as { cause?: unknown }).cause = e; return e; },
  () => new Error('y'.repeat(5_000_000)),
  () => new AggregateError([loud, Symbol('inner')], 'several'),
  () => { const e = new Error('x'); Object.setPrototypeOf(e, null); return e; },
  () => { class Deep extends Error { override toString(): string { return this.toString(); } } return new Deep('deep'); },
];
let turn = 0;
`;

test.concurrent('15 hostile values thrown are 30 errors of their iterations, and none of them is looked at by the host', async () => {
  await survive(
    'hostile values thrown',
    'throw hostile[turn++ % hostile.length]?.();',
    { iterations: 30, errors: 30, exitCode: 99 },
    {
      before: HOSTILE,
      args: ['--users', '2', '--iterations', '30'],
    },
  );
});

test.concurrent('15 hostile values that reject promises nobody handles are errors of their 6 iterations, and the run comes to its end', async () => {
  const code =
    'for (const make of hostile) { void Promise.reject(make()); void (async () => { await sleep(0.001); throw make(); })(); } await sleep(0.05);';
  const { run } = await survive('hostile values rejected', code, { errors: 6, exitCode: 99 }, { before: HOSTILE });
  expect(run.errors.some(({ name }) => name.includes('nobody handled it'))).toBe(true);
});

test.concurrent('thenables that throw, never answer or answer twice are harmless', async () => {
  const code = `await Promise.race([sleep(0.02), { then() { /* never */ } } as never]);
  await Promise.resolve({ then(done: () => void) { done(); done(); throw 1; } } as never);
  try { await ({ then() { throw Symbol('t'); } } as never); } catch { /* as it should */ }`;
  await survive('thenables', code, { errors: 0 });
});

/** Whether this version of V8 runs out of stack in JSON that is 100,000 levels deep: the one of Node 26 does not. */
function jsonOverflows(): boolean {
  let at: unknown = 1;
  for (let i = 0; i < 100_000; i++) at = [at];
  try {
    JSON.stringify(at);
    return false;
  } catch {
    return true;
  }
}

test.concurrent('recursion in JSON (where V8 has not room for it), in a clone and in a comparison is an error of the iteration', async () => {
  const before = 'const deep = (): unknown => { let at: unknown = 1; for (let i = 0; i < 100_000; i++) at = [at]; return at; };';
  const code =
    "const value = deep(); const wrongs = [() => JSON.stringify(value), () => structuredClone(value), () => http.post('/', { json: value as never })]; await wrongs[vu.iteration % 3]?.();";
  await survive('deep recursion', code, jsonOverflows() ? { errors: 6, exitCode: 99 } : { errors: 2 }, { before });
});

test.concurrent('texts of 64 MB as URL, header, body, tag, name, group and message are refused, cut or sent, and the run goes on', async () => {
  const before =
    "const huge = 'z'.repeat(64 << 20);\nconst attempts: (() => unknown)[] = [() => http.get('/' + huge), () => http.get('/', { headers: { huge } }), () => http.get('/', { tags: { huge } }), () => http.get('/', { name: huge }), () => group(huge, () => undefined), () => log.info(huge), () => check(1, { [huge]: () => true }), () => test.fail(huge)];";
  const code = 'try { await attempts[vu.iteration % attempts.length]?.(); } catch { /* refused */ }';
  const { run } = await survive(
    'texts of 64 MB',
    code,
    { iterations: 16, errors: 0, exitCode: 110 },
    { before, args: ['--users', '2', '--iterations', '16'] },
  );
  expect(JSON.stringify(run).length).toBeLessThan(MB);
});

test.concurrent('an error whose stack is computed for ever ends the run with 115 and names the VU', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'stack.ts': `import { http, vu } from 'stressrun';
export default async () => {
  await http.get('/');
  if (vu.id === 2 && vu.iteration === 3) throw Object.defineProperty(new Error('x'), 'stack', { get() { for (;;); } });
};
`,
  });
  const { exitCode, run } = await load([at('stack.ts'), '--base-url', url, '--users', '2', '--duration', '20s']);
  expect(exitCode).toBe(115);
  expect(run.verdict.reasons[0]).toContain('VU 2 (scenario default, iteration 3)');
});
