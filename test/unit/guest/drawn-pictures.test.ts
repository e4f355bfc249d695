import { expect, test } from 'vitest';
import { objectsOf } from '../../../runtime/picture/scene.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { BOX_SETTINGS } from '../../support/box-settings.ts';
import { openBox, valueInBox } from '../../support/script-box.ts';

const spec = resolveImageSpec('image.pool', { width: 96, height: 64, variants: 2, unique: 'pixels' });
/** As the coordinator answers, see loaded-answers.test.ts. */
const LOADED = {
  'image.pool:{"width":96,"height":64,"variants":2,"unique":"pixels"}': JSON.stringify({
    pool: 'p1',
    drawnFrom: spec,
    pictures: [{ width: 96, height: 64, format: 'jpeg', bytes: 0, objects: [], id: 'first' }],
  }),
};
const IMPORT = `import { http, image } from 'stressrun'; const photos = image.pool({ width: 96, height: 64, variants: 2, unique: 'pixels' });`;
const IN_POOL = (expression: string): string =>
  `(() => { const photos = image.pool({ width: 96, height: 64, variants: 2, unique: 'pixels' }); return ${expression}; })()`;

interface Told {
  id: string;
  bytes: number;
  objects: unknown[];
}

test('100 uses of a pool of 2 that draws are 100 pictures, each with the id and the objects of the index that is asked for', async () => {
  const box = await openBox(
    `${IMPORT}
    export default async () => {
      const told = Array.from({ length: 100 }, () => photos.next());
      for (const photo of told) await http.post('/', { body: photo });
      return told;
    };`,
    { loaded: LOADED },
  );
  const told = await box.value<Told[]>();
  expect(new Set(told.map(({ id }) => id)).size).toBe(100);
  const asked = box.requests.map(({ options }) => (options as { body: { picture: string } }).body.picture);
  for (const [i, { id, objects, bytes }] of told.entries()) {
    const index = Number(asked[i]?.replace(/^p1\//, ''));
    expect(id).toMatch(new RegExp(`^scene-[\\da-f]{8}-${index}$`));
    expect(objects).toEqual(objectsOf(spec, BOX_SETTINGS.seed, index));
    expect(bytes).toBe(0);
  }
});

test('picture 7 of a pool of 2 that draws is picture 7 each time, and no other of 0 to 9', async () => {
  const [size, ids, again] = await valueInBox<[number, string[], string]>(
    IN_POOL('[photos.size, Array.from({ length: 10 }, (_, i) => photos.at(i).id), photos.at(7).id]'),
    { loaded: LOADED },
  );
  expect(size).toBe(2);
  expect(new Set(ids).size).toBe(10);
  expect(again).toBe(ids[7]);
});

test('an index beyond 32 bits begins again at 0, which the host can still count', async () => {
  expect(await valueInBox(IN_POOL('photos.at(2 ** 32 + 5).id === photos.at(5).id'), { loaded: LOADED })).toBe(true);
});

test('a picture that is not drawn yet has no base64, and says what has', async () => {
  await expect(valueInBox(IN_POOL('photos.next().base64()'), { loaded: LOADED })).rejects.toThrow(
    /RangeError: picture\.base64: .* put the picture itself into json, multipart or body, or make the pool with unique: 'bytes'/,
  );
});
