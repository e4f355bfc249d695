import { brandsOf, formatOf } from './picture.ts';

/** What a file is, as far as it can be told without decoding it. */
export interface FileType {
  /** A short name such as `jpeg`, `heic` or `npy`; `bin` when nobody knows. */
  readonly format: string;
  /** Without parameters. */
  readonly contentType: string;
}

const UNKNOWN: FileType = { format: 'bin', contentType: 'application/octet-stream' };

/** By the ends of names; what most systems say of them (https://www.iana.org/assignments/media-types). */
const TYPES: Readonly<Record<string, string>> = {
  avif: 'image/avif',
  avi: 'video/x-msvideo',
  bmp: 'image/bmp',
  csv: 'text/csv',
  dcm: 'application/dicom',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  html: 'text/html',
  ico: 'image/x-icon',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  jsonl: 'application/x-ndjson',
  jp2: 'image/jp2',
  jxl: 'image/jxl',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ndjson: 'application/x-ndjson',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xml: 'application/xml',
  zip: 'application/zip',
};

/** Formats by other ends of names than their own. */
const SAME: Readonly<Record<string, string>> = { jpg: 'jpeg', tif: 'tiff', dcm: 'dicom' };

/** By the first bytes where they say it, else by the end of the name. @param name - of the file, with or without its folder */
export function fileTypeOf(bytes: Buffer, name: string): FileType {
  const picture = formatOf(bytes);
  if (picture !== undefined) return { format: picture, contentType: `image/${picture}` };
  const known = typeByBytes(bytes);
  if (known !== undefined) return { format: known, contentType: TYPES[known === 'dicom' ? 'dcm' : known] ?? UNKNOWN.contentType };
  const end = /\.([a-z0-9]{1,10})$/i.exec(name)?.[1]?.toLowerCase();
  return end === undefined ? UNKNOWN : { format: SAME[end] ?? end, contentType: TYPES[end] ?? UNKNOWN.contentType };
}

function typeByBytes(bytes: Buffer): string | undefined {
  const begins = (text: string, at = 0): boolean => bytes.toString('latin1', at, at + text.length) === text;
  if (begins('\xff\xd8\xff')) return 'jpeg'; // cut off so early that it is none
  if (begins('BM') && bytes.length >= 14) return 'bmp';
  if (begins('DICM', 128)) return 'dicom';
  if (begins('%PDF-')) return 'pdf';
  if (begins('\x1a\x45\xdf\xa3')) return begins('webm', 31) || begins('webm', 24) ? 'webm' : 'mkv';
  if (begins('\xff\x0a') || begins('\0\0\0\x0cJXL ')) return 'jxl';
  if (begins('\x93NUMPY')) return 'npy';
  const brands = brandsOf(bytes);
  if (brands === undefined) return undefined;
  if (brands.some((brand) => /^(?:hei[cxms]|hev[cxms])$/.test(brand))) return 'heic';
  if (brands.some((brand) => brand === 'mif1' || brand === 'msf1')) return 'heif';
  return brands[0] === 'qt  ' ? 'mov' : 'mp4';
}
