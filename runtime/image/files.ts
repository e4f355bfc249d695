import { createHash } from 'node:crypto';
import { type Dirent, readdir, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { ConfigError } from '../core/errors.ts';
import { formatBytes } from '../core/units.ts';
import { fileTypeOf } from '../picture/file-type.ts';
import type { EncodedPicture } from '../picture/picture.ts';
import type { Size } from '../picture/spec.ts';
import { library } from './decoder.ts';
import { inspectImage } from './inspect.ts';
import { POOL_BYTES_MAX } from './render.ts';

/** A file larger than this is hardly a picture that anybody uploads. */
const FILE_BYTES_MAX = 64_000_000;
const FILES_MAX = 10_000;
const RESIZED_QUALITY = 85;
/** Formats that a picture is brought to another size in, and how such files end. */
const DRAWN = ['jpeg', 'png', 'webp'] as const;
const ENDS = { jpeg: '.jpg', png: '.png', webp: '.webp' } as const;

interface FolderOptions {
  /** Brought to this size: scaled to cover it, then cropped around the centre. Otherwise a file's bytes stay as they are. */
  resize?: Size;
  /** Folders that files may really lie in, besides `root`: symbolic links cannot lead out of them. */
  roots?: readonly string[];
  /** Told of each file that cannot be decoded. With `resize` it is left out, else it is there without a size. */
  onOdd?: (file: OddFile) => void;
}

/**
 * The real path behind `path`, with all symbolic links followed.
 * @throws {ConfigError} when nothing is there, or it lies outside all roots
 */
export function resolveInside(roots: readonly string[], path: string): string {
  const real = realPathOf(path);
  if (real === undefined) throw new ConfigError(path, 'expected a file or folder; got nothing there');
  if (!isInside(roots, real)) {
    throw new ConfigError(
      path,
      `expected a path inside ${roots.join(' or ')}; got ${real === path ? 'one outside' : `a link to ${real}`}`,
      {
        hint: 'allow_paths in config.yaml adds folders',
      },
    );
  }
  return real;
}

/** A file that nobody here can decode, which is sent as it is all the same. */
export interface OddFile {
  readonly path: string;
  /** One line. */
  readonly reason: string;
}

/** Any file as it is, without a size. @throws {ConfigError} when it is missing, too large or no file */
export async function loadFile(path: string, { bytesMax = FILE_BYTES_MAX, hint = {} }: ReadLimits = {}): Promise<EncodedPicture> {
  const bytes = await readWhole(path, { bytesMax, hint });
  const { format, contentType } = fileTypeOf(bytes, path);
  const filename = basename(path);
  return { id: `${filename}#${digestOf(bytes)}`, width: 0, height: 0, format, bytes, objects: [], file: { filename, contentType } };
}

interface ReadLimits {
  readonly bytesMax?: number;
  readonly hint?: { readonly hint?: string };
}

async function readWhole(path: string, { bytesMax, hint }: Required<ReadLimits>): Promise<Buffer> {
  const size = await stat(path).catch((cause: unknown) => {
    throw new ConfigError(path, 'expected a file; got nothing there', { cause });
  });
  if (!size.isFile()) throw new ConfigError(path, 'expected a file; got a folder or device', hint);
  if (size.size > bytesMax) throw new ConfigError(path, `expected at most ${formatBytes(bytesMax)}; got ${formatBytes(size.size)}`);
  return readFile(path);
}

/**
 * One picture from disk, its bytes as they are.
 * @param onOdd - told when it cannot be decoded: then it has no size
 * @throws {ConfigError} when it is missing, too large or no file
 */
export async function loadImageFile(path: string, onOdd: (file: OddFile) => void = () => undefined): Promise<EncodedPicture> {
  const file = await loadFile(path, { hint: { hint: "image.folder('photos/*.jpg') takes many" } });
  const inspection = await inspectImage(file.bytes);
  if (inspection.ok) return { ...file, width: inspection.width, height: inspection.height, format: inspection.format };
  onOdd({ path, reason: inspection.reason });
  return file;
}

/**
 * All files under `root` that match, sorted by path.
 * @param pattern - such as `photos/*.jpg`, relative to `root`
 * @throws {ConfigError} when none matches, there are too many, or one is too large or outside the roots
 */
export async function loadImageFolder(
  root: string,
  pattern: string,
  { resize, roots = [], onOdd }: FolderOptions = {},
): Promise<EncodedPicture[]> {
  const allowed = [root, ...roots];
  const paths = await pathsOf(root, pattern, allowed);
  if (paths.length === 0) throw new ConfigError(pattern, `expected at least one picture in ${root}; got none`);
  if (paths.length > FILES_MAX) throw new ConfigError(pattern, `expected at most ${FILES_MAX} pictures; got ${paths.length}`);

  const pictures: EncodedPicture[] = [];
  let bytes = 0;
  for (const path of paths) {
    const picture = await loadImageFile(resolveInside(allowed, path), ({ reason }) => onOdd?.({ path, reason }));
    if (resize !== undefined && picture.width === 0) continue;
    const named = { ...picture, id: `${relative(root, path).replaceAll(sep, '/')}#${digestOf(picture.bytes)}` };
    const ready = resize === undefined ? named : await resized(named, resize);
    pictures.push(ready);
    bytes += ready.bytes.length;
    if (bytes > POOL_BYTES_MAX)
      throw new ConfigError(pattern, `expected at most ${formatBytes(POOL_BYTES_MAX)} of pictures; got more`, {
        hint: 'a narrower pattern, or resize',
      });
  }
  if (pictures.length === 0) throw new ConfigError(pattern, `expected a picture that can be brought to another size in ${root}; got none`);
  return pictures;
}

/** Matching files, sorted. A folder outside the allowed ones is never listed, whether `..` or a link leads there. */
async function pathsOf(root: string, pattern: string, allowed: readonly string[]): Promise<string[]> {
  const refused: string[] = [];
  const readdirInside = ((path: string, options: { withFileTypes: true }, done: (error: Error | null, entries: Dirent[]) => void): void => {
    const real = realPathOf(path);
    if (real !== undefined && !isInside(allowed, real)) refused.push(path);
    if (isInside(allowed, real)) readdir(path, options, done);
    else done(new Error('not inside'), []);
  }) as typeof readdir;
  const [folder, rest] = splitPattern(pattern);
  const paths = await glob(rest, { cwd: resolve(root, folder), absolute: true, expandDirectories: false, fs: { readdir: readdirInside } });
  for (const path of refused) resolveInside(allowed, path);
  return paths.sort();
}

/** The folders that a pattern names without a wildcard, and the rest: the folders above `../photos` are none of ours to look into. */
function splitPattern(pattern: string): [folder: string, rest: string] {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => /[*?[\]{}()!+@\\]/.test(part));
  const named = wild < 0 ? parts.length - 1 : wild;
  const folder = parts.slice(0, named).join('/');
  return [pattern.startsWith('/') && folder === '' ? '/' : folder, parts.slice(named).join('/')];
}

/** In the format it had, jpeg instead of those that are only read. Turned upright first: the new file has no EXIF to say so. */
async function resized(picture: EncodedPicture, { width, height }: Size): Promise<EncodedPicture> {
  const format = DRAWN.find((name) => name === picture.format) ?? 'jpeg';
  const sharp = await library();
  const bytes = await sharp(picture.bytes)
    .autoOrient()
    .resize(width, height, { fit: 'cover' })
    .toFormat(format, format === 'png' ? {} : { quality: RESIZED_QUALITY })
    .toBuffer();
  const filename = (picture.file?.filename ?? '').replace(/\.[^.]*$/, '') + ENDS[format];
  const file = { filename: picture.format === format ? (picture.file?.filename ?? filename) : filename, contentType: `image/${format}` };
  return { ...picture, id: `${picture.id}@${width}x${height}`, width, height, format, bytes, file };
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 12);
}

function isInside(roots: readonly string[], real: string | undefined): boolean {
  return roots.some((root) => {
    const realRoot = realPathOf(root);
    if (real === undefined || realRoot === undefined) return false;
    return real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep);
  });
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
