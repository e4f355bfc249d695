import { expect, test } from 'vitest';
import { openBox, valueInBox } from '../../support/script-box.ts';

async function checked(predicates: string): Promise<{ result: unknown; checks: [name: string, passed: boolean, reason: string][] }> {
  const box = await openBox(`
    import { check, sleep, http } from 'stressrun';
    export default async () => { const result = check(5, ${predicates}); return [typeof result === 'boolean', await result]; };
  `);
  const result = await box.value();
  return { result, checks: box.checks.map(({ name, passed, reason }) => [name, passed, reason]) };
}

test('sync predicates are counted one by one, and the result is a boolean at once', async () => {
  expect(await checked("{ 'is 5': (v) => v === 5, 'is 6': (v) => v === 6, truthy: (v) => v }")).toEqual({
    result: [true, false],
    checks: [
      ['is 5', true, ''],
      ['is 6', false, ''],
      ['truthy', true, ''],
    ],
  });
});

test('one async predicate makes the result a promise, and all are counted', async () => {
  expect(await checked('{ later: async (v) => { await sleep(1); return v === 5; }, now: () => true }')).toEqual({
    result: [false, true],
    checks: [
      ['now', true, ''],
      ['later', true, ''],
    ],
  });
});

test.each([
  ['first', 'async () => false', 'async () => true', '() => true'],
  ['last', 'async () => true', 'async () => false', '() => true'],
  ['sync', 'async () => true', 'async () => true', '() => false'],
])('of several, async ones among them, one that fails (%s) makes the result false', async (_, first, last, now) => {
  expect((await checked(`{ first: ${first}, last: ${last}, now: ${now} }`)).result).toEqual([false, false]);
});

test.each([
  ["throw new TypeError('no box')", 'TypeError: no box'],
  ["throw 'text'", 'text'],
  ['throw null', 'null'],
  ["throw Symbol('s')", 'Symbol(s)'],
  ['throw { toString() { throw 1; } }', 'threw something that cannot be shown'],
  ["throw Object.defineProperty(new Error(), 'message', { get() { throw 1; } })", 'threw something that cannot be shown'],
  ["const e = new Error('x'); e.name = Symbol('n'); throw e", 'threw something that cannot be shown'],
])('a predicate that does "%s" is a failed check with its reason, sync and async', async (code, reason) => {
  const { result, checks } = await checked(`{ sync: () => { ${code}; }, async: async () => { ${code}; } }`);
  expect(result).toEqual([false, false]);
  expect(checks).toEqual([
    ['sync', false, reason],
    ['async', false, reason],
  ]);
});

test('a reason is cut at 1,024 characters', async () => {
  const { checks } = await checked("{ long: () => { throw new Error('x'.repeat(5_000)); } }");
  expect(checks[0]?.[2]).toHaveLength(1_024);
});

test.each([
  ['check(1)', 'check: expected an object of names and predicates; got undefined'],
  ["check(1, 'x')", 'check: expected an object of names and predicates; got string'],
  ['check(1, { a: 5 })', 'check: "a": expected a function; got number'],
])('%s is refused', async (expression, message) => {
  await expect(valueInBox(expression)).rejects.toThrow(message);
});

test('a check that was under way when its iteration was interrupted is not counted', async () => {
  const box = await openBox(
    `import { check, http } from 'stressrun';
    export default async () => { await check(1, { late: async () => (await http.get('/never')).ok, early: () => true }); };`,
    { answer: () => ({ afterUs: Number.POSITIVE_INFINITY }) },
  );
  await box.instantiate(0);
  const end = box.iterate(0, 0);
  await box.asked(1);
  box.interrupt(0);
  expect((await end).kind).toBe('interrupted');
  expect(box.checks.map(({ name }) => name)).toEqual(['early']);
});

test('more than 20,000 different names are refused with what to do instead', async () => {
  const many = "for (let i = 0; i < 20_001; i++) check(1, { ['item ' + i]: () => true })";
  await expect(valueInBox(`(() => { ${many}; })()`)).rejects.toThrow('at most 20000; put changing values into tags');
});

test('a check of a request that was not answered gives the reason of that; one that holds, or that says why itself, does not', async () => {
  const box = await openBox(
    `import { check, http } from 'stressrun';
    export default async () => {
      const res = await http.get('/');
      check(res, { 'is 200': (r) => r.status === 200, 'none came': (r) => r.status === 0, throws: () => { throw new Error('own'); } });
      await check(res, { later: async (r) => r.ok });
    };`,
    { answer: () => ({ status: 0, errorCode: 1212, error: 'http://target: connection refused' }) },
  );
  await box.value();
  expect(box.checks.map(({ name, passed, reason }) => [name, passed, reason])).toEqual([
    ['is 200', false, 'no answer: http://target: connection refused'],
    ['none came', true, ''],
    ['throws', false, 'Error: own'],
    ['later', false, 'no answer: http://target: connection refused'],
  ]);
});

test('a predicate that returns nothing or null fails; one that returns an object, which can be waited for in no way, passes at once', async () => {
  const { result, checks } = await checked('{ none: () => undefined, nil: () => null, list: () => [0], then: () => ({ then: 5 }) }');
  expect(result).toEqual([true, false]);
  expect(checks.map(([name, passed]) => [name, passed])).toEqual([
    ['none', false],
    ['nil', false],
    ['list', true],
    ['then', true],
  ]);
});
