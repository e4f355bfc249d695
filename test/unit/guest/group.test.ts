import { expect, test } from 'vitest';
import { openBox, valueInBox } from '../../support/script-box.ts';

test('requests and checks after an await belong to the group that they were asked for in', async () => {
  const box = await openBox(`
    import { check, group, http, sleep } from 'stressrun';
    export default async () => {
      await group('outer', async () => {
        await sleep(1);
        await http.get('/1');
        await group('inner', async () => { await sleep(1); await http.get('/2'); check(1, { inside: () => true }); });
        await http.get('/3');
      });
      await http.get('/4');
    };
  `);
  await box.value();
  expect(box.requests.map(({ url, group }) => [url, group])).toEqual([
    ['/1', '::outer'],
    ['/2', '::outer::inner'],
    ['/3', '::outer'],
    ['/4', ''],
  ]);
  expect(box.checks).toMatchObject([{ name: 'inside', group: '::outer::inner' }]);
});

test('two groups at once keep apart over 4 awaits each, and so do two VUs', async () => {
  const box = await openBox(`
    import { group, http, sleep } from 'stressrun';
    const walk = (name, times) => group(name, async () => {
      for (const time of times) { await sleep(time); await http.get('/' + name); }
    });
    export default () => Promise.all([walk('one', [1, 3, 1, 2]), walk('two', [2, 1, 2, 1])]);
  `);
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  await Promise.all([box.iterate(0, 0), box.iterate(1, 0)]);
  expect(box.requests).toHaveLength(16);
  expect(box.requests.filter(({ url, group }) => group !== `::${url.slice(1)}`)).toEqual([]);
});

test('timers, then-callbacks and async iteration inside of a group stay in it', async () => {
  const box = await openBox(`
    import { group, http, sleep } from 'stressrun';
    async function* pages() { yield 1; await sleep(1); yield 2; }
    export default () => group('g', async () => {
      await http.get('/a').then(() => http.get('/b'));
      for await (const page of pages()) await http.get('/page/' + page);
      await Promise.race([sleep(1), sleep(2)]);
      await http.get('/c');
    });
  `);
  await box.value();
  expect(new Set(box.requests.map(({ group }) => group))).toEqual(new Set(['::g']));
  expect(box.requests).toHaveLength(5);
});

test('a group that throws, at once or later, leaves nothing behind', async () => {
  const box = await openBox(`
    import { group, http, sleep } from 'stressrun';
    export default async () => {
      try { group('sync', () => { throw new Error('a'); }); } catch {}
      await http.get('/1');
      try { await group('async', async () => { await sleep(1); throw new Error('b'); }); } catch {}
      await http.get('/2');
    };
  `);
  await box.value();
  expect(box.requests.map(({ group }) => group)).toEqual(['', '']);
});

test('group_duration is the time of the whole group, awaits included: 3 s', async () => {
  const box = await openBox(`
    import { group, sleep } from 'stressrun';
    export default async () => { await group('slow', async () => { await sleep(1); await sleep(2); }); };
  `);
  await box.value();
  expect(box.samples).toEqual([{ metric: 'group_duration', value: 3_000, group: '::slow', tags: undefined }]);
});

test('a group gives what its function gives', async () => {
  expect(await valueInBox("[group('a', () => 5), await group('b', async () => 6)]")).toEqual([5, 6]);
});

test.each([
  ["group('a::b', () => 1)", 'group: a name may not contain "::"; got "a::b"'],
  ["group('a')", 'group: expected a function; got undefined'],
])('%s is refused', async (expression, message) => {
  await expect(valueInBox(expression)).rejects.toThrow(message);
});
