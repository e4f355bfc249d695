import { expect, test } from 'vitest';
import { inspectBase64 } from '../../../runtime/image/inspect.ts';
import { decodeSmall } from '../../../runtime/image/pixels.ts';
import { renderPool } from '../../../runtime/image/render.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { PictureStore } from '../../../runtime/worker/pictures.ts';

async function storeOf(unique: 'none' | 'bytes' | 'pixels', { format = 'jpeg', workerIndex = 0 } = {}): Promise<PictureStore> {
  const pictures = await renderPool(resolveImageSpec('image.pool', { width: 48, height: 32, variants: 2, format, unique }), 1);
  const store = new PictureStore({ from: workerIndex, step: 2 });
  store.add({ pool: 'p', unique, pictures });
  return store;
}

test.each(['jpeg', 'png', 'webp'])(
  "with unique: 'bytes', base64 of one %s picture differs 100 times over on 2 workers, and its pixels never",
  async (format) => {
    const stores = await Promise.all([0, 1].map((workerIndex) => storeOf('bytes', { format, workerIndex })));
    const texts = Array.from({ length: 100 }, (_, i) => (stores[i % 2] as PictureStore).base64('p/1'));
    expect(new Set(texts).size).toBe(100);
    expect(await inspectBase64(texts[99] as string)).toMatchObject({ ok: true, format, width: 48, height: 32 });
    const pixelsOf = async (text: string) => decodeSmall(Buffer.from(text, 'base64'), Number.POSITIVE_INFINITY);
    expect(await pixelsOf(texts[99] as string)).toEqual(await pixelsOf(texts[0] as string));
  },
);

test("base64 and an upload of one picture with unique: 'bytes' are two uses", async () => {
  const store = await storeOf('bytes');
  const sent = store.bytesFor('p/0').bytes as readonly Buffer[];
  expect(store.base64('p/0')).not.toBe(Buffer.concat(sent).toString('base64'));
});

test("base64 is the same each time with unique: 'none', and empty for a picture that is none", async () => {
  const store = await storeOf('none');
  expect(store.base64('p/0')).toBe((store.bytesFor('p/0').bytes as Buffer).toString('base64'));
  expect(store.base64('q/0')).toBe('');
});

test('a picture to be drawn is a file with the number that it is drawn by in its name', () => {
  const store = new PictureStore({ from: 0, step: 1 });
  store.add({ pool: 'p', unique: 'pixels', pictures: [{ id: 'scene-0a1b2c3d-0', format: 'jpeg', bytes: Buffer.alloc(0) }] });
  expect(store.isDrawnPerUse('p/3000000000')).toBe(true);
  expect(store.bytesFor('p/3000000000').filename).toBe('scene-0a1b2c3d-3000000000.jpg');
});
