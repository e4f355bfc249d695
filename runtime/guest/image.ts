import { ASK, TO_HOST } from '../core/mailbox.ts';
import { hashOf, hashOfText } from '../core/random.ts';
import { idOf, objectsOf } from '../picture/scene.ts';
import type { ResolvedImageSpec } from '../picture/spec.ts';
import { GuestDataUrl, holeFor, nameBytes, referenceOf, refuseInRequest } from './bytes-in-requests.ts';
import { askText } from './host.ts';
import { answerIfThere, freezeDeep, loadedAnswer } from './loaded.ts';
import { beginOperation, textField, write } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { NeedsLoading, settings, type Vu } from './state.ts';
import type {
  Embedded,
  FileOptions,
  FolderOptions,
  ImagePool,
  ImageSpec,
  Inspection,
  Picture,
  Response,
  SceneObject,
} from './stressrun.d.ts';

/** What the host says of a picture. */
interface KnownPicture {
  width: number;
  height: number;
  format: string;
  bytes: number;
  objects: readonly SceneObject[];
  id: string;
}

/** What the host says of a pool; the bytes stay there. */
interface PoolAnswer {
  pool: string;
  /** Every picture is drawn from this when it is used; absent: they are there. */
  drawnFrom?: ResolvedImageSpec;
  pictures: KnownPicture[];
}

/** Different pictures that can be drawn: coordinates of choices have 32 bits. */
const DRAWN_MAX = 4_294_967_296;

class GuestPicture implements Picture {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  readonly objects: readonly SceneObject[];
  readonly id: string;
  readonly #isDrawnPerUse: boolean;

  constructor(known: KnownPicture, place: { pool: string; index: number; isDrawnPerUse: boolean }) {
    this.width = known.width;
    this.height = known.height;
    this.format = known.format;
    this.bytes = known.bytes;
    this.objects = known.objects;
    this.id = known.id;
    this.#isDrawnPerUse = place.isDrawnPerUse;
    nameBytes(this, `${place.pool}/${place.index}`);
    Object.freeze(this);
  }

  base64(): string {
    if (this.#isDrawnPerUse)
      throw new RangeError(
        "picture.base64: a picture of a pool with unique: 'pixels' is drawn when it is sent, so there are no bytes yet; put the picture itself into json, multipart or body, or make the pool with unique: 'bytes'",
      );
    return askText(ASK.base64, 0, referenceOf(this) ?? '');
  }

  get dataUrl(): Embedded {
    return new GuestDataUrl(this);
  }

  /** In a request's JSON it is its bytes: an API wants these, not how wide they are. */
  toJSON(key: string): unknown {
    return holeFor(this, 'base64', { key, what: 'a picture' }) ?? { ...this };
  }
}

/** The reference of a picture or other bytes, and of the next picture where a pool is given; undefined for anything else. @throws TypeError for bytes that are gone */
export function bytesReference(value: unknown): string | undefined {
  return referenceOf(value instanceof GuestPool ? value.next() : value);
}

/** A pool as all VUs of the worker share it. */
interface SharedPool {
  readonly key: number;
  readonly size: number;
  at(index: number): GuestPicture;
}

/** A pool as one virtual user sees it. */
class GuestPool implements ImagePool {
  readonly size: number;
  readonly #shared: SharedPool;
  readonly #vu: Vu;

  constructor(vu: Vu, shared: SharedPool) {
    this.#vu = vu;
    this.#shared = shared;
    this.size = shared.size;
    Object.freeze(this);
  }

  next(): Picture {
    const vu = this.#vu;
    return this.at(hashOf(settings.seed, this.#shared.key, vu.scenario, vu.who, vu.which, vu.pictures++));
  }

  at(index: number): Picture {
    if (!Number.isInteger(index) || index < 0) throw new RangeError(`pool.at: expected a whole number, 0 or more; got ${String(index)}`);
    return this.#shared.at(index);
  }

  toJSON(key: string): unknown {
    refuseInRequest(key, 'a pool of pictures', 'pool.next() is one of them');
    return { size: this.size };
  }
}

/**
 * Stands for a pool that is not there yet, so that module level goes on and names all that it wants at once: drawing them together takes less time. Whoever looks into
 * it ends module level, which is evaluated again anyway.
 */
class AwaitedPool implements ImagePool {
  readonly #call: string;

  constructor(call: string) {
    this.#call = call;
    Object.freeze(this);
  }

  get size(): number {
    return this.#end();
  }

  next(): Picture {
    return this.#end();
  }

  at(_index: number): Picture {
    return this.#end();
  }

  toJSON(): unknown {
    return this.#end();
  }

  #end(): never {
    throw new NeedsLoading(this.#call);
  }
}

/** Classes of what scripts are handed. */
export const imageClasses: readonly unknown[] = [GuestPicture, GuestPool, AwaitedPool];

const pools = new Map<PoolAnswer, SharedPool>();

/** Made once per answer. */
function poolOf(vu: Vu, answer: PoolAnswer): GuestPool {
  let shared = pools.get(answer);
  if (shared === undefined) {
    shared = answer.drawnFrom === undefined ? poolOfPictures(answer) : poolThatDraws(answer.pool, answer.drawnFrom);
    pools.set(answer, shared);
  }
  return new GuestPool(vu, shared);
}

/** Picture objects are immutable, and made once. */
function poolOfPictures({ pool, pictures: known }: PoolAnswer): SharedPool {
  const pictures = known.map((picture, index) => new GuestPicture(picture, { pool, index, isDrawnPerUse: false }));
  const at = (index: number): GuestPicture => pictures[index % pictures.length] as GuestPicture;
  return { key: hashOfText(pool), size: pictures.length, at };
}

/** Each index is a picture of its own. What is in it is laid out here as the host will, so that a script can compare before anything is drawn. */
function poolThatDraws(pool: string, spec: ResolvedImageSpec): SharedPool {
  const { width, height, format, variants } = spec;
  const at = (wanted: number): GuestPicture => {
    const index = wanted % DRAWN_MAX;
    const objects = freezeDeep(objectsOf(spec, settings.seed, index));
    const known = { width, height, format, bytes: 0, objects, id: idOf(spec, settings.seed, index) };
    return new GuestPicture(known, { pool, index, isDrawnPerUse: true });
  };
  return { key: hashOfText(pool), size: variants, at };
}

/** A pool of the host, or at module level what stands for it until it is there. */
function askedPool(vu: Vu, call: string, argument: unknown): ImagePool {
  const answer = vu.isAtModuleLevel ? answerIfThere(call, argument) : loadedAnswer(call, argument);
  return answer === undefined ? new AwaitedPool(call) : poolOf(vu, answer as PoolAnswer);
}

/** `image` of one virtual user. */
export function makeImage(vu: Vu) {
  return {
    pool: (spec: ImageSpec): ImagePool => askedPool(vu, 'image.pool', spec),
    file: (path: string, options?: FileOptions): Picture =>
      poolOf(vu, loadedAnswer('image.file', options === undefined ? path : { path, options }) as PoolAnswer).at(0),
    folder: (glob: string, options?: FolderOptions): ImagePool =>
      askedPool(vu, 'image.folder', options === undefined ? { glob } : { glob, options }),
    async inspect(response: Response, path = ''): Promise<Inspection> {
      if (!(response instanceof GuestResponse)) throw new TypeError('image.inspect: expected a response of this script');
      GuestResponse.requireBody(response);
      if (response.bodyLength === 0) return { ok: false, reason: 'the answer has no body' };
      const operation = beginOperation(vu);
      const { id } = operation;
      if (id !== 0) write(vu, TO_HOST.inspect, `${id},${GuestResponse.handleOf(response)},${textField(String(path))}`);
      return (await operation) as Inspection;
    },
  };
}
