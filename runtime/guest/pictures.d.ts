/** Pictures and other bytes, for scripts. */

export interface ImageSpec {
  width: number;
  height: number;
  /** Default 'jpeg'. */
  format?: 'jpeg' | 'png' | 'webp';
  /** 1 to 100; default 85. */
  quality?: number;
  /** `scene` (default): coloured shapes at known places; `noise`: hard to compress; `gradient`: easy. */
  content?: 'scene' | 'noise' | 'gradient';
  /** Different pictures in the pool; default 32. */
  variants?: number;
  /** `bytes`: each use differs in bytes, not in pixels. `pixels`: each `next()` is a new picture, one of 4 billion, drawn when it is sent. Default 'none'. */
  unique?: 'none' | 'bytes' | 'pixels';
}

/** A thing in a `scene` picture. */
export interface SceneObject {
  class: string;
  box: [x: number, y: number, width: number, height: number];
}

/** A picture: the bytes stay outside the script. As a value in `json` it is its base64 text, in `multipart` a file, as `body` the bytes. */
export interface Picture {
  /** Pixels, of a photo with an EXIF orientation as it is shown. 0 for a file that cannot be decoded here; it is sent as it is. */
  readonly width: number;
  readonly height: number;
  /** Such as 'jpeg'; of a file that is no picture by its first bytes or its name, such as 'heic' or 'npy'. */
  readonly format: string;
  /** Encoded size; 0 with `unique: 'pixels'`: it is not drawn yet. */
  readonly bytes: number;
  /** What is in it; empty for pictures that are not scenes. */
  readonly objects: readonly SceneObject[];
  /** The same picture has the same id in every run with the same seed. */
  readonly id: string;
  /** As a value in `json`: a data URL, such as 'data:image/jpeg;base64,…'. In a template or `String()` its text, which enters the script. */
  readonly dataUrl: Embedded;
  /**
   * The bytes as text in the script; in `json` the picture itself costs less. A use like any other, so it differs with `unique: 'bytes'`.
   * @throws RangeError with `unique: 'pixels'`
   */
  base64(): string;
}

/** Stands for a text that is put into `json` outside the script. */
export interface Embedded {
  toString(): string;
}

/**
 * Bytes that stay outside the script: of a file, an answer, or made by it. As a value in `json` they are base64, in `multipart` a file, as `body` themselves.
 * What an iteration makes or takes from an answer lasts until its end; what module level, `setup()` or `vuSetup()` makes lasts as long as the user.
 */
export interface Bytes {
  readonly length: number;
  /** Content type: of the file or the answer; else 'application/octet-stream'. */
  readonly type: string;
  /** Of a file; else empty, and sent as 'blob'. */
  readonly filename: string;
  /** In hex. */
  readonly sha256: string;
  /** As a value in `json`: a data URL. */
  readonly dataUrl: Embedded;
  /** From `start` to before `end`, as of an array: below 0 from the end. Nothing is copied. */
  slice(start?: number, end?: number): Bytes;
  /** A copy in the script. */
  toUint8Array(): Uint8Array;
  /** As UTF-8, in the script. */
  text(): string;
  /** In the script; in `json` the bytes themselves cost less. */
  base64(): string;
}

export interface FileOptions {
  /** `bytes`: each use differs in bytes, not in pixels (jpeg, png, webp, gif, bmp, tiff, avif, heic; mp4, mov). Default 'none'. */
  unique?: 'none' | 'bytes';
}
export interface FolderOptions extends FileOptions {
  /** Scaled to cover this size and cropped around the centre; what cannot be decoded is left out, and a note says so. */
  resize?: { width: number; height: number };
}

export interface ImagePool {
  readonly size: number;
  /** A picture that depends on the seed, the VU and the iteration alone. */
  next(): Picture;
  at(index: number): Picture;
}

export type Inspection =
  | { readonly ok: true; readonly format: string; readonly width: number; readonly height: number; readonly bytes: number }
  | { readonly ok: false; readonly reason: string };
