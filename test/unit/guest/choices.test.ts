import { expect, test } from 'vitest';
import { openBox, type ScriptBox, valueInBox } from '../../support/script-box.ts';

const DRAWS = `import { random } from 'stressrun';
  const first = random.number();
  const draw = () => [random.number(), random.integer(1, 6), random.item(['a', 'b', 'c']), random.boolean(), random.shuffle([1, 2, 3, 4, 5])];
  export default () => { throw new Error(JSON.stringify([first, draw()])); };`;

/** What an iteration drew. */
async function drawsOf(box: ScriptBox, vu: number, iteration: number): Promise<[number, [number, ...unknown[]]]> {
  const { text } = await box.iterate(vu, iteration);
  return JSON.parse((text.split('\n', 1)[0] ?? '').replace('Error: ', '')) as [number, [number, ...unknown[]]];
}

test('random choices depend on seed, VU and iteration alone', async () => {
  const [one, two, other] = await Promise.all([openBox(DRAWS), openBox(DRAWS), openBox(DRAWS, { settings: { seed: 8 } })]);
  for (const box of [one, two, other]) await Promise.all([box.instantiate(0), box.instantiate(1)]);
  const draws = await drawsOf(one, 0, 3);
  await drawsOf(two, 0, 2); // another history
  expect(await drawsOf(two, 0, 3)).toEqual(draws);
  for (const [box, vu, iteration] of [
    [one, 0, 4],
    [one, 1, 3],
    [other, 0, 3],
  ] as const)
    expect((await drawsOf(box, vu, iteration))[1]).not.toEqual(draws[1]);
});

test('module level does not draw what the first iteration draws', async () => {
  const box = await openBox(DRAWS);
  await box.instantiate(0);
  const [atModuleLevel, [first]] = await drawsOf(box, 0, 0);
  expect(atModuleLevel).not.toBe(first);
});

test('of 6,000 throws each side of a die comes 1,000 times, 15 % more or less', async () => {
  const counts = await valueInBox<number[]>(
    '(() => { const counts = [0, 0, 0, 0, 0, 0, 0]; for (let i = 0; i < 6_000; i++) counts[random.integer(1, 6)]++; return counts; })()',
  );
  expect(counts[0]).toBe(0);
  for (const count of counts.slice(1)) expect(Math.abs(count - 1_000)).toBeLessThan(150);
});

test.each([
  ['random.integer(6, 1)', 'random.integer: expected two whole numbers, the smaller one first; got 6, 1'],
  ['random.integer(0.5, 1)', 'random.integer: expected two whole numbers, the smaller one first; got 0.5, 1'],
  ['random.item([])', 'random.item: expected an array with at least one item'],
  ['mix({ a: () => 1 }, { b: 1 })', 'Tasks: a. Weights: b. Without a weight: a. Without a task: b'],
  ['mix({ a: 5 }, { a: 1 })', 'mix: task "a": expected a function; got number'],
  ['mix({ a: () => 1 }, { a: -1 })', 'mix: weight of "a": expected a number, 0 or more; got -1'],
  ['mix({ a: () => 1 }, { a: NaN })', 'mix: weight of "a": expected a number, 0 or more; got NaN'],
  ['mix({ a: () => 1 }, { a: 0 })', 'mix: at least one weight must be above 0'],
])('%s is refused', async (expression, message) => {
  await expect(valueInBox(expression)).rejects.toThrow(message);
});

test('a mix of 10/60/20/10 draws exactly that in every 10 iterations of a VU, and names the task', async () => {
  const box = await openBox(`
    import { mix } from 'stressrun';
    const tasks = Object.fromEntries(['health', 'small', 'large', 'huge'].map((name) => [name, (data) => { if (data !== undefined) throw data; }]));
    export default mix(tasks, { health: 10, small: 60, large: 20, huge: 10 });
  `);
  await Promise.all([box.instantiate(0), box.instantiate(1)]);
  for (const vu of [0, 1])
    for (const from of [0, 10, 20]) {
      box.tasks.length = 0;
      for (let i = from; i < from + 10; i++) await box.iterate(vu, i);
      expect([...box.tasks].sort()).toEqual(['health', 'huge', 'large', 'large', ...Array<string>(6).fill('small')]);
    }
});

test('two VUs begin at different places of the deck', async () => {
  const box = await openBox(`
    import { mix } from 'stressrun';
    export default mix({ a: () => 0, b: () => 0, c: () => 0, d: () => 0, e: () => 0 }, { a: 1, b: 1, c: 1, d: 1, e: 1 });
  `);
  const firsts: (string | undefined)[] = [];
  for (const vu of [0, 1, 2, 3, 4]) {
    await box.instantiate(vu);
    await box.iterate(vu, 0);
    firsts.push(box.tasks.at(-1));
  }
  expect(new Set(firsts).size).toBeGreaterThan(2);
});

test('the tasks of a mix are listed with their weights, and one of them can be called by its name', async () => {
  const box = await openBox(`
    import { mix } from 'stressrun';
    export const options = { vus: 2 };
    export default mix({ one: () => 11, two: () => 22 }, { one: 1, two: 3 });
  `);
  await box.instantiate(-1);
  const { text } = await box.call(-1, 'init', '');
  expect(JSON.parse(text)).toEqual({
    exportNames: ['default'],
    options: { vus: 2 },
    metrics: [],
    taskNames: ['one', 'two'],
    taskWeights: { one: 1, two: 3 },
  });
  expect((await box.call(-1, 'task', 'two')).kind).toBe('done');
  expect(box.tasks).toEqual(['two']);
});

/** Three tasks with tags and one without. */
const TAGGED = `mix({ read: () => 0, list: () => 0, write: () => 0, ping: () => 0 }, { read: 1, list: 1, write: 1, ping: 1 }, {
  tags: { read: 'safe', list: ['safe', 'slow'], write: ['slow', 'paid'] },
})`;

test.each([
  [[], [], ['list', 'ping', 'read', 'write']],
  [['safe'], [], ['list', 'read']],
  [['safe', 'paid'], [], ['list', 'read', 'write']],
  [[], ['slow'], ['ping', 'read']],
  [['safe'], ['slow'], ['read']],
])('of tasks with tags --tags %j and --exclude-tags %j leave %j', async (only, except, expected) => {
  const box = await openBox(`import { mix } from 'stressrun'; export default ${TAGGED};`, { settings: { taskTags: { only, except } } });
  await box.instantiate(0);
  for (let i = 0; i < 30; i++) await box.iterate(0, i);
  expect([...new Set(box.tasks)].sort()).toEqual(expected);
});

test.each([
  [['none'], [], TAGGED, 'mix: --tags none leaves no task; tags are safe, slow, paid'],
  [['paid'], ['slow'], TAGGED, 'mix: --tags paid --exclude-tags slow leaves no task; tags are'],
  [[], ['a', 'b'], "mix({ one: () => 1 }, { one: 1 }, { tags: { one: 'a' } })", 'mix: --exclude-tags a,b leaves no task; tags are a'],
  [['a'], [], 'mix({ one: () => 1 }, { one: 1 })', 'mix: --tags a leaves no task; tags are none'],
  [[], [], "mix({ one: () => 1 }, { one: 1 }, { tags: { two: 'a' } })", 'mix: tags: expected names of tasks, one; got "two"'],
])('--tags %j and --exclude-tags %j of %s is refused in words', async (only, except, mixed, message) => {
  await expect(valueInBox(mixed, { settings: { taskTags: { only, except } } })).rejects.toThrow(message);
});

test('random.shuffle gives each order of 3 about as often as any other, loses nothing and leaves what it was given as it was', async () => {
  const orders = await valueInBox<string[]>(
    "(() => { const given = ['a', 'b', 'c']; return Array.from({ length: 3000 }, () => random.shuffle(given).join('')).concat(given.join('')); })()",
  );
  expect(orders.pop()).toBe('abc');
  const counts = new Map<string, number>();
  for (const order of orders) counts.set(order, (counts.get(order) ?? 0) + 1);
  expect([...counts.keys()].sort()).toEqual(['abc', 'acb', 'bac', 'bca', 'cab', 'cba']);
  for (const count of counts.values()) expect(Math.abs(count - 500)).toBeLessThan(100);
});
