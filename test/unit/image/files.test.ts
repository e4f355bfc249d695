import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { loadImageFile, loadImageFolder, resolveInside } from '../../../runtime/image/files.ts';
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

test.each([
  ['text.jpg', 'expected a picture; got a file that is not a jpeg'],
  ['cut.jpg', 'expected a whole picture; got a broken one'],
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
