import type sharp from 'sharp';
import type { Sharp } from 'sharp';
import { formatOf, type PictureFormat } from '../picture/picture.ts';

/** Pictures with more are refused before they are decoded, whatever their size in bytes. */
export const PIXELS_MAX = 64_000_000;

/** Why bytes are not a picture that can be used. */
export interface PictureFault {
  readonly ok: false;
  /** `unsupported`: no raster format we read; `too-large`: over 64 million pixels; `undecodable`: broken or cut off. */
  readonly kind: 'unsupported' | 'too-large' | 'undecodable';
  /** One line for people. */
  readonly reason: string;
}

export interface PictureHeader {
  readonly ok: true;
  readonly format: PictureFormat;
  /** As it is shown, the orientation of its EXIF heeded. */
  readonly width: number;
  readonly height: number;
  /** Begins a sharp pipeline over the whole picture, turned as it is shown; its first frame if it has several. */
  open(): Sharp;
}

let loading: Promise<typeof sharp> | undefined;

/**
 * sharp with one thread per picture and no cache: the load generator beside it needs the cores, and no picture comes twice. It is loaded when it is first asked for:
 * that takes 50 ms, and not every script has pictures.
 */
export function library(): Promise<typeof sharp> {
  loading ??= import('sharp').then(({ default: loaded }) => {
    loaded.concurrency(1);
    loaded.cache(false);
    return loaded;
  });
  return loading;
}

/** Reads format and size, not the pixels. Never throws. */
export async function readHeader(bytes: Buffer): Promise<PictureHeader | PictureFault> {
  const format = formatOf(bytes);
  if (format === undefined) return { ok: false, kind: 'unsupported', reason: 'not a jpeg, png, webp, gif, avif or tiff picture' };
  try {
    // Only reads the header: the limit is checked here so that it gets an answer of its own.
    const sharp = await library();
    const { autoOrient, orientation = 1 } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const { width, height } = autoOrient;
    if (width * height > PIXELS_MAX) {
      return { ok: false, kind: 'too-large', reason: `${width}x${height} is over ${PIXELS_MAX / 1_000_000} million pixels` };
    }
    const open = (): Sharp => {
      const whole = sharp(bytes, { limitInputPixels: PIXELS_MAX, failOn: 'error' });
      return orientation > 1 ? whole.autoOrient() : whole;
    };
    return { ok: true, format, width, height, open };
  } catch (error) {
    return faultOf(error);
  }
}

/** What sharp threw while decoding, as a value of one line. */
export function faultOf(error: unknown): PictureFault {
  const text = error instanceof Error ? error.message : String(error);
  return { ok: false, kind: 'undecodable', reason: text.split('\n')[0]?.trim().slice(0, 200) || 'cannot be decoded' };
}
