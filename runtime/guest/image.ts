import { ASK, TO_HOST } from '../core/mailbox.ts';
import { hashOf, hashOfText } from '../core/random.ts';
import { askText } from './host.ts';
import { loadedAnswer } from './loaded.ts';
import { beginOperation, textField, write } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { current, settings } from './state.ts';
import type { ImagePool, ImageSpec, Inspection, Picture, Response, SceneObject } from './stressrun.d.ts';

/** What the host says of a pool; the bytes stay there. */
interface PoolAnswer {
  pool: string;
  /** Pictures are drawn when they are used, from these descriptions. */
  isDrawnPerUse: boolean;
  pictures: { width: number; height: number; format: string; bytes: number; objects: SceneObject[]; id: string }[];
}

/** Pool and index of each picture: the only way to name one to the host, and not to be forged. */
const references = new WeakMap<object, string>();

class GuestPicture implements Picture {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  readonly objects: readonly SceneObject[];
  readonly id: string;

  constructor(answer: PoolAnswer, index: number) {
    const known = answer.pictures[index % answer.pictures.length] as PoolAnswer['pictures'][number];
    this.width = known.width;
    this.height = known.height;
    this.format = known.format;
    this.bytes = known.bytes;
    this.objects = known.objects;
    this.id = known.id;
    references.set(this, `${answer.pool}/${index}`);
    Object.freeze(this);
  }

  base64(): string {
    return askText(ASK.base64, 0, references.get(this) ?? '');
  }
}

/** `pool/index` of a picture; undefined for anything else. */
export function pictureReference(value: unknown): string | undefined {
  return value !== null && typeof value === 'object' ? references.get(value) : undefined;
}

class GuestPool implements ImagePool {
  readonly size: number;
  readonly #pictures: readonly GuestPicture[];
  readonly #key: number;

  constructor(answer: PoolAnswer) {
    this.#pictures = answer.pictures.map((_, index) => new GuestPicture(answer, index));
    this.#key = hashOfText(answer.pool);
    this.size = this.#pictures.length;
    Object.freeze(this);
  }

  next(): Picture {
    const vu = current;
    return this.at(hashOf(settings.seed, this.#key, vu.scenario, vu.index, vu.iteration, vu.pictures++));
  }

  at(index: number): Picture {
    if (!Number.isInteger(index) || index < 0) throw new RangeError(`pool.at: expected a whole number, 0 or more; got ${String(index)}`);
    return this.#pictures[index % this.size] as Picture;
  }
}

const pools = new Map<PoolAnswer, GuestPool>();

/** One pool object per answer in the worker: picture objects are shared by all VUs and immutable. */
function poolOf(answer: PoolAnswer): GuestPool {
  let pool = pools.get(answer);
  if (pool === undefined) {
    pool = new GuestPool(answer);
    pools.set(answer, pool);
  }
  return pool;
}

export const image = {
  pool: (spec: ImageSpec): ImagePool => poolOf(loadedAnswer('image.pool', spec) as PoolAnswer),
  file: (path: string): Picture => poolOf(loadedAnswer('image.file', path) as PoolAnswer).at(0),
  folder: (glob: string, options?: { resize?: { width: number; height: number } }): ImagePool =>
    poolOf(loadedAnswer('image.folder', options?.resize === undefined ? { glob } : { glob, resize: options.resize }) as PoolAnswer),
  async inspect(response: Response, path = ''): Promise<Inspection> {
    if (!(response instanceof GuestResponse)) throw new TypeError('image.inspect: expected a response of this script');
    if (response.bodyLength === 0) return { ok: false, reason: 'the answer has no body' };
    const operation = beginOperation();
    write(TO_HOST.inspect, `${operation.id},${GuestResponse.handleOf(response)},${textField(String(path))}`);
    return (await operation) as Inspection;
  },
};
