import { hashOf, uniformOf } from '../core/random.ts';
import { PALETTE } from '../picture/palette.ts';
import { hashOfSpec, type Scene, type SceneShape, sceneOf } from '../picture/scene.ts';
import type { ResolvedImageSpec } from '../picture/spec.ts';

/** A square of film grain is drawn once and repeated: 0.9 megabytes of hashes a megapixel would be the slowest part. */
const GRAIN_SIDE = 128;
const GRAIN_MASK = GRAIN_SIDE - 1;
/** Grain is −6 to 6 of 255 in brightness, never in colour: pictures then weigh about as much as photographs. */
const GRAIN_LEVELS = 13;

/**
 * The pixels of picture `index` of a spec: 3 bytes each, red, green, blue, rows from the top.
 * Whole-number arithmetic only, so the same arguments give the same pixels on every machine.
 * @param pixels - a canvas of the spec, painted over and given back: memory that the system has given once is there at once
 */
export function pixelsOf(spec: ResolvedImageSpec, seed: number, index: number, ...[pixels = canvasOf(spec)]: [pixels?: Buffer]): Buffer {
  const base = hashOf(seed, hashOfSpec(spec), index);
  switch (spec.content) {
    case 'scene':
      return paintScene(pixels, sceneOf(spec, seed, index), grainOf(base));
    case 'noise':
      return paintNoise(pixels, base);
    case 'gradient':
      return paintGradient(pixels, spec, base);
  }
}

/** Room for the pixels of one picture of a spec. */
export function canvasOf({ width, height }: ResolvedImageSpec): Buffer {
  return Buffer.allocUnsafeSlow(width * height * 3);
}

function paintScene(pixels: Buffer, scene: Scene, grain: Int8Array): Buffer {
  const { width, height, background, slope } = scene;
  for (let y = 0; y < height; y++) {
    const shade = Math.trunc((slope * y) / height);
    const from = y * width * 3;
    paintGround(pixels, {
      from,
      to: from + Math.min(width, GRAIN_SIDE) * 3,
      colour: [background[0] + shade, background[1] + shade, background[2] + shade],
      grain: grain.subarray((y & GRAIN_MASK) * GRAIN_SIDE),
    });
    repeat(pixels, { from, painted: GRAIN_SIDE * 3, to: from + width * 3 });
  }
  for (const shape of scene.shapes) paintShape(pixels, width, shape);
  return pixels;
}

/** The first pixels of a row, as far as the grain goes before it comes again. */
function paintGround(
  pixels: Buffer,
  { from, to, colour, grain }: { from: number; to: number; colour: readonly [number, number, number]; grain: Int8Array },
): void {
  const [red, green, blue] = colour;
  for (let at = from, x = 0; at < to; x++) {
    const light = grain[x] as number;
    pixels[at++] = red + light;
    pixels[at++] = green + light;
    pixels[at++] = blue + light;
  }
}

/** Fills what is left of a row with what was painted at its beginning, twice as much at a time. */
function repeat(pixels: Buffer, { from, painted, to }: { from: number; painted: number; to: number }): void {
  for (let done = painted; from + done < to; done *= 2) pixels.copyWithin(from + done, from, Math.min(from + done, to - done));
}

function paintShape(pixels: Buffer, width: number, shape: SceneShape): void {
  const [x, y, side] = shape.box;
  const [red, green, blue] = PALETTE[shape.colour];
  for (let row = 0; row < side; row++) {
    const inset = insetOf(shape, row);
    let at = ((y + row) * width + x + inset) * 3;
    const end = ((y + row) * width + x + side - inset) * 3;
    while (at < end) {
      pixels[at++] = red;
      pixels[at++] = green;
      pixels[at++] = blue;
    }
  }
}

/** Pixels left free at either end of a row of the shape's box. */
function insetOf({ shape, box: [, , side] }: SceneShape, row: number): number {
  if (shape === 'square') return 0;
  if (shape === 'triangle') return Math.floor((side - 1 - row) / 2);
  const fromCentre = row + 0.5 - side / 2;
  return Math.round(side / 2 - Math.sqrt((side / 2) ** 2 - fromCentre ** 2));
}

function grainOf(base: number): Int8Array {
  const draw = xorshift(hashOf(base, 20));
  const grain = new Int8Array(GRAIN_SIDE * GRAIN_SIDE);
  for (let at = 0; at < grain.length; at++) grain[at] = ((draw() >>> 8) % GRAIN_LEVELS) - (GRAIN_LEVELS >> 1);
  return grain;
}

function paintNoise(pixels: Buffer, base: number): Buffer {
  const draw = xorshift(hashOf(base, 21));
  for (let at = 0; at < pixels.length; at++) pixels[at] = draw() >>> 24;
  return pixels;
}

function paintGradient(pixels: Buffer, { width, height }: ResolvedImageSpec, base: number): Buffer {
  const channel = (...at: number[]): number => Math.floor(uniformOf(base, ...at) * 256);
  const from = [channel(22, 0), channel(22, 1), channel(22, 2)] as const;
  const step = [channel(23, 0) - from[0], channel(23, 1) - from[1], channel(23, 2) - from[2]] as const;
  const last = Math.max(1, width + height - 2);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      pixels[at++] = from[0] + Math.trunc((step[0] * (x + y)) / last);
      pixels[at++] = from[1] + Math.trunc((step[1] * (x + y)) / last);
      pixels[at++] = from[2] + Math.trunc((step[2] * (x + y)) / last);
    }
  }
  return pixels;
}

/**
 * A stream of 32-bit numbers from one counter-based hash: a picture needs millions, and the stream never leaves it.
 * @see https://www.jstatsoft.org/article/view/v008i14 (Marsaglia, Xorshift RNGs)
 */
function xorshift(start: number): () => number {
  let state = start === 0 ? 1 : start;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
