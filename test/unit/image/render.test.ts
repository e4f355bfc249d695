import { expect, test } from 'vitest';
import { inspectImage } from '../../../runtime/image/inspect.ts';
import { pixelsOf } from '../../../runtime/image/paint.ts';
import { decodeSmall } from '../../../runtime/image/pixels.ts';
import { renderOne, renderPool } from '../../../runtime/image/render.ts';
import { sceneOf } from '../../../runtime/picture/scene.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';

const specOf = (fields: object) => resolveImageSpec('image.pool', { width: 320, height: 240, ...fields });

test.each(['jpeg', 'png', 'webp'])(
  'a pool of 3 %s pictures of 320x240 has the same bytes and ids twice, and 3 different ones',
  async (format) => {
    const spec = specOf({ format, variants: 3 });
    const pictures = await renderPool(spec, 42);
    expect(await renderPool(spec, 42)).toEqual(pictures);
    expect(new Set(pictures.map(({ bytes }) => bytes.toString('base64'))).size).toBe(3);
    expect(new Set(pictures.map(({ id }) => id)).size).toBe(3);
    for (const { bytes } of pictures)
      expect(await inspectImage(bytes)).toEqual({ ok: true, format, width: 320, height: 240, bytes: bytes.length });
  },
);

test('seed 42 and seed 43 give pictures with other bytes and ids', async () => {
  const [one, other] = [await renderOne(specOf({}), 42, 0), await renderOne(specOf({}), 43, 0)];
  expect(one.bytes.equals(other.bytes)).toBe(false);
  expect(one.id).not.toBe(other.id);
});

test('picture 2 drawn alone is picture 2 of the pool', async () => {
  const spec = specOf({ variants: 3 });
  expect(await renderOne(spec, 42, 2)).toEqual((await renderPool(spec, 42))[2]);
});

test('a scene names its objects as laid out; noise and gradients have 0', async () => {
  const scene = await renderOne(specOf({}), 42, 5);
  expect(scene.objects).toEqual(sceneOf(specOf({}), 42, 5).shapes.map(({ class: name, box }) => ({ class: name, box })));
  expect(scene.objects.length).toBeGreaterThanOrEqual(2);
  expect((await renderOne(specOf({ content: 'noise' }), 42, 5)).objects).toEqual([]);
  expect((await renderOne(specOf({ content: 'gradient' }), 42, 5)).objects).toEqual([]);
});

test('the centre of every shape of 10 png scenes has exactly the colour its class says', async () => {
  const { PALETTE } = await import('../../../runtime/picture/palette.ts');
  for (let index = 0; index < 10; index++) {
    const picture = await renderOne(specOf({ format: 'png' }), 42, index);
    const decoded = await decodeSmall(picture.bytes, Number.POSITIVE_INFINITY);
    if (!decoded.ok) throw new Error(decoded.reason);
    for (const { colour, box } of sceneOf(specOf({ format: 'png' }), 42, index).shapes) {
      const at = ((box[1] + (box[3] >> 1)) * decoded.width + box[0] + (box[2] >> 1)) * 3;
      expect([...decoded.pixels.subarray(at, at + 3)]).toEqual([...PALETTE[colour]]);
    }
  }
});

test('noise is over 4 times as many bytes as a gradient, and quality 30 under half of quality 95', async () => {
  const bytesOf = async (fields: object): Promise<number> => (await renderOne(specOf(fields), 42, 0)).bytes.length;
  expect(await bytesOf({ content: 'noise' })).toBeGreaterThan(4 * (await bytesOf({ content: 'gradient' })));
  expect(await bytesOf({ quality: 30 })).toBeLessThan(0.5 * (await bytesOf({ quality: 95 })));
});

test('the ground of a scene is its grain, repeated every 128 pixels, at the edges too', () => {
  for (const width of [64, 128, 129, 300]) {
    const spec = specOf({ width, height: 40 });
    const { background, slope, shapes } = sceneOf(spec, 42, 1);
    const pixels = pixelsOf(spec, 42, 1);
    const isGround = (x: number, y: number): boolean =>
      shapes.every(({ box: [left, top, side] }) => x < left || x >= left + side || y < top || y >= top + side);
    const lightOf = (x: number, y: number): number[] =>
      [0, 1, 2].map((c) => (pixels[(y * width + x) * 3 + c] as number) - (background[c] as number) - Math.trunc((slope * y) / 40));
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < width; x++) {
        if (!isGround(x, y)) continue;
        const [light, ...others] = lightOf(x, y);
        expect(Math.abs(light as number)).toBeLessThanOrEqual(6);
        expect(others).toEqual([light, light]);
        if (x >= 128 && isGround(x - 128, y)) expect(lightOf(x - 128, y)).toEqual([light, light, light]);
      }
  }
});
