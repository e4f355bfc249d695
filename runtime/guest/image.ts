import { ASK, TO_HOST } from '../core/mailbox.ts';
import { hashOf, hashOfText } from '../core/random.ts';
import { askText } from './host.ts';
import { loadedAnswer } from './loaded.ts';
import { beginOperation, textField, write } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { settings, type Vu } from './state.ts';
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

/** The pictures of a pool, shared by all VUs of the worker. */
interface SharedPool {
  pictures: readonly GuestPicture[];
  key: number;
}

/** A pool as one virtual user sees it. */
class GuestPool implements ImagePool {
  readonly size: number;
  readonly #shared: SharedPool;
  readonly #vu: Vu;

  constructor(vu: Vu, shared: SharedPool) {
    this.#vu = vu;
    this.#shared = shared;
    this.size = shared.pictures.length;
    Object.freeze(this);
  }

  next(): Picture {
    const vu = this.#vu;
    return this.at(hashOf(settings.seed, this.#shared.key, vu.scenario, vu.who, vu.which, vu.pictures++));
  }

  at(index: number): Picture {
    if (!Number.isInteger(index) || index < 0) throw new RangeError(`pool.at: expected a whole number, 0 or more; got ${String(index)}`);
    return this.#shared.pictures[index % this.size] as Picture;
  }
}

/** Classes of what scripts are handed. */
export const imageClasses: readonly unknown[] = [GuestPicture, GuestPool];

const pools = new Map<PoolAnswer, SharedPool>();

/** Picture objects are immutable and made once per answer. */
function poolOf(vu: Vu, answer: PoolAnswer): GuestPool {
  let shared = pools.get(answer);
  if (shared === undefined) {
    shared = { pictures: answer.pictures.map((_, index) => new GuestPicture(answer, index)), key: hashOfText(answer.pool) };
    pools.set(answer, shared);
  }
  return new GuestPool(vu, shared);
}

/** `image` of one virtual user. */
export function makeImage(vu: Vu) {
  return {
    pool: (spec: ImageSpec): ImagePool => poolOf(vu, loadedAnswer('image.pool', spec) as PoolAnswer),
    file: (path: string): Picture => poolOf(vu, loadedAnswer('image.file', path) as PoolAnswer).at(0),
    folder: (glob: string, options?: { resize?: { width: number; height: number } }): ImagePool =>
      poolOf(vu, loadedAnswer('image.folder', options?.resize === undefined ? { glob } : { glob, resize: options.resize }) as PoolAnswer),
    async inspect(response: Response, path = ''): Promise<Inspection> {
      if (!(response instanceof GuestResponse)) throw new TypeError('image.inspect: expected a response of this script');
      if (response.bodyLength === 0) return { ok: false, reason: 'the answer has no body' };
      const operation = beginOperation(vu);
      const { id } = operation;
      if (id !== 0) write(vu, TO_HOST.inspect, `${id},${GuestResponse.handleOf(response)},${textField(String(path))}`);
      return (await operation) as Inspection;
    },
  };
}
