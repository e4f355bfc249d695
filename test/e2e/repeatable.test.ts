import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { http, image, mix, random, scenario } from 'stressrun';
const photos = image.pool({ width: 32, height: 32, variants: 16 });
const task = (name) => async () => {
  const photo = photos.next();
  const query = { iteration: scenario.iterationInTest, task: name, picture: photo.id, number: random.integer(1, 1e6) };
  await http.post('/seen', { query, multipart: { file: photo } });
};
export default mix({ a: task('a'), b: task('b'), c: task('c') }, { a: 1, b: 6, c: 3 });
`;

/** Everything that 500 iterations of 7 users did, in an order of its own. Which user did which is a matter of who was free. */
async function deeds(flags: readonly string[]): Promise<string[]> {
  const { url, seen } = await startTarget();
  const { at } = project({ 'deeds.ts': SCRIPT });
  const { exitCode, run } = await load([at('deeds.ts'), '--base-url', url, '--users', '7', '--iterations', '500', ...flags]);
  expect([exitCode, run.requests.at(-1)?.count]).toEqual([0, 500]);
  return seen
    .filter(({ path }) => path === '/seen')
    .map(({ query, bodyBytes }) => `${query['iteration']} ${query['task']} ${query['picture']} ${query['number']} ${bodyBytes}`)
    .sort();
}

test('--iterations 500: seed 42 gives the same iterations, tasks, pictures and random numbers with 1 worker and with 2; seed 43 gives others', async () => {
  const one = await deeds(['--seed', '42', '--workers', '1']);
  const two = await deeds(['--seed', '42', '--workers', '2']);
  const other = await deeds(['--seed', '43', '--workers', '2']);
  expect(new Set(one).size).toBe(500);
  expect(two).toEqual(one);
  expect(other).not.toEqual(one);
  const iterationsOf = (list: readonly string[]): number[] => list.map((deed) => Number(deed.split(' ')[0])).sort((a, b) => a - b);
  for (const deeds of [one, other]) expect(iterationsOf(deeds)).toEqual(Array.from({ length: 500 }, (_, i) => i));

  // The mix is exact: 500 iterations are fifty decks of 10 cards.
  const ofTask = (task: string): number => one.filter((deed) => deed.includes(` ${task} `)).length;
  for (const [task, expected] of [
    ['a', 50],
    ['b', 300],
    ['c', 150],
  ] as const)
    expect(ofTask(task), task).toBe(expected);
});
