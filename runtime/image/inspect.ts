import { faultOf, readHeader } from './decoder.ts';

/** What `image.inspect()` finds out about a picture in an answer; the same shape as in the script API. */
export type Inspection =
  | { readonly ok: true; readonly format: string; readonly width: number; readonly height: number; readonly bytes: number }
  | { readonly ok: false; readonly reason: string };

/**
 * Decodes a picture to its last row. A picture that is cut off, broken, over 64 million pixels or no raster picture
 * (svg, pdf, html) is not ok. Never throws.
 */
export async function inspectImage(bytes: Buffer): Promise<Inspection> {
  if (bytes.length === 0) return { ok: false, reason: 'empty' };
  const header = await readHeader(bytes);
  if (!header.ok) return { ok: false, reason: header.reason };
  try {
    // A thumbnail needs every row, so everything is read and checked, but the full pixels are never held.
    await header.open().resize(8, 8, { fit: 'fill' }).raw().toBuffer();
    return { ok: true, format: header.format, width: header.width, height: header.height, bytes: bytes.length };
  } catch (error) {
    return { ok: false, reason: faultOf(error).reason };
  }
}

/** As {@link inspectImage} for base64 text, plain or URL-safe, with or without a `data:` URL in front. */
export async function inspectBase64(text: string): Promise<Inspection> {
  const encoded = text.trim().replace(/^data:[^,]{0,200},/, '');
  if (encoded === '') return { ok: false, reason: 'empty' };
  if (!/^[A-Za-z0-9+/_\-\s]+={0,2}$/.test(encoded)) return { ok: false, reason: 'not base64' };
  return inspectImage(Buffer.from(encoded, 'base64'));
}
