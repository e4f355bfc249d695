/** Formats that pictures come in. Drawn pictures are jpeg, png or webp; files and answers may be any of these. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** A thing in a picture: its class, such as `red_circle`, and where it is, in whole pixels from the top left corner. */
export interface SceneObject {
  class: string;
  box: [x: number, y: number, width: number, height: number];
}

/** A picture ready to send. Shared by all users: never write to `bytes`. */
export interface EncodedPicture {
  /** The same picture has the same id in every run with the same seed. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly format: PictureFormat;
  readonly bytes: Buffer;
  /** What is in it; empty unless it is a drawn scene. */
  readonly objects: readonly SceneObject[];
}

/**
 * The raster format by the first bytes, never by a name or a header.
 * @returns undefined for svg, pdf, text and everything else
 */
export function formatOf(bytes: Buffer): PictureFormat | undefined {
  if (bytes.length < 12) return undefined;
  const ascii = (from: number, to: number): string => bytes.toString('latin1', from, to);
  if (ascii(0, 3) === '\xff\xd8\xff') return 'jpeg';
  if (ascii(0, 8) === '\x89PNG\r\n\x1a\n') return 'png';
  if (ascii(0, 4) === 'RIFF' && ascii(8, 12) === 'WEBP') return 'webp';
  if (ascii(0, 6) === 'GIF87a' || ascii(0, 6) === 'GIF89a') return 'gif';
  if (ascii(4, 8) === 'ftyp' && (ascii(8, 12) === 'avif' || ascii(8, 12) === 'avis')) return 'avif';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  return undefined;
}
