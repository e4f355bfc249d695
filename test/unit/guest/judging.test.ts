import { expect, test } from 'vitest';
import type { BoxOptions } from '../../support/box-options.ts';
import { openBox } from '../../support/script-box.ts';

/** What the host is told of answers, when the script's iteration is `body`. */
async function judged(body: string, options: BoxOptions = {}) {
  const box = await openBox(`import { http, image, sleep } from 'stressrun';\nexport default async () => {\n${body}\n};`, options);
  const value = await box.value().catch((error: Error) => error.message);
  return { value, judged: box.judged };
}
const FAILING = { settings: { judgesAnswers: true } };

test('expect as a function: yes is an expected answer, no and a throw are failures with their reason, whatever the status is', async () => {
  const { value, judged: told } = await judged(
    `const all = [];
    all.push(await http.get('/yes', { expect: (r) => r.status === 404 }));
    all.push(await http.get('/no', { expect: (r) => r.json('list').length > 0 }));
    all.push(await http.get('/throws', { expect: () => { throw new RangeError('no list'); } }));
    all.push(await http.get('/says', { expect: (r) => { r.fail('empty predictions'); return true; } }));
    all.push(await http.get('/plain'));
    return all.map((r) => [r.ok, r.error]);`,
    { answer: ({ url }) => ({ status: url === '/yes' ? 404 : 200, errorCode: url === '/yes' ? 1404 : 0, body: '{"list":[]}' }) },
  );
  expect(told).toEqual([
    { url: '/yes', verdict: 'expected', reason: '' },
    { url: '/no', verdict: 'failed', reason: '' },
    { url: '/throws', verdict: 'failed', reason: 'RangeError: no list' },
    { url: '/says', verdict: 'failed', reason: 'empty predictions' },
  ]);
  expect(value).toEqual([
    [true, ''],
    [false, ''],
    [false, 'RangeError: no list'],
    [false, 'empty predictions'],
    [true, ''],
  ]);
});

test('expect may be async: it inspects the answer, and the request returns when it has ended', async () => {
  const { value, judged: told } = await judged(
    `const res = await http.get('/a', { expect: async (r) => (await image.inspect(r)).ok }); return res.ok;`,
    {
      answer: () => ({ body: 'no picture' }),
    },
  );
  expect([value, told]).toEqual([false, [{ url: '/a', verdict: 'failed', reason: '' }]]);
});

test('a request without an answer is not shown to its expect', async () => {
  const { value, judged: told } = await judged(`let asked = 0; await http.get('/a', { expect: () => { asked++; } }); return asked;`, {
    answer: () => ({ status: 0, errorCode: 1212, error: 'refused' }),
  });
  expect([value, told]).toEqual([0, []]);
});

test('res.fail() at once, after an inspection, and of both answers of a batch', async () => {
  const { value, judged: told } = await judged(
    `const a = await http.get('/a'); a.fail('empty'); a.fail('again');
    const b = await http.get('/b'); await image.inspect(b); b.fail();
    const both = await http.batch(['/c', '/d']); for (const r of both) r.fail('of ' + r.text());
    const e = await http.get('/e');
    return [a.ok, a.error, b.error, e.ok];`,
    { ...FAILING, answer: ({ url }) => ({ body: url, afterUs: url === '/c' ? 5_000 : 1_000 }) },
  );
  expect(value).toEqual([false, 'empty', 'res.fail() was called', true]);
  expect(told).toEqual([
    { url: '/a', verdict: 'failed', reason: 'empty' },
    { url: '/b', verdict: 'failed', reason: 'res.fail() was called' },
    { url: '/c', verdict: 'failed', reason: 'of /c' },
    { url: '/d', verdict: 'failed', reason: 'of /d' },
    { url: '/e', verdict: 'expected', reason: '' },
  ]);
});

test.each([
  ["await http.get('/b')", ['/a', '/b']],
  ['await sleep(0.1)', ['/a']],
  ['setTimeout(() => undefined, 1)', ['/a']],
])('after %s in a later turn res.fail() is an error that says what to do, and the answer is counted as it was', async (goesOn, urls) => {
  const { value, judged: told } = await judged(`const a = await http.get('/a'); await image.inspect(a); ${goesOn}; a.fail('late');`, {
    ...FAILING,
    answer: () => ({ body: 'x' }),
  });
  expect(value).toContain('res.fail: the request is counted already. Call it before the next request or sleep of this user');
  expect(told).toEqual(urls.map((url) => ({ url, verdict: 'expected', reason: '' })));
});

test('two flows of one user whose answers come together: that one goes on does not close the answer of the other', async () => {
  const { value, judged: told } = await judged(
    `const flow = async (path) => { const res = await http.get(path); if (path === '/b') res.fail('b is wrong'); await http.get(path + '/2'); };
    await Promise.all([flow('/a'), flow('/b')]);`,
    FAILING,
  );
  expect(value).toBeUndefined();
  expect(told.filter(({ verdict }) => verdict === 'failed')).toEqual([{ url: '/b', verdict: 'failed', reason: 'b is wrong' }]);
  expect(told.map(({ url }) => url).sort()).toEqual(['/a', '/a/2', '/b', '/b/2']);
});

test('an answer kept beyond its iteration cannot be failed in the next one', async () => {
  const box = await openBox(
    `import { http } from 'stressrun';
    let kept;
    export default async () => { if (kept) kept.fail('old'); else kept = await http.get('/a'); };`,
    FAILING,
  );
  await box.instantiate(0);
  expect(await box.iterate(0, 0)).toMatchObject({ kind: 'done' });
  expect(await box.iterate(0, 1)).toMatchObject({ kind: 'threw', text: expect.stringContaining('counted already') as string });
  expect(box.judged).toEqual([{ url: '/a', verdict: 'expected', reason: '' }]);
});

test('a script that says nothing of answers tells nothing', async () => {
  expect((await judged("await http.get('/a'); await http.get('/b');")).judged).toEqual([]);
});
