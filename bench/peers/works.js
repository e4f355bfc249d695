// The pieces of work that the peers do, and the files they need: the picture, the ready-made form, the answers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const PHOTO_BYTES = 60_000;
const ANSWER_BYTES = 1_000_000;
const BOUNDARY = '----bench7f3a91c2';
export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;
export const SMALL_ANSWER = '{"status":"ok","predictions":[]}';

/** `over`: which port of the server, that without TLS if none is said; `isOnce`: each request has a connection of its own. */
export const WORKS = {
  get: { path: '/small', method: 'GET', title: 'GET of a small JSON body', upBytes: 0, downBytes: SMALL_ANSWER.length },
  upload: {
    path: '/upload',
    method: 'POST',
    title: 'POST of a 60 kB picture as multipart',
    upBytes: PHOTO_BYTES,
    downBytes: SMALL_ANSWER.length,
  },
  answer: {
    path: '/upload-large',
    method: 'POST',
    title: 'the same with a 1 MB JSON answer, of which a field is read',
    upBytes: PHOTO_BYTES,
    downBytes: ANSWER_BYTES,
  },
  discard: {
    path: '/upload-large',
    method: 'POST',
    title: 'the same, and nobody keeps the answer',
    upBytes: PHOTO_BYTES,
    downBytes: ANSWER_BYTES,
  },
  tls: {
    path: '/small',
    method: 'GET',
    title: 'GET of a small JSON body over TLS',
    upBytes: 0,
    downBytes: SMALL_ANSWER.length,
    over: 'tls',
  },
  handshake: {
    path: '/small',
    method: 'GET',
    title: 'the same with a handshake for each request',
    upBytes: 0,
    downBytes: SMALL_ANSWER.length,
    over: 'tls',
    isOnce: true,
  },
  http2: {
    path: '/small',
    method: 'GET',
    title: 'GET of a small JSON body over HTTP/2 and TLS, one stream a connection',
    upBytes: 0,
    downBytes: SMALL_ANSWER.length,
    over: 'h2',
  },
};

/** Grey noise, for it compresses to nearly the same size whatever the seed; padded behind its end to exactly 60 kB. */
async function photo() {
  const [width, height] = [320, 240];
  const pixels = Buffer.alloc(width * height);
  for (let i = 0, state = 1; i < pixels.length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[i] = state >>> 24;
  }
  const jpeg = await sharp(pixels, { raw: { width, height, channels: 1 } })
    .jpeg({ quality: 60 })
    .toBuffer();
  if (jpeg.length > PHOTO_BYTES) throw new Error(`the picture has ${jpeg.length} bytes, more than ${PHOTO_BYTES}`);
  return Buffer.concat([jpeg, Buffer.alloc(PHOTO_BYTES - jpeg.length)]);
}

/** Writes everything the server and the peers read. */
export async function writeMaterial(folder) {
  const root = join(folder, 'www');
  mkdirSync(root);
  const picture = await photo();
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const material = { folder, root, photo: join(folder, 'photo.jpg'), form: join(folder, 'form.bin') };
  writeFileSync(material.photo, picture);
  writeFileSync(material.form, Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]));
  writeFileSync(join(root, 'upload'), '');
  writeFileSync(join(root, 'upload-large'), '');
  const start = '{"status":"ok","predictions":[],"image":"';
  writeFileSync(join(root, 'large.json'), `${start}${'QUJD'.repeat(ANSWER_BYTES / 4).slice(0, ANSWER_BYTES - start.length - 2)}"}`);
  return material;
}
