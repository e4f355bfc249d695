import sharp from 'sharp';
import { expect, test } from 'vitest';
import { inspectBase64, inspectImage } from '../../../runtime/image/inspect.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';

const drawn = async (format: string): Promise<Buffer> =>
  (await renderOne(resolveImageSpec('image.pool', { width: 200, height: 150, format }), 3, 0)).bytes;

test.each(['jpeg', 'png', 'webp', 'gif', 'avif', 'tiff'])(
  'a whole %s of 200x150 is ok, and not when 3/4 or half of it came',
  async (format) => {
    const bytes = await sharp(await drawn('png'))
      .toFormat(format as 'jpeg')
      .toBuffer();
    expect(await inspectImage(bytes)).toEqual({ ok: true, format, width: 200, height: 150, bytes: bytes.length });
    for (const share of [0.75, 0.5]) expect(await inspectImage(bytes.subarray(0, bytes.length * share))).toMatchObject({ ok: false });
  },
);

test('a jpeg whose last 200 bytes are missing is not ok', async () => {
  const bytes = await drawn('jpeg');
  expect(await inspectImage(bytes.subarray(0, -200))).toMatchObject({ ok: false });
});

test.each([
  ['svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="9" height="9"/></svg>')],
  ['pdf', Buffer.from('%PDF-1.4 and some more')],
  ['json', Buffer.from('{"error": "no model loaded"}')],
])('%s is no raster picture', async (_name, bytes) => {
  expect(await inspectImage(bytes)).toEqual({ ok: false, reason: 'not a jpeg, png, webp, gif, avif or tiff picture' });
});

test('0 bytes and a bare header of 12 bytes are not ok', async () => {
  expect(await inspectImage(Buffer.alloc(0))).toEqual({ ok: false, reason: 'empty' });
  expect(await inspectImage((await drawn('png')).subarray(0, 12))).toMatchObject({ ok: false });
});

test('a png of 90 million pixels is refused before it is decoded', async () => {
  const bytes = Buffer.from(await drawn('png'));
  bytes.writeUInt32BE(10_000, 16);
  bytes.writeUInt32BE(9_000, 20);
  const { crc32 } = await import('node:zlib');
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  expect(await inspectImage(bytes)).toEqual({ ok: false, reason: '10000x9000 is over 64 million pixels' });
});

test('base64 is read plain, URL-safe, in lines and behind a data: URL', async () => {
  const bytes = await drawn('webp');
  const plain = bytes.toString('base64');
  const expected = { ok: true, format: 'webp', width: 200, height: 150, bytes: bytes.length };
  for (const text of [plain, bytes.toString('base64url'), plain.replace(/(.{76})/g, '$1\n'), `data:image/webp;base64,${plain}`]) {
    expect(await inspectBase64(text)).toEqual(expected);
  }
});

test('text that is not base64, empty text, and half of the base64 are not ok', async () => {
  expect(await inspectBase64('<html>not found</html>')).toEqual({ ok: false, reason: 'not base64' });
  expect(await inspectBase64('data:image/png;base64,')).toEqual({ ok: false, reason: 'empty' });
  const plain = (await drawn('png')).toString('base64');
  expect(await inspectBase64(plain.slice(0, plain.length >> 1))).toMatchObject({ ok: false });
});
