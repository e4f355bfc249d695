import { expect, test } from 'vitest';
import { cli, load, startCli } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test('check draws the picture of a pool that makes a new one for each use, and ends in 0 after 1 upload', async () => {
  const target = await startTarget();
  const { at } = project({
    'x.ts': `import { check, http, image } from 'stressrun';
const photos = image.pool({ width: 64, height: 48, variants: 1, unique: 'pixels' });
export default async () => {
  const res = await http.post('/predict', { multipart: { file: photos.next() } });
  check(res, { 'status is 200': (r) => r.status === 200 });
};
`,
  });
  const { exitCode, stdout } = await cli(['check', at('x.ts'), '--base-url', target.url]);
  expect(stdout).toContain('Task        ✓ default');
  expect(exitCode).toBe(0);
  expect(target.counts()).toMatchObject({ '/predict': 1 });
});

test('the demo target finds in each of 40 drawn pictures exactly the objects that its picture names', async () => {
  const target = startCli(['target', '--port', '0']);
  const [url] = await target.printed(/http:\/\/127\.0\.0\.1:\d+/);
  const { at } = project({
    'x.ts': `import { check, http, image } from 'stressrun';
const photos = image.pool({ width: 320, height: 240, variants: 2, unique: 'pixels' });
const classesOf = (things) => things.map((thing) => thing.class).sort().join();
export default async () => {
  const photo = photos.next();
  const res = await http.post('/predict', { multipart: { file: photo } });
  check(res, { 'finds its objects': (r) => photo.objects.length >= 2 && classesOf(r.json('predictions')) === classesOf(photo.objects) });
};
`,
  });
  const { exitCode, run } = await load([at('x.ts'), '--base-url', url, '--users', '4', '--iterations', '40', '--workers', '2']);
  target.signal('SIGINT');
  await target.ended;
  expect(run.checks.map(({ name, passes, fails }) => [name, passes, fails])).toEqual([['finds its objects', 40, 0]]);
  expect(exitCode).toBe(0);
});

/** Pictures of 60 iterations as the target got them: what their script calls them, and how many bytes the form had. */
async function picturesSeen(flags: readonly string[]): Promise<string[]> {
  const target = await startTarget();
  const { at } = project({
    'x.ts': `import { http, image } from 'stressrun';
const photos = image.pool({ width: 64, height: 64, variants: 2, unique: 'pixels' });
export default async () => {
  const photo = photos.next();
  await http.post('/seen', { query: { picture: photo.id }, multipart: { file: photo } });
};
`,
  });
  const { exitCode } = await load([at('x.ts'), '--base-url', target.url, '--users', '3', '--iterations', '60', ...flags]);
  expect(exitCode).toBe(0);
  const seen = target.seen.filter(({ path }) => path === '/seen');
  return seen.map(({ query, bodyBytes }) => `${query['picture']} ${bodyBytes}`).sort();
}

test('60 uses of a pool of 2 that draws are 60 different pictures: with seed 42 the same ones on 1 worker and on 2, with seed 43 others', async () => {
  const one = await picturesSeen(['--seed', '42', '--workers', '1']);
  const two = await picturesSeen(['--seed', '42', '--workers', '2']);
  const other = await picturesSeen(['--seed', '43', '--workers', '2']);
  expect(new Set(one.map((seen) => seen.split(' ')[0])).size).toBe(60);
  expect(new Set(one.map((seen) => seen.split(' ')[1])).size).toBeGreaterThan(10); // so are their bytes: not the 2 sizes of a pool of 2
  expect(two).toEqual(one);
  expect(other.filter((seen) => one.includes(seen))).toEqual([]);
});
