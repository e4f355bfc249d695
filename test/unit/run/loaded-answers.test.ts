import { expect, test } from 'vitest';
import { renderOne } from '../../../runtime/image/render.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { AnswerLoader, fileOf } from '../../../runtime/run/loaded-answers.ts';

const loader = () => new AnswerLoader({ scriptPath: '/nowhere/x.ts', allowPaths: ['/nowhere'], seed: 42 });
const size = { width: 64, height: 48 };

test('a pool that draws per use says from what, holds no bytes, and draws exactly the picture that is asked for', async () => {
  const argument = { ...size, variants: 3, unique: 'pixels' };
  const spec = resolveImageSpec('image.pool', argument);
  const loading = loader();
  const { json, pool } = await loading.load(`image.pool:${JSON.stringify(argument)}`);
  expect(JSON.parse(json)).toMatchObject({ pool: pool?.pool, drawnFrom: spec });
  expect(pool).toMatchObject({ unique: 'pixels', pictures: [{ format: 'jpeg', bytes: Buffer.alloc(0) }] });
  for (const index of [0, 2, 3_000_000_000])
    expect(await loading.draw(pool?.pool ?? '', index)).toEqual((await renderOne(spec, 42, index)).bytes);
});

test.each(['none', 'bytes'])("a pool of 3 with unique: '%s' holds 3 pictures, and draws none", async (unique) => {
  const loading = loader();
  const { json, pool } = await loading.load(`image.pool:${JSON.stringify({ ...size, variants: 3, unique })}`);
  expect(JSON.parse(json)).not.toHaveProperty('drawnFrom');
  expect(pool?.pictures.every(({ bytes }) => bytes.length > 100)).toBe(true);
  expect(pool).toMatchObject({ unique, pictures: { length: 3 } });
  await expect(loading.draw(pool?.pool ?? '', 0)).rejects.toThrow('draws per use');
});

test.each([
  ['image.file:"a.jpg"', 'a.jpg'],
  ['image.file:{"path":"a.jpg","options":{"unique":"bytes"}}', 'a.jpg'],
  ['data.file:"a.dcm"', 'a.dcm'],
  ['data.csv:{"path":"a.csv","options":{"separator":";"}}', 'a.csv'],
  ['data.json:"a.jsonl"', 'a.jsonl'],
  ['image.pool:{"width":64,"height":48}', undefined],
  ['image.folder:{"glob":"*.jpg"}', undefined],
])('%s reads the file %s', (key, path) => {
  expect(fileOf(key)).toBe(path);
});
