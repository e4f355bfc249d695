import { availableParallelism } from 'node:os';
import { ConfigError } from '../core/errors.ts';
import { formatBytes } from '../core/units.ts';
import type { EncodedPicture } from '../picture/picture.ts';
import { idOf, objectsOf } from '../picture/scene.ts';
import type { ResolvedImageSpec } from '../picture/spec.ts';
import { library } from './decoder.ts';
import { canvasOf, pixelsOf } from './paint.ts';

/** A pool is held in memory by the coordinator and by every worker. */
export const POOL_BYTES_MAX = 1_000_000_000;

/** Fast settings: webp's default effort takes five times as long for 3 % fewer bytes. */
const WEBP_EFFORT = 1;
const PNG_LEVEL = 3;
/** The usual Huffman tables, as cameras write them: tables for each picture take twice the time of all else for a sixth fewer bytes. */
const HAS_OWN_TABLES = false;

/**
 * All pictures of a pool, in order. The same spec and seed give the same bytes with the same version of sharp.
 * @throws {ConfigError} when the pool would be over 1 GB
 */
export async function renderPool(spec: ResolvedImageSpec, seed: number): Promise<EncodedPicture[]> {
  const pictures: EncodedPicture[] = new Array(spec.variants);
  let next = 0;
  let bytes = 0;
  const draw = async (): Promise<void> => {
    const canvas = canvasOf(spec); // free again once its picture is encoded
    while (next < spec.variants) {
      const index = next++;
      const picture = await renderOne(spec, seed, index, canvas);
      pictures[index] = picture;
      bytes += picture.bytes.length;
      if (bytes > POOL_BYTES_MAX) {
        throw new ConfigError(
          'image.pool',
          `expected at most ${formatBytes(POOL_BYTES_MAX)} in all; ${spec.variants} variants of ${spec.width}x${spec.height} ${spec.format} are more`,
          {
            hint: 'fewer variants, smaller sides, or unique: "bytes", which makes every use differ at no cost',
          },
        );
      }
    }
  };
  // Encoding happens on sharp's threads while the next picture is painted on ours.
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), 4) }, draw));
  return pictures;
}

/**
 * Picture `index` of a spec: what {@link renderPool} has there, and for `unique: 'pixels'` any further one.
 * @param canvas - to paint on; it is in use until the picture is there
 */
export async function renderOne(
  spec: ResolvedImageSpec,
  seed: number,
  index: number,
  ...[canvas]: [canvas?: Buffer]
): Promise<EncodedPicture> {
  const { width, height, format, quality } = spec;
  const sharp = await library();
  const raw = sharp(pixelsOf(spec, seed, index, canvas), { raw: { width, height, channels: 3 } });
  const bytes = await (format === 'jpeg'
    ? raw.jpeg({ quality, optimiseCoding: HAS_OWN_TABLES })
    : format === 'png'
      ? raw.png({ compressionLevel: PNG_LEVEL })
      : raw.webp({ quality, effort: WEBP_EFFORT })
  ).toBuffer();
  return { id: idOf(spec, seed, index), width, height, format, bytes, objects: objectsOf(spec, seed, index) };
}
