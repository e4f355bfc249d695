import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, resolve } from 'node:path';
import { parseCsv } from '../config/csv.ts';
import { textOfData } from '../config/data-text.ts';
import { parseJsonRows } from '../config/json-rows.ts';
import { ConfigError } from '../core/errors.ts';
import { loadFile, loadImageFile, loadImageFolder, type OddFile, resolveInside } from '../image/files.ts';
import { renderOne, renderPool } from '../image/render.ts';
import type { PoolMessage } from '../messages/messages.ts';
import type { EncodedPicture } from '../picture/picture.ts';
import { type ResolvedImageSpec, requireFields, resolveFileOptions, resolveImageSpec } from '../picture/spec.ts';
import { canBeUnique } from '../picture/unique-bytes.ts';

/** What a module-level call of the script got: JSON for the sandbox, and the pictures behind it for the workers. */
export interface LoadedAnswer {
  key: string;
  json: string;
  pool: PoolMessage | undefined;
  /** For the notes of the run: what is not as the script may think. */
  notes?: readonly string[];
}

interface LoaderOptions {
  scriptPath: string;
  /** Folders that files may lie in. */
  allowPaths: readonly string[];
  seed: number;
}

const DATA_BYTES_MAX = 256_000_000;

/** Loads and renders what module level of a script asks for; each thing once per run. */
export class AnswerLoader {
  readonly #options: LoaderOptions;
  readonly #specs = new Map<string, ResolvedImageSpec>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** @param key - `image.pool:{…}`, as the guest names it @throws ConfigError when it cannot be had */
  async load(key: string): Promise<LoadedAnswer> {
    const colon = key.indexOf(':');
    const call = key.slice(0, colon);
    const argument: unknown = colon + 1 < key.length && key.slice(colon + 1) !== 'undefined' ? JSON.parse(key.slice(colon + 1)) : undefined;
    if (call === 'image.pool') return this.#imagePool(key, argument);
    if (call === 'image.file') return this.#imageFile(key, argument);
    if (call === 'image.folder') return this.#imageFolder(key, argument);
    if (call === 'data.file') return answerOf(key, [await loadFile(this.#path(call, argument), { bytesMax: DATA_BYTES_MAX })], 'none');
    if (call === 'data.csv') return rowsAnswer(key, await this.#csv(argument));
    if (call === 'data.json') return rowsAnswer(key, await this.#json(argument));
    throw new ConfigError(call, 'expected a call that loads something; got an unknown one');
  }

  /** Draws picture `index` of a pool with `unique: 'pixels'`: the one whose objects and id the guest told the script. */
  async draw(pool: string, index: number): Promise<Buffer> {
    const spec = this.#specs.get(pool);
    if (spec === undefined) throw new ConfigError('image.pool', `no pool ${JSON.stringify(pool)} draws per use`);
    return (await renderOne(spec, this.#options.seed, index)).bytes;
  }

  async #imagePool(key: string, argument: unknown): Promise<LoadedAnswer> {
    const spec = resolveImageSpec('image.pool', argument);
    if (spec.unique !== 'pixels') return answerOf(key, await renderPool(spec, this.#options.seed), spec.unique);
    this.#specs.set(poolName(key), spec);
    // one is drawn to see that it can be; no use sends its bytes
    return answerOf(key, [{ ...(await renderOne(spec, this.#options.seed, 0)), bytes: Buffer.alloc(0) }], spec.unique, spec);
  }

  async #imageFile(key: string, argument: unknown): Promise<LoadedAnswer> {
    const { path, options } = fileArgument(argument);
    const { unique } = resolveFileOptions('image.file', options, ['unique']);
    const odd: OddFile[] = [];
    const pictures = [await loadImageFile(this.#path('image.file', path), (file) => odd.push(file))];
    return { ...answerOf(key, pictures, unique), notes: notesOf('image.file', { odd, pictures, unique, isResized: false }) };
  }

  async #imageFolder(key: string, argument: unknown): Promise<LoadedAnswer> {
    const { glob, options } = argument as { glob?: unknown; options?: unknown };
    if (typeof glob !== 'string')
      throw new ConfigError('image.folder', `expected a pattern such as 'photos/*.jpg'; got ${JSON.stringify(glob)}`);
    const { unique, resize } = resolveFileOptions('image.folder', options, ['resize', 'unique']);
    const odd: OddFile[] = [];
    const pictures = await loadImageFolder(dirname(this.#options.scriptPath), glob, {
      ...(resize === undefined ? {} : { resize }),
      roots: this.#options.allowPaths,
      onOdd: (file) => odd.push(file),
    });
    const call = `image.folder(${JSON.stringify(glob)})`;
    return { ...answerOf(key, pictures, unique), notes: notesOf(call, { odd, pictures, unique, isResized: resize !== undefined }) };
  }

  async #csv(argument: unknown): Promise<unknown[]> {
    const { path, options = {} } = fileArgument(argument);
    const { separator, encoding } = requireFields('data.csv', options, ['separator', 'encoding'], '');
    const where = this.#shown('data.csv', path);
    return parseCsv(where, textOfData(where, await this.#read('data.csv', path), encoding), separator);
  }

  async #json(argument: unknown): Promise<unknown[]> {
    const where = this.#shown('data.json', argument);
    return parseJsonRows(where, String(argument), textOfData(where, await this.#read('data.json', argument)));
  }

  async #read(call: string, argument: unknown): Promise<Buffer> {
    const bytes = await readFile(this.#path(call, argument));
    if (bytes.length > DATA_BYTES_MAX)
      throw new ConfigError(
        this.#shown(call, argument),
        `expected at most ${DATA_BYTES_MAX / 1_000_000} MB; got ${Math.round(bytes.length / 1_000_000)} MB`,
      );
    return bytes;
  }

  #shown(call: string, argument: unknown): string {
    return `${call}(${JSON.stringify(argument)})`;
  }

  /** Real path of a file that the script names, relative to itself. */
  #path(call: string, argument: unknown): string {
    if (typeof argument !== 'string' || argument === '') throw new ConfigError(call, `expected a path; got ${JSON.stringify(argument)}`);
    const path = isAbsolute(argument) ? argument : resolve(dirname(this.#options.scriptPath), argument);
    return resolveInside(this.#options.allowPaths, path);
  }
}

/** Calls that read one file. */
const OF_ONE_FILE: readonly string[] = ['image.file', 'data.file', 'data.csv', 'data.json'];

/** The path that a call names, as the script wrote it; undefined: it does not read one file. @param key - as of {@link LoadedAnswer} */
export function fileOf(key: string): string | undefined {
  const call = key.slice(0, key.indexOf(':'));
  return OF_ONE_FILE.includes(call) ? String(fileArgument(JSON.parse(key.slice(call.length + 1))).path) : undefined;
}

/** A path alone, or with options. */
function fileArgument(argument: unknown): { path?: unknown; options?: unknown } {
  return typeof argument === 'object' && argument !== null ? argument : { path: argument };
}

function rowsAnswer(key: string, rows: readonly unknown[]): LoadedAnswer {
  return { key, json: JSON.stringify(rows), pool: undefined };
}

function poolName(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}

/** @param drawnFrom - when every use is drawn anew */
function answerOf(
  key: string,
  pictures: readonly EncodedPicture[],
  ...[unique, drawnFrom]: [unique: PoolMessage['unique'], drawnFrom?: ResolvedImageSpec]
): LoadedAnswer {
  const pool = poolName(key);
  const known = pictures.map(({ width, height, format, bytes, objects, id, file = {} }) => ({
    width,
    height,
    format,
    bytes: bytes.length,
    objects,
    id,
    ...file,
  }));
  return {
    key,
    json: JSON.stringify({ pool, ...(drawnFrom === undefined ? {} : { drawnFrom }), pictures: known }),
    pool: {
      pool,
      unique,
      pictures: pictures.map(({ id, format, bytes, file }) => ({ id, format, bytes, ...(file === undefined ? {} : { file }) })),
    },
  };
}

/** Of odd files, named in a note. */
const NAMED_MAX = 3;

/** What is told once of files that are no good pictures. */
function notesOf(
  call: string,
  what: { odd: readonly OddFile[]; pictures: readonly EncodedPicture[]; unique: 'none' | 'bytes'; isResized: boolean },
): string[] {
  const { odd, pictures, unique, isResized } = what;
  const notes: string[] = [];
  if (odd.length > 0) {
    const named = odd.slice(0, NAMED_MAX).map(({ path, reason }) => `${basename(path)}: ${reason}`);
    const more = odd.length > NAMED_MAX ? `; and ${odd.length - NAMED_MAX} more` : '';
    const fate = isResized
      ? 'left out, for only what can be decoded can be brought to another size'
      : 'sent as they are, without width and height';
    const all = pictures.length + (isResized ? odd.length : 0);
    notes.push(`${call}: ${odd.length} of ${all} files cannot be decoded here and are ${fate} (${named.join('; ')}${more})`);
  }
  const alike = unique === 'bytes' ? pictures.filter(({ format }) => !canBeUnique(format)) : [];
  if (alike.length > 0)
    notes.push(
      `${call}: ${alike.length} of ${pictures.length} files are the same in each use, for unique: 'bytes' knows no way to change ${[...new Set(alike.map(({ format }) => format))].join(', ')}`,
    );
  return notes;
}
