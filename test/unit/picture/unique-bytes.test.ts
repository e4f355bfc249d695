import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { inspectImage } from '../../../runtime/image/inspect.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import { formatOf } from '../../../runtime/picture/picture.ts';
import { type DrawnFormat, resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { type UniqueFormat, uniqueChunk, uniqueParts } from '../../../runtime/picture/unique-bytes.ts';

const drawn = async (format: DrawnFormat): Promise<Buffer> =>
  (await renderOne(resolveImageSpec('image.pool', { width: 123, height: 77, format }), 1, 0)).bytes;
const translucent = sharp({ create: { width: 33, height: 21, channels: 4, background: { r: 200, g: 10, b: 10, alpha: 0.5 } } });

const SAMPLES: [name: string, format: UniqueFormat, bytes: () => Promise<Buffer>][] = [
  ['a jpeg with a JFIF header', 'jpeg', async () => withJfif(await drawn('jpeg'))],
  ['a jpeg without one', 'jpeg', () => drawn('jpeg')],
  ['a png', 'png', () => drawn('png')],
  ['a lossy webp', 'webp', () => drawn('webp')],
  [
    'a lossless webp',
    'webp',
    async () =>
      sharp(await drawn('png'))
        .webp({ lossless: true })
        .toBuffer(),
  ],
  ['a lossless webp with alpha', 'webp', () => translucent.clone().webp({ lossless: true }).toBuffer()],
  ['a gif', 'gif', () => translucent.clone().gif().toBuffer()],
  ['a tiff', 'tiff', () => translucent.clone().tiff().toBuffer()],
  ['an avif', 'avif', () => translucent.clone().avif().toBuffer()],
  ['an extended webp with alpha', 'webp', () => translucent.clone().webp({ quality: 80 }).toBuffer()],
];

test.each(SAMPLES)(
  '%s stays whole with the same pixels and differs in bytes for counters 0, 1 and 2^53 − 1',
  async (_name, format, load) => {
    const bytes = await load();
    expect(formatOf(bytes)).toBe(format);
    const pixels = await sharp(bytes).raw().toBuffer();
    const { head, tail } = uniqueParts({ format, bytes });
    const seen = new Set([bytes.toString('base64')]);
    for (const counter of [0, 1, Number.MAX_SAFE_INTEGER]) {
      const unique = Buffer.concat([head, uniqueChunk(format, counter), tail]);
      expect(await inspectImage(unique)).toMatchObject({ ok: true, format });
      expect((await sharp(unique).raw().toBuffer()).equals(pixels)).toBe(true);
      seen.add(unique.toString('base64'));
    }
    expect(seen.size).toBe(4);
  },
);

test.each(['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif', 'heic', 'mp4'] as const)(
  'a %s cut off after 3, 12 or 20 bytes still differs in each use, and what is there stays in its order',
  async (format) => {
    const bytes = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .toFormat(format === 'bmp' || format === 'heic' || format === 'mp4' ? 'jpeg' : format)
      .toBuffer();
    for (const length of [3, 12, 20]) {
      const { head, tail } = uniqueParts({ format, bytes: bytes.subarray(0, length) });
      expect(Buffer.concat([head, tail]).equals(bytes.subarray(0, length))).toBe(true);
      expect(uniqueChunk(format, 1).equals(uniqueChunk(format, 2))).toBe(false);
    }
  },
);

test('chunks of one format have one length for all counters', () => {
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    expect(uniqueChunk(format, 0)).toHaveLength(uniqueChunk(format, Number.MAX_SAFE_INTEGER).length);
  }
});

test('the png chunk is a tEXt with the CRC that zlib computes, right after IHDR', async () => {
  const chunk = uniqueChunk('png', 255);
  expect(chunk.toString('latin1', 4, 8)).toBe('tEXt');
  expect(chunk.toString('latin1', 8, chunk.length - 4)).toBe('Comment\u000000000000ff'.replace('\u0000', '\u00000000'));
  expect(chunk.readUInt32BE(0)).toBe(chunk.length - 12);
  expect(chunk.readUInt32BE(chunk.length - 4)).toBe(crc32(chunk.subarray(4, -4)));
  const bytes = await drawn('png');
  expect(uniqueParts({ format: 'png', bytes }).head.toString('latin1', 12, 16)).toBe('IHDR');
});

test('the jpeg chunk is a comment of its declared length after the JFIF header', async () => {
  const bytes = withJfif(await drawn('jpeg'));
  const { head } = uniqueParts({ format: 'jpeg', bytes });
  expect(head.toString('hex', 0, 4)).toBe('ffd8ffe0');
  expect(head).toHaveLength(20);
  const chunk = uniqueChunk('jpeg', 255);
  expect(chunk.readUInt16BE(0)).toBe(0xfffe);
  expect(chunk.readUInt16BE(2)).toBe(chunk.length - 2);
});

test('a simple webp becomes an extended one whose RIFF size is its length − 8 and whose canvas is 123x77', async () => {
  const { head, tail } = uniqueParts({ format: 'webp', bytes: await drawn('webp') });
  const unique = Buffer.concat([head, uniqueChunk('webp', 1), tail]);
  expect(unique.readUInt32LE(4)).toBe(unique.length - 8);
  expect(unique.toString('latin1', 12, 16)).toBe('VP8X');
  expect([unique.readUIntLE(24, 3) + 1, unique.readUIntLE(27, 3) + 1]).toEqual([123, 77]);
});

/** sharp writes none: version 1.1, no unit, 1:1, no thumbnail. */
function withJfif(bytes: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, 2), Buffer.from('ffe000104a46494600010100000100010000', 'hex'), bytes.subarray(2)]);
}
