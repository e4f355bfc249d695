/** Formats that pictures come in. Drawn pictures are jpeg, png or webp; files and answers may be any of these. */
export type PictureFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff';

/** A thing in a picture: its class, such as `red_circle`, and where it is, in whole pixels from the top left corner. */
export interface SceneObject {
  class: string;
  box: [x: number, y: number, width: number, height: number];
}

/** A picture, or any file in its place, ready to send. Shared by all users: never write to `bytes`. */
export interface EncodedPicture {
  /** The same picture has the same id in every run with the same seed. */
  readonly id: string;
  /** As it is shown: a turned photo's are those of the turned one. 0, both: nobody could decode it. */
  readonly width: number;
  readonly height: number;
  /** A {@link PictureFormat}, or that of the file where it is none. */
  readonly format: string;
  readonly bytes: Buffer;
  /** What is in it; empty unless it is a drawn scene. */
  readonly objects: readonly SceneObject[];
  /** What the file that it comes from is called and said to be; absent: it was drawn. */
  readonly file?: SentFile;
}

/** How a file is named to who gets it. */
export interface SentFile {
  readonly filename: string;
  readonly contentType: string;
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
  if (isAvif(bytes)) return 'avif';
  if (ascii(0, 4) === 'II*\0' || ascii(0, 4) === 'MM\0*') return 'tiff';
  return undefined;
}

/** Brands by which a file says that it is an AVIF picture, or a sequence of them. */
const AVIF_BRANDS: readonly string[] = ['avif', 'avis', 'MA1A', 'MA1B'];
/** Where the kinds of a picture's items are listed; the list comes before the data. */
const ITEMS_BYTES_MAX = 4096;

/**
 * Encoders name the brand of the picture first, or only the container's, `mif1`: then the kinds of its items tell.
 * @see https://aomediacodec.github.io/av1-avif/#brands
 */
function isAvif(bytes: Buffer): boolean {
  const brands = brandsOf(bytes);
  if (brands === undefined) return false;
  if (brands.some((brand) => AVIF_BRANDS.includes(brand))) return true;
  return brands.some((brand) => brand === 'mif1' || brand === 'msf1') && bytes.subarray(0, ITEMS_BYTES_MAX).includes('av01');
}

/** Brands of an ISO media file, the major one first; undefined for any other file. */
export function brandsOf(bytes: Buffer): readonly string[] | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 4, 8) !== 'ftyp') return undefined;
  const end = Math.min(bytes.length, Math.max(12, bytes.readUInt32BE(0)), 256);
  const brands = [bytes.toString('latin1', 8, 12)];
  for (let at = 16; at + 4 <= end; at += 4) brands.push(bytes.toString('latin1', at, at + 4));
  return brands;
}
