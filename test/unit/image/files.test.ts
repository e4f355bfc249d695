import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { loadImageFile, loadImageFolder, type OddFile, resolveInside } from '../../../runtime/image/files.ts';
import { inspectImage } from '../../../runtime/image/inspect.ts';
import { decodeSmall } from '../../../runtime/image/pixels.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';

let top = '';
let project = '';
let jpeg: Buffer;

beforeAll(async () => {
  top = realpathSync(mkdtempSync(join(tmpdir(), 'stressrun-files-')));
  project = join(top, 'project');
  mkdirSync(join(project, 'photos', 'more'), { recursive: true });
  mkdirSync(join(top, 'outside'));
  jpeg = (await renderOne(resolveImageSpec('image.pool', { width: 64, height: 48 }), 1, 0)).bytes;
  const png = (await renderOne(resolveImageSpec('image.pool', { width: 32, height: 80, format: 'png' }), 1, 1)).bytes;
  writeFileSync(join(project, 'photos', 'b.jpg'), jpeg);
  writeFileSync(join(project, 'photos', 'a.png'), png);
  writeFileSync(join(project, 'photos', 'more', 'c.jpg'), jpeg);
  writeFileSync(join(project, 'text.jpg'), 'this is a text, not a picture');
  writeFileSync(join(project, 'cut.jpg'), jpeg.subarray(0, jpeg.length / 2));
  writeFileSync(join(project, 'huge.jpg'), jpeg);
  truncateSync(join(project, 'huge.jpg'), 64_000_001);
  writeFileSync(join(top, 'outside', 'secret.jpg'), jpeg);
});
afterAll(() => rmSync(top, { recursive: true }));

test('a file keeps its bytes and tells 64x48 jpeg without objects', async () => {
  const picture = await loadImageFile(join(project, 'photos', 'b.jpg'));
  expect(picture).toMatchObject({ width: 64, height: 48, format: 'jpeg', objects: [] });
  expect(picture.bytes.equals(jpeg)).toBe(true);
  expect(picture.id).toMatch(/^b\.jpg#[0-9a-f]{12}$/);
});

test('a folder comes sorted by path, with 3 pictures for ** and 1 for *.jpg', async () => {
  const ids = async (glob: string): Promise<string[]> => (await loadImageFolder(project, glob)).map(({ id }) => id.split('#')[0] as string);
  expect(await ids('photos/**/*.{jpg,png}')).toEqual(['photos/a.png', 'photos/b.jpg', 'photos/more/c.jpg']);
  expect(await ids('photos/*.jpg')).toEqual(['photos/b.jpg']);
});

test('resize brings 64x48 and 32x80 to 20x20 in the format they had', async () => {
  const pictures = await loadImageFolder(project, 'photos/*', { resize: { width: 20, height: 20 } });
  expect(pictures.map(({ width, height, format }) => [width, height, format])).toEqual([
    [20, 20, 'png'],
    [20, 20, 'jpeg'],
  ]);
  expect(new Set(pictures.map(({ id }) => id)).size).toBe(2);
});

test('what cannot be decoded is a file without a size, and whoever asks is told why', async () => {
  const told: OddFile[] = [];
  const onOdd = (file: OddFile) => told.push(file);
  const cut = await loadImageFile(join(project, 'cut.jpg'), onOdd);
  expect(cut).toMatchObject({ width: 0, height: 0, format: 'jpeg', file: { filename: 'cut.jpg', contentType: 'image/jpeg' } });
  expect(cut.bytes.equals(jpeg.subarray(0, jpeg.length / 2))).toBe(true);
  expect((await loadImageFile(join(project, 'text.jpg'), onOdd)).bytes.toString()).toBe('this is a text, not a picture');
  expect(told).toEqual([
    { path: join(project, 'cut.jpg'), reason: expect.stringContaining('premature end') },
    { path: join(project, 'text.jpg'), reason: expect.stringContaining('not a jpeg') },
  ]);
});

test('one odd file among 3 is sent with the others, or left out where all get another size', async () => {
  const told: string[] = [];
  const onOdd = ({ path }: OddFile) => told.push(path);
  const all = await loadImageFolder(project, '{cut,text}.jpg', { onOdd });
  expect(all.map(({ width }) => width)).toEqual([0, 0]);
  const more = await loadImageFolder(project, '{cut,photos/b}.jpg', { onOdd, resize: { width: 20, height: 20 } });
  expect(more.map(({ file }) => file)).toEqual([{ filename: 'b.jpg', contentType: 'image/jpeg' }]);
  expect(told).toHaveLength(3);
  await expect(loadImageFolder(project, 'cut.jpg', { resize: { width: 20, height: 20 } })).rejects.toThrow('another size');
});

test('a photo that is turned by its EXIF has the size that is shown, also as a picture in an answer', async () => {
  const turned = await sharp(jpeg).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  writeFileSync(join(project, 'turned.jpg'), turned);
  expect(await loadImageFile(join(project, 'turned.jpg'))).toMatchObject({ width: 48, height: 64 });
  expect(await inspectImage(turned)).toMatchObject({ ok: true, width: 48, height: 64 });
  expect(await decodeSmall(turned, Number.POSITIVE_INFINITY)).toMatchObject({ width: 48, height: 64, source: { width: 48, height: 64 } });
});

test.each([
  ['whose first brand is mif1', ['mif1', 'avif', 'mif1', 'miaf']],
  ['whose only brand is that of the container', ['mif1', 'mif1', 'mif1', 'mif1']],
])('an AVIF %s is one', async (_, brands) => {
  const avif = await sharp(jpeg).avif().toBuffer();
  expect(avif.toString('latin1', 4, 12)).toBe('ftypavif');
  const end = avif.readUInt32BE(0);
  brands.forEach((brand, i) => {
    const at = i === 0 ? 8 : 12 + 4 * i;
    if (at < end) avif.write(brand, at, 'latin1');
  });
  for (let at = 32; at < end; at += 4) avif.write('mif1', at, 'latin1');
  expect(await inspectImage(avif)).toMatchObject({ ok: true, format: 'avif', width: 64 });
});

test.each([
  ['huge.jpg', 'expected at most 64 MB; got 64 MB'],
  ['nothing.jpg', 'got nothing there'],
  ['photos', 'got a folder or device'],
])('%s is refused', async (name, message) => {
  const loading = loadImageFile(join(project, name));
  await expect(loading).rejects.toThrow(ConfigError);
  await expect(loading).rejects.toThrow(message);
});

test('a pattern that matches 0 files is refused with pattern and folder', async () => {
  await expect(loadImageFolder(project, 'fotos/*.jpg')).rejects.toThrow(
    `fotos/*.jpg: expected at least one picture in ${project}; got none`,
  );
});

test('paths inside are resolved; .., other folders and siblings with the same prefix are refused', () => {
  const inside = join(project, 'photos', 'b.jpg');
  expect(resolveInside([project], join(project, 'photos', '..', 'photos', 'b.jpg'))).toBe(inside);
  expect(resolveInside([project], project)).toBe(project);
  expect(() => resolveInside([project], join(project, '..', 'outside', 'secret.jpg'))).toThrow(ConfigError);
  mkdirSync(join(top, 'project-2'));
  expect(() => resolveInside([project], join(top, 'project-2'))).toThrow('expected a path inside');
  expect(resolveInside([project, join(top, 'outside')], join(top, 'outside', 'secret.jpg'))).toBe(join(top, 'outside', 'secret.jpg'));
  expect(() => resolveInside([join(top, 'no-such-root')], inside)).toThrow(ConfigError);
});

test('a folder beside the project that allow_paths names is listed, by a path with .. in it too; the one above is not', async () => {
  expect(await loadImageFolder(project, '../outside/*.jpg', { roots: [join(top, 'outside')] })).toHaveLength(1);
  expect(await loadImageFolder(project, join(top, 'outside', '*.jpg'), { roots: [join(top, 'outside')] })).toHaveLength(1);
  await expect(loadImageFolder(project, '../*/*.jpg', { roots: [join(top, 'outside')] })).rejects.toThrow('expected a path inside');
});

test('symbolic links lead to files inside the roots and not out of them', async () => {
  mkdirSync(join(project, 'links'));
  symlinkSync(join(project, 'photos', 'b.jpg'), join(project, 'links', 'in.jpg'));
  expect(await loadImageFolder(project, 'links/*.jpg')).toHaveLength(1);
  symlinkSync(join(top, 'outside', 'secret.jpg'), join(project, 'links', 'out.jpg'));
  expect(() => resolveInside([project], join(project, 'links', 'out.jpg'))).toThrow('got a link to');
  await expect(loadImageFolder(project, 'links/*.jpg')).rejects.toThrow('expected a path inside');
  expect(await loadImageFolder(project, 'links/*.jpg', { roots: [join(top, 'outside')] })).toHaveLength(2);
});

test('a pattern cannot climb out with .. or through a link to a folder, and says so', async () => {
  await expect(loadImageFolder(project, '../outside/*.jpg')).rejects.toThrow('expected a path inside');
  await expect(loadImageFolder(project, '../**/*.jpg')).rejects.toThrow('expected a path inside');
  symlinkSync(join(top, 'outside'), join(project, 'door'));
  await expect(loadImageFolder(project, 'door/*.jpg')).rejects.toThrow('got a link to');
  expect(await loadImageFolder(project, 'door/*.jpg', { roots: [join(top, 'outside')] })).toHaveLength(1);
});

test('a folder with a link to itself is walked to an end', async () => {
  mkdirSync(join(project, 'ring'));
  writeFileSync(join(project, 'ring', 'a.jpg'), jpeg);
  symlinkSync(join(project, 'ring'), join(project, 'ring', 'ring'));
  expect((await loadImageFolder(project, 'ring/**/*.jpg')).length).toBeLessThan(5);
});
