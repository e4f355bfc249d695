import { expect, test } from 'vitest';
import { openBox, valueInBox } from '../../support/script-box.ts';

const ROWS = JSON.stringify(Array.from({ length: 10 }, (_, i) => ({ id: String(i) })));
const LOADED = { 'data.csv:"users.csv"': ROWS, 'data.json:"users.json"': ROWS, 'data.json:"none.json"': '[]' };
const DEAL =
  "import { data } from 'stressrun'; const users = data.csv('users.csv'); export default (n = 2) => Array.from({ length: 2 }, () => users.next().id);";

test('rows are dealt like cards: 4 VUs with 2 rows each hold 8 different ones of 10', async () => {
  const box = await openBox(DEAL, { loaded: LOADED, settings: { usersTotal: 4 } });
  const hands = await Promise.all([0, 1, 2, 3].map((vu) => box.value<string[]>(vu)));
  expect(new Set(hands.flat()).size).toBe(8);
});

test('a VU that has held all of its rows begins again with its first', async () => {
  const box = await openBox(DEAL, { loaded: LOADED, settings: { usersTotal: 4 } });
  const hand = [await box.value(3), await box.value(3), await box.value(3)].flat();
  expect(hand).toEqual(['3', '7', '3', '7', '3', '7']);
});

test('at() wraps, random() repeats with the seed, length is known', async () => {
  const code = "(() => { const users = data.json('users.json'); return [users.length, users.at(13).id, users.random().id]; })()";
  const first = await valueInBox<unknown[]>(code, { loaded: LOADED });
  expect(first.slice(0, 2)).toEqual([10, '3']);
  expect(await valueInBox(code, { loaded: LOADED })).toEqual(first);
});

test('rows are shared by all VUs, and so cannot be written to', async () => {
  await expect(valueInBox("(() => { data.csv('users.csv').at(0).id = 'x'; })()", { loaded: LOADED })).rejects.toThrow(
    'Cannot assign to read only',
  );
});

test('what module level asks for and is not there yet ends it, and the host is told what is needed', async () => {
  const box = await openBox(
    "import { data, image } from 'stressrun'; data.csv('other.csv'); image.pool({ width: 1, height: 1 }); export default () => 1;",
  );
  expect(await box.instantiate(0)).toMatchObject({ kind: 'threw', text: expect.stringContaining('NeedsLoading') });
  expect(box.needs).toEqual(['data.csv:"other.csv"']);
});

test('pools that are not there yet do not end module level, so that all are asked for at once; what looks into one does', async () => {
  const pools = "import { image } from 'stressrun'; const a = image.pool({ width: 1, height: 1 }); const b = image.folder('x/*.jpg');";
  const wanted = ['image.pool:{"width":1,"height":1}', 'image.folder:{"glob":"x/*.jpg"}'];
  const box = await openBox(`${pools} export default () => a.next() ?? b;`);
  expect(await box.instantiate(0)).toMatchObject({ kind: 'done' });
  expect(box.needs).toEqual(wanted);
  for (const look of ['a.size', 'a.next()', 'a.at(0)', 'JSON.stringify(a)', "image.file('z.jpg')"]) {
    const looking = await openBox(
      `${pools} ${look}; data.csv('late.csv'); export default () => b;`.replace('{ image }', '{ data, image }'),
    );
    expect(await looking.instantiate(0)).toMatchObject({ kind: 'threw', text: expect.stringContaining('NeedsLoading') });
    expect(looking.needs).toEqual(look.startsWith('image') ? [...wanted, 'image.file:"z.jpg"'] : wanted);
  }
});

test.each([
  ["data.json('none.json')", 'data.json(none.json) has no rows'],
  ["data.csv('users.csv').at(-1)", 'at: expected a whole number, 0 or more; got -1'],
  ["data.csv('late.csv')", 'data.csv is only possible at module level'],
  ['image.pool({ width: 2, height: 2 })', 'image.pool is only possible at module level'],
  ["data.csv('x'.repeat(20_000))", 'data.csv: expected at most 16384 characters of argument; got 20011'],
])('%s is refused', async (expression, message) => {
  await expect(valueInBox(expression, { loaded: LOADED })).rejects.toThrow(message);
});

const POOL = {
  'image.pool:{"width":640,"height":480}': JSON.stringify({
    pool: 'p1',
    pictures: [0, 1, 2].map((i) => ({ width: 640, height: 480, format: 'jpeg', bytes: 100 + i, objects: [], id: `p1-${i}` })),
  }),
};

test('pictures are drawn by seed, VU and iteration, leave as references and cannot be forged', async () => {
  const box = await openBox(
    `import { http, image } from 'stressrun';
    const photos = image.pool({ width: 640, height: 480 });
    export default async () => {
      const photo = photos.next();
      await http.post('/', { multipart: { file: photo } });
      await http.post('/', { body: photos.at(4) });
      try { await http.post('/', { body: { ...photo } }); } catch (error) { return [photos.size, photo.id, photo.base64(), Object.isFrozen(photo), error.message]; }
    };`,
    { loaded: POOL },
  );
  const [size, id, base64, isFrozen, message] = await box.value<[number, string, string, boolean, string]>();
  const reference = `p1/${id.split('-')[1]}`;
  expect([size, base64, isFrozen]).toEqual([3, `base64 of ${reference}`, true]);
  expect(message).toContain('body: expected a text, bytes, a typed array, an answer, a picture or a pool of pictures; got object');
  expect(box.requests.map(({ options }) => options)).toEqual([
    { multipart: [['file', { picture: reference }]] },
    { body: { picture: 'p1/1' } },
  ]);
});

test('metrics of 4 types take values, booleans and tags; what is no number is refused and said', async () => {
  const box = await openBox(`
    import { metrics } from 'stressrun';
    const [seen, size, found, wait] = [metrics.counter('seen'), metrics.gauge('size', { unit: 'data' }), metrics.rate('found'), metrics.trend('wait', { unit: 'time' })];
    export default () => [seen.add(), seen.add(5), size.add(7), found.add(true), found.add(0), wait.add(1.5, { kind: 'a', n: 7 }), wait.add('x'), wait.add(Infinity)];
  `);
  expect(await box.value()).toEqual([true, true, true, true, true, true, false, false]);
  expect(box.metrics).toEqual([
    { name: 'seen', type: 'counter', unit: 'default' },
    { name: 'size', type: 'gauge', unit: 'data' },
    { name: 'found', type: 'rate', unit: 'default' },
    { name: 'wait', type: 'trend', unit: 'time' },
  ]);
  expect(box.samples.map(({ metric, value }) => [metric, value])).toEqual([
    ['seen', 1],
    ['seen', 5],
    ['size', 7],
    ['found', 1],
    ['found', 0],
    ['wait', 1.5],
    ['wait', Number.NaN],
    ['wait', Number.POSITIVE_INFINITY],
  ]);
  expect(box.samples[5]?.tags).toEqual({ kind: 'a', n: '7' });
});

test.each([
  [
    "metrics.counter('bad name')",
    'metrics.counter: expected a name of 2 to 128 letters, digits and _, such as \'objects_found\'; got "bad name"',
  ],
  ["metrics.counter('x')", 'expected a name of 2 to 128 letters'],
  ["metrics.counter('x'.repeat(129))", 'expected a name of 2 to 128 letters'],
  ["metrics.counter('ab') && metrics.trend('ab')", 'metrics.trend: "ab" is already a counter'],
  [
    "metrics.counter('ab').add(1, Object.fromEntries([...Array(51)].map((_, i) => [i, i])))",
    'metrics.counter: expected at most 50 tags; got 51',
  ],
])('%s is refused', async (expression, message) => {
  await expect(valueInBox(expression)).rejects.toThrow(message);
});
