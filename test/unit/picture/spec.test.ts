import { expect, test } from 'vitest';
import type { ConfigError } from '../../../runtime/core/errors.ts';
import { resolveFileOptions, resolveImageSpec } from '../../../runtime/picture/spec.ts';

const size = { width: 640, height: 480 };

test('a size alone means jpeg scenes of quality 85 in 32 variants', () => {
  expect(resolveImageSpec('image.pool', size)).toEqual({
    ...size,
    format: 'jpeg',
    quality: 85,
    content: 'scene',
    variants: 32,
    unique: 'none',
  });
});

test.each([
  [{ ...size, width: 15 }, 'image.pool.width: expected a whole number from 16 to 8192; got 15'],
  [{ ...size, width: 8193 }, 'image.pool.width: expected a whole number from 16 to 8192; got 8193'],
  [{ ...size, height: 480.5 }, 'image.pool.height: expected a whole number from 16 to 8192; got 480.5'],
  [{ width: 640 }, 'image.pool.height: expected a whole number from 16 to 8192; got nothing'],
  [{ width: 8192, height: 8192 }, 'image.pool: expected at most 33 million pixels; got 8192x8192 = 67.108864 million'],
  [{ ...size, quality: 0 }, 'image.pool.quality: expected a whole number from 1 to 100; got 0'],
  [{ ...size, quality: '85' }, 'image.pool.quality: expected a whole number from 1 to 100; got "85"'],
  [{ ...size, variants: 1001 }, 'image.pool.variants: expected a whole number from 1 to 1000; got 1001'],
  [{ ...size, format: 'jpg' }, 'image.pool.format: expected jpeg, png, webp; got "jpg"'],
  [{ ...size, unique: true }, 'image.pool.unique: expected none, bytes, pixels; got true'],
  [{ ...size, qualty: 80 }, 'image.pool: expected width, height, format, quality, content, variants, unique; got "qualty"'],
  [
    '640x480',
    'image.pool: expected { width, height, format, quality, content, variants, unique }, of which width and height are needed; got "640x480"',
  ],
])('%j is refused', (spec, message) => {
  expect(() => resolveImageSpec('image.pool', spec)).toThrow(expect.objectContaining({ code: 'SR_CONFIG', message }));
});

test('the hint of a misspelt format or key is the nearest one', () => {
  const hintOf = (spec: unknown): string | undefined => {
    try {
      resolveImageSpec('image.pool', spec);
    } catch (error) {
      return (error as ConfigError).hint;
    }
    return undefined;
  };
  expect(hintOf({ ...size, format: 'jpg' })).toBe('did you mean "jpeg"?');
  expect(hintOf({ ...size, qualty: 80 })).toBe('did you mean "quality"?');
});

test('files take unique, folders resize as well, and nothing else', () => {
  const keys = ['resize', 'unique'];
  expect(resolveFileOptions('image.folder', { resize: { width: 64, height: 48 } }, keys)).toEqual({
    resize: { width: 64, height: 48 },
    unique: 'none',
  });
  expect(resolveFileOptions('image.file', undefined, ['unique'])).toEqual({ unique: 'none' });
  const refuse = (options: unknown) => () => resolveFileOptions('image.folder', options, keys);
  expect(refuse({ resize: { ...size, format: 'png' } })).toThrow('image.folder: resize: expected width, height; got "format"');
  expect(refuse({ uniqe: 'bytes' })).toThrow(
    expect.objectContaining({ message: 'image.folder: expected resize, unique; got "uniqe"', hint: expect.stringContaining('unique') }),
  );
  expect(refuse({ unique: 'pixels' })).toThrow('image.folder: unique: expected none, bytes; got "pixels"');
  expect(refuse('bytes')).toThrow('image.folder: expected { resize, unique }; got "bytes"');
});
