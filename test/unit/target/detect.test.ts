import { expect, test } from 'vitest';
import { decodeSmall } from '../../../runtime/image/pixels.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import type { SceneObject } from '../../../runtime/picture/picture.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { detect, PIXELS_WANTED, type Prediction } from '../../../runtime/target/detect.ts';

type Box = SceneObject['box'];

/** Intersection over union: 1 for equal boxes, 0 for boxes apart. */
function iouOf(a: Box, b: Box): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a[2] * a[3] + b[2] * b[3] - width * height);
}

const SIZES = [
  { width: 640, height: 480 },
  { width: 1920, height: 1080 },
];
const CASES = SIZES.flatMap((size) => ['jpeg', 'png', 'webp'].flatMap((format) => [1, 2, 3].map((seed) => ({ ...size, format, seed }))));

async function seen(bytes: Buffer): Promise<Prediction[]> {
  const picture = await decodeSmall(bytes, PIXELS_WANTED);
  if (!picture.ok) throw new Error(picture.reason);
  return detect(picture);
}

test.each(CASES)(
  'all objects of 5 $format scenes of $width x $height at quality 70, seed $seed, are found and no others',
  async (fields) => {
    const { seed, ...size } = fields;
    const spec = resolveImageSpec('image.pool', { ...size, quality: 70 });
    for (let index = 0; index < 5; index++) {
      const { objects, bytes } = await renderOne(spec, seed, index);
      const predictions = await seen(bytes);
      expect(predictions.map((prediction) => prediction.class).sort()).toEqual(objects.map((object) => object.class).sort());
      for (const object of objects) {
        const best = Math.max(
          ...predictions.map((prediction) => (prediction.class === object.class ? iouOf(prediction.box, object.box) : 0)),
        );
        expect(best).toBeGreaterThan(0.8);
      }
      for (const { confidence } of predictions) {
        expect(confidence).toBeGreaterThanOrEqual(0.5);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    }
  },
);

test.each([96, 224, 3000])('the objects of 6 jpeg scenes of %i x %i are found too', async (side) => {
  const spec = resolveImageSpec('image.pool', { width: side, height: side });
  for (let index = 0; index < 6; index++) {
    const { objects, bytes } = await renderOne(spec, 9, index);
    expect((await seen(bytes)).map((prediction) => prediction.class).sort()).toEqual(objects.map((object) => object.class).sort());
  }
});

test('the pixels decide: pixels of picture 1 never give the objects of picture 2', async () => {
  const spec = resolveImageSpec('image.pool', SIZES[0]);
  const [one, two] = [await renderOne(spec, 1, 0), await renderOne(spec, 1, 1)];
  const boxes = (await seen(one.bytes)).map(({ box }) => box);
  for (const { box } of two.objects) expect(Math.max(...boxes.map((other) => iouOf(box, other)))).toBeLessThan(0.99);
  expect(boxes).toHaveLength(one.objects.length);
});

test('noise of 640x480 has 0 objects', async () => {
  const { bytes } = await renderOne(resolveImageSpec('image.pool', { ...SIZES[0], content: 'noise' }), 1, 0);
  expect(await seen(bytes)).toEqual([]);
});

test('larger objects come first', async () => {
  const { bytes } = await renderOne(resolveImageSpec('image.pool', SIZES[0]), 1, 3);
  const areas = (await seen(bytes)).map(({ box }) => box[2] * box[3]);
  expect(areas).toEqual([...areas].sort((a, b) => b - a));
  expect(areas.length).toBeGreaterThan(1);
});
