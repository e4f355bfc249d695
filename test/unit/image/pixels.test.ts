import sharp, { type Sharp } from 'sharp';
import { expect, test } from 'vitest';
import { annotate, decodeSmall } from '../../../runtime/image/pixels.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';

const grey = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: { r: 128, g: 128, b: 128 } } })
    .png()
    .toBuffer();

test('1920x1080 for 172,800 pixels comes as 480x270, and 300x200 as it is', async () => {
  const large = await decodeSmall(await grey(1920, 1080), 172_800);
  expect(large).toMatchObject({ ok: true, width: 480, height: 270, source: { format: 'png', width: 1920, height: 1080 } });
  expect(large.ok && large.pixels.length).toBe(480 * 270 * 3);
  expect(await decodeSmall(await grey(300, 200), 172_800)).toMatchObject({ ok: true, width: 300, height: 200 });
});

test.each([
  ['greyscale', (image: Sharp) => image.greyscale().png()],
  ['with alpha', (image: Sharp) => image.ensureAlpha(0.5).png()],
  ['16-bit', (image: Sharp) => image.toColourspace('rgb16').png()],
  ['CMYK', (image: Sharp) => image.toColourspace('cmyk').jpeg()],
])('a %s picture of 40x30 becomes 3,600 bytes of red, green and blue', async (_name, convert) => {
  const picture = await decodeSmall(await convert(sharp(await grey(40, 30))).toBuffer(), 172_800);
  if (!picture.ok) throw new Error(picture.reason);
  expect(picture.pixels).toHaveLength(3600);
  for (const value of picture.pixels.subarray(0, 3)) expect(Math.abs(value - 128)).toBeLessThan(16);
});

test('broken, cut off and foreign bytes are faults of 2 kinds', async () => {
  const { bytes } = await renderOne(resolveImageSpec('image.pool', { width: 640, height: 480 }), 1, 0);
  expect(await decodeSmall(bytes.subarray(0, bytes.length / 2), 172_800)).toMatchObject({ ok: false, kind: 'undecodable' });
  expect(await decodeSmall(Buffer.from('hello, this is a text'), 172_800)).toMatchObject({ ok: false, kind: 'unsupported' });
});

test('a red frame of 20x10 at (5, 8) changes its edge to red and leaves its middle and the size alone', async () => {
  const drawn = await annotate(await grey(60, 40), [{ box: [5, 8, 20, 10], colour: [255, 0, 0] }]);
  if (!Buffer.isBuffer(drawn)) throw new Error(drawn.reason);
  const picture = await decodeSmall(drawn, 172_800);
  if (!picture.ok) throw new Error(picture.reason);
  expect(picture.source).toEqual({ format: 'jpeg', width: 60, height: 40 });
  const pixel = (x: number, y: number): number[] => [...picture.pixels.subarray((y * 60 + x) * 3, (y * 60 + x) * 3 + 3)];
  const [red, green] = pixel(12, 8);
  expect(red).toBeGreaterThan(180);
  expect(green).toBeLessThan(90);
  for (const channel of pixel(45, 30)) expect(Math.abs(channel - 128)).toBeLessThan(10);
});

test('a frame that reaches over the edge is cut there', async () => {
  expect(Buffer.isBuffer(await annotate(await grey(60, 40), [{ box: [-10, -10, 200, 200], colour: [0, 255, 0] }]))).toBe(true);
});
