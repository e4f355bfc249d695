import type { Rgb } from '../picture/palette.ts';
import type { PictureFormat } from '../picture/picture.ts';
import { faultOf, library, type PictureFault, readHeader } from './decoder.ts';

/** A picture as raw pixels: 3 bytes each, red, green, blue, rows from the top. */
export interface RgbPicture {
  readonly ok: true;
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
  /** What it was decoded from; `width` and `height` are smaller when the copy was scaled down. */
  readonly source: { readonly format: PictureFormat; readonly width: number; readonly height: number };
}

/** A frame to draw: in pixels of the picture, with its colour. */
export interface Frame {
  readonly box: readonly [x: number, y: number, width: number, height: number];
  readonly colour: Rgb;
}

const ANNOTATED_QUALITY = 85;

/**
 * Decodes the whole picture into a copy of at most about `pixelsWanted` pixels, scaled down by a power of two: decoders of
 * jpeg and webp do that for almost nothing. Never throws; a picture that is cut off or broken anywhere is a fault.
 */
export async function decodeSmall(bytes: Buffer, pixelsWanted: number): Promise<RgbPicture | PictureFault> {
  const header = await readHeader(bytes);
  if (!header.ok) return header;
  let factor = 1;
  while ((header.width / factor) * (header.height / factor) > pixelsWanted) factor *= 2;
  const width = Math.max(1, Math.round(header.width / factor));
  const height = Math.max(1, Math.round(header.height / factor));
  try {
    const scaled = factor === 1 ? header.open() : header.open().resize(width, height, { fit: 'fill', kernel: 'linear' });
    const pixels = await scaled.toColourspace('srgb').removeAlpha().raw({ depth: 'uchar' }).toBuffer();
    return { ok: true, pixels, width, height, source: { format: header.format, width: header.width, height: header.height } };
  } catch (error) {
    return faultOf(error);
  }
}

/** The picture as a jpeg with frames drawn on it. Never throws. */
export async function annotate(bytes: Buffer, frames: readonly Frame[]): Promise<Buffer | PictureFault> {
  const whole = await decodeSmall(bytes, Number.POSITIVE_INFINITY);
  if (!whole.ok) return whole;
  const thickness = Math.max(2, Math.round(Math.min(whole.width, whole.height) / 160));
  for (const frame of frames) drawFrame(whole, frame, thickness);
  try {
    const raw = { width: whole.width, height: whole.height, channels: 3 } as const;
    const sharp = await library();
    return await sharp(whole.pixels, { raw }).jpeg({ quality: ANNOTATED_QUALITY }).toBuffer();
  } catch (error) {
    return faultOf(error);
  }
}

function drawFrame(picture: RgbPicture, { box: [x, y, width, height], colour }: Frame, thickness: number): void {
  fill(picture, [x, y, width, thickness], colour);
  fill(picture, [x, y + height - thickness, width, thickness], colour);
  fill(picture, [x, y, thickness, height], colour);
  fill(picture, [x + width - thickness, y, thickness, height], colour);
}

function fill(picture: RgbPicture, [x, y, width, height]: Frame['box'], colour: Rgb): void {
  const left = Math.max(0, x);
  const right = Math.min(picture.width, x + width);
  for (let row = Math.max(0, y); row < Math.min(picture.height, y + height); row++) {
    for (let column = left; column < right; column++) picture.pixels.set(colour, (row * picture.width + column) * 3);
  }
}
