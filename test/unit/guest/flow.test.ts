import { expect, test } from 'vitest';
import { openBox, valueInBox } from '../../support/script-box.ts';

const NEVER = { answer: () => ({ afterUs: Number.POSITIVE_INFINITY }) };

test("sleep takes seconds or a text: 1.5, '500ms' and '1m30s' are 92 s in all", async () => {
  const box = await openBox(
    "import { sleep } from 'stressrun'; export default async () => { await sleep(1.5); await sleep('500ms'); await sleep('1m30s'); };",
  );
  await box.value();
  expect(box.sleepsUs).toEqual([1_500_000, 500_000, 90_000_000]);
  expect(box.time.nowUs).toBe(92_000_000);
});

test('a sleep of 300,000 years waits as long as a timer can: 24.8 days', async () => {
  const box = await openBox("import { sleep } from 'stressrun'; export default () => sleep(1e13);");
  await box.value();
  expect(box.sleepsUs).toEqual([2_147_483_647_000]);
});

test.each(['sleep', 'pace'])('%s refuses what is no duration', async (name) => {
  for (const wrong of ['-1', 'NaN', "'x'", 'undefined', "'5'", '{}'])
    await expect(valueInBox(`${name}(${wrong})`)).rejects.toThrow(`${name}: expected seconds (0 or more) or a text such as '500ms'; got`);
});

test('pace says how far apart the iterations of this VU are due', async () => {
  const box = await openBox("import { pace } from 'stressrun'; export default () => pace('250ms');");
  await box.value(3);
  expect(box.paces).toEqual([{ vu: 3, intervalUs: 250_000 }]);
});

test('fail ends the iteration with its message', async () => {
  const box = await openBox("import { fail } from 'stressrun'; export default () => fail('no luck');");
  await box.instantiate(0);
  const { kind, text } = await box.iterate(0, 0);
  expect([kind, text.split('\n', 1)[0]]).toEqual(['threw', 'Error: no luck']);
  expect(text).toMatch(/at .*\(scenario\.js:\d+:\d+\)/);
});

test('test.abort ends the iteration at once, test.fail does not; both give their reason', async () => {
  const box = await openBox("import { test } from 'stressrun'; export default () => { test.fail('bad'); test.abort('worse'); };");
  await box.instantiate(0);
  expect((await box.iterate(0, 0)).kind).toBe('interrupted');
  expect([box.fails, box.aborts]).toEqual([['bad'], ['worse']]);
});

test('vu and scenario say where the code runs', async () => {
  const box = await openBox(`
    import { scenario, vu } from 'stressrun';
    const atModuleLevel = [vu.id, vu.iteration];
    export const second = () => { throw new Error(JSON.stringify([atModuleLevel, vu.id, vu.iteration, scenario.name, scenario.phase])); };
  `);
  await box.instantiate(6);
  const { text } = await box.iterate(6, 41, { scenario: 1, phase: 'peak' });
  expect(text).toContain('[[7,0],7,41,"second","peak"]');
});

test('env, config and environment are those of the run', async () => {
  expect(await valueInBox('[env.REGION, config.image_sizes.standard.width, environment.base_url, environment.truth]')).toEqual([
    'eu',
    640,
    'http://target',
    'shapes',
  ]);
});

test.each([
  ["throw new TypeError('x')", /^TypeError: x\n {4}at /],
  ["throw 'text'", /^threw text$/],
  ['throw { a: 1 }', /^threw \{ a: 1 \}$/],
  ['throw undefined', /^threw undefined$/],
  ["throw Symbol('s')", /^threw Symbol\(s\)$/],
  ["const e = new Error('x'); e.name = Symbol('n'); throw e", /^Error/],
  ["throw Object.defineProperty(new Error('x'), 'stack', { get() { throw 1; } })", /^\[object that throws when looked at\]$/],
  ['await Promise.reject(Object.create(null))', /^threw \{\}$/],
  [
    "throw new Error('outer', { cause: new Error('the real reason') })",
    /^Error: outer \(caused by Error: the real reason\)\n {4}at [\s\S]*\ncaused by Error: the real reason\n {4}at /,
  ],
  ["throw new AggregateError([new Error('first'), 2], 'all')", /^AggregateError: all \(with Error: first; with 2\)\n/],
])('an iteration that does "%s" ends as one that threw', async (code, shown) => {
  const box = await openBox(`export default async () => { ${code}; };`);
  await box.instantiate(0);
  const end = await box.iterate(0, 0);
  expect(end.kind).toBe('threw');
  expect(end.text).toMatch(shown);
});

test('operations that nobody awaited end before their iteration does, and the first is reported with its place', async () => {
  const box = await openBox(`import { http, sleep } from 'stressrun';
export default () => {
  sleep(2);
  http.get('/');
};`);
  await box.instantiate(0);
  expect((await box.iterate(0, 0)).kind).toBe('done');
  expect(box.time.nowUs).toBe(2_000_000);
  expect(box.unawaitedPlaces).toHaveLength(1);
  expect(box.unawaitedPlaces[0]).toContain('scenario.js');
});

test('with --strict an operation that nobody awaited fails its iteration', async () => {
  const box = await openBox("import { sleep } from 'stressrun'; export default () => { sleep(1); };", { settings: { isStrict: true } });
  await box.instantiate(0);
  expect(await box.iterate(0, 0)).toMatchObject({ kind: 'threw', text: expect.stringContaining('was not awaited (--strict') });
});

test('an interrupted iteration runs its finally blocks and ends as interrupted', async () => {
  const box = await openBox(
    "import { http, log } from 'stressrun'; export default async () => { try { await http.get('/'); } finally { log.info('cleaned up'); } };",
    NEVER,
  );
  await box.instantiate(0);
  const end = box.iterate(0, 0);
  await box.asked(1);
  box.interrupt(0);
  expect((await end).kind).toBe('interrupted');
  expect(box.logs.map(({ text }) => text)).toEqual(['cleaned up']);
});

test('an iteration that catches its interruption and returns has ended as interrupted, not as done', async () => {
  const box = await openBox(
    "import { http } from 'stressrun'; export default async () => { try { await http.get('/'); } catch {} };",
    NEVER,
  );
  await box.instantiate(0);
  const end = box.iterate(0, 0);
  await box.asked(1);
  box.interrupt(0);
  expect((await end).kind).toBe('interrupted');
});

test('a script that catches its interruption and goes on asking is stopped after 1,000 times, and other VUs go on', async () => {
  const box = await openBox(
    `import { http } from 'stressrun';
    let times = 0;
    export default async () => { for (;;) { try { await http.get('/'); } catch { times++; } } };
    export const asked = () => times;`,
    NEVER,
  );
  await box.instantiate(0);
  void box.iterate(0, 0);
  await box.asked(1);
  box.interrupt(0);
  expect(await box.value(1, 'asked')).toBe(0);
  expect(await box.value(0, 'asked')).toBe(1_001);
  expect(box.requests).toHaveLength(1);
});

test('at most 10,000 operations may be pending at once', async () => {
  await expect(valueInBox('Promise.all(Array.from({ length: 10_001 }, () => sleep(1)))')).rejects.toThrow(
    'too many operations at once: at most 10000 may be pending in a virtual user',
  );
});

test("what a hook returns goes back as JSON; setup's data is a copy for each VU", async () => {
  const box = await openBox(`
    export const setup = () => ({ users: ['a'], skipped: undefined });
    export const vuSetup = (data) => { data.users.push('mine'); return data; };
  `);
  await box.instantiate(-1);
  const { text } = await box.call(-1, 'setup', 'setup');
  expect(JSON.parse(text)).toEqual({ users: ['a'] });
  box.setData(text);
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  for (const vu of [0, 1]) expect(JSON.parse((await box.call(vu, 'vuSetup', 'vuSetup')).text)).toEqual({ users: ['a', 'mine'] });
});

test('a result of more than 32 MiB of JSON is refused', async () => {
  const box = await openBox("export const setup = () => Array.from({ length: 33 }, () => 'x'.repeat(1 << 20));");
  await box.instantiate(-1);
  expect(await box.call(-1, 'setup', 'setup')).toMatchObject({ kind: 'threw', text: expect.stringContaining('at most 33554432') });
});

test.each([
  ['throws', "throw new Error('own')", 'threw'],
  ['fails', "fail('own')", 'threw'],
  ['returns', 'return', 'done'],
])('an iteration that %s ends when its own requests have, and not before', async (_, code, kind) => {
  const box = await openBox(
    `import { fail, http } from 'stressrun'; export default () => { void http.get('/slow').catch(() => undefined); ${code}; };`,
    { answer: () => ({ afterUs: 700_000 }) },
  );
  await box.instantiate(0);
  expect((await box.iterate(0, 0)).kind).toBe(kind);
  expect(box.time.nowUs).toBeGreaterThanOrEqual(700_000);
});
