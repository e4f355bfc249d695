import { Buffer } from 'node:buffer';

/** Formats that can be made to differ in bytes and not in pixels: drawn ones, and what files may be besides. */
const UNIQUE_FORMATS = ['jpeg', 'png', 'webp', 'gif', 'bmp', 'tiff', 'avif', 'heic', 'heif', 'mp4', 'mov'] as const;
export type UniqueFormat = (typeof UNIQUE_FORMATS)[number];

/** A picture cut where a chunk that no decoder shows goes in: head + {@link uniqueChunk} + tail is a valid picture. */
export interface UniqueParts {
  readonly head: Buffer;
  readonly tail: Buffer;
}

/** Hex digits of a counter: the largest safe integer has 14. Every chunk is equally long, so sizes in a head stay true. */
const COUNTER_DIGITS = 14;

/** Whether pictures of this format, such as that of a file from disk, can go through {@link uniqueParts}. */
export function canBeUnique(format: string): format is UniqueFormat {
  return (UNIQUE_FORMATS as readonly string[]).includes(format);
}

/** Cuts a picture; once per picture, the parts serve every use. Bytes are shared with the picture where they can be. */
export function uniqueParts(picture: { format: UniqueFormat; bytes: Buffer }): UniqueParts {
  switch (picture.format) {
    case 'jpeg':
      return cutAt(picture.bytes, jpegCut(picture.bytes));
    case 'png':
      return cutAt(picture.bytes, PNG_AFTER_IHDR);
    case 'webp':
      return { head: picture.bytes.length < WEBP_BYTES_MIN ? picture.bytes : webpHead(picture.bytes), tail: Buffer.alloc(0) };
    case 'gif':
      return cutAt(picture.bytes, picture.bytes.at(-1) === GIF_END ? picture.bytes.length - 1 : picture.bytes.length);
    default:
      return { head: picture.bytes, tail: Buffer.alloc(0) }; // what comes after the last byte that they name nobody looks at
  }
}

/**
 * The chunk for one use, 14 to 34 bytes: a comment of jpeg or gif, a png text, an unknown chunk of webp, a free box of ISO media files, and of the others bytes
 * behind the end.
 * @param counter - a safe integer from 0; different ones give different bytes
 */
export function uniqueChunk(format: UniqueFormat, counter: number): Buffer {
  const digits = counter.toString(16).padStart(COUNTER_DIGITS, '0');
  switch (format) {
    case 'jpeg':
      return Buffer.from(`\xff\xfe\0${String.fromCharCode(COUNTER_DIGITS + 2)}${digits}`, 'latin1');
    case 'png':
      return pngChunk('tEXt', `Comment\0${digits}`);
    case 'webp':
      return Buffer.from(`SRUN${String.fromCharCode(COUNTER_DIGITS)}\0\0\0${digits}`, 'latin1');
    case 'gif':
      return Buffer.from(`!\xfe${String.fromCharCode(COUNTER_DIGITS)}${digits}\0`, 'latin1');
    case 'bmp':
    case 'tiff':
      return Buffer.from(digits, 'latin1');
    default: // the families of ISO media files
      return Buffer.from(`\0\0\0${String.fromCharCode(CHUNK_HEADER + COUNTER_DIGITS)}free${digits}`, 'latin1');
  }
}

function cutAt(bytes: Buffer, at: number): UniqueParts {
  return { head: bytes.subarray(0, at), tail: bytes.subarray(at) };
}

/** After the start marker, and after the JFIF header where there is one: it wants to be first. */
function jpegCut(bytes: Buffer): number {
  const isJfif = bytes.length >= 6 && bytes.readUInt16BE(2) === 0xffe0;
  return isJfif ? 4 + bytes.readUInt16BE(4) : 2;
}

/** Signature of 8, IHDR of 4 + 4 + 13 + 4. */
const PNG_AFTER_IHDR = 33;

function pngChunk(type: string, data: string): Buffer {
  const chunk = Buffer.alloc(12 + data.length);
  chunk.writeUInt32BE(data.length, 0);
  chunk.write(type + data, 4, 'latin1');
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}

/** One step of the CRC per byte value. @see https://www.w3.org/TR/png-3/#D-CRCAppendix */
const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** Our own, so that the worker's bundle needs nothing but node:buffer here. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Header of RIFF and of each of its chunks: name and little-endian size. */
const RIFF_HEADER = 12;
const CHUNK_HEADER = 8;
const WEBP_CHUNK_BYTES = CHUNK_HEADER + COUNTER_DIGITS;
/** A shorter one is cut off before its size. */
const WEBP_BYTES_MIN = 30;
const GIF_END = 0x3b;

/**
 * The whole file with its RIFF size raised by the chunk to come. Unknown chunks are for the extended format only, so
 * a simple file gets a VP8X chunk first.
 * @see https://developers.google.com/speed/webp/docs/riff_container
 */
function webpHead(bytes: Buffer): Buffer {
  const riffEnd = Math.min(bytes.length, bytes.readUInt32LE(4) + CHUNK_HEADER);
  const chunks = bytes.subarray(RIFF_HEADER, riffEnd);
  const vp8x = chunks.toString('latin1', 0, 4) === 'VP8X' ? Buffer.alloc(0) : vp8xChunk(chunks);
  const head = Buffer.concat([bytes.subarray(0, RIFF_HEADER), vp8x, chunks]);
  head.writeUInt32LE(head.length - CHUNK_HEADER + WEBP_CHUNK_BYTES, 4);
  return head;
}

/** Canvas size and alpha flag, taken from the bitstream's own header. */
function vp8xChunk(chunks: Buffer): Buffer {
  const chunk = Buffer.alloc(CHUNK_HEADER + 10);
  chunk.write('VP8X', 0, 'latin1');
  chunk.writeUInt32LE(10, 4);
  const isLossless = chunks.toString('latin1', 0, 4) === 'VP8L';
  // Lossless: a signature byte, then 14 bits of width − 1, 14 of height − 1, 1 of alpha. Lossy: sizes after a tag and a start code of 3 bytes each.
  const bits = isLossless ? chunks.readUInt32LE(CHUNK_HEADER + 1) : 0;
  const width = isLossless ? (bits & 0x3fff) + 1 : chunks.readUInt16LE(CHUNK_HEADER + 6) & 0x3fff;
  const height = isLossless ? ((bits >>> 14) & 0x3fff) + 1 : chunks.readUInt16LE(CHUNK_HEADER + 8) & 0x3fff;
  chunk.writeUInt8((bits >>> 28) & 1 ? 0x10 : 0, CHUNK_HEADER);
  chunk.writeUIntLE(width - 1, CHUNK_HEADER + 4, 3);
  chunk.writeUIntLE(height - 1, CHUNK_HEADER + 7, 3);
  return chunk;
}
