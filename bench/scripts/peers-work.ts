// The work of bench/peers.js: WORK is its name; PHOTO is the picture. One check of status and field each, of the status where nobody keeps the answer.
import { check, env, http, image } from 'stressrun';

const work = env['WORK'] ?? 'get';
const hasPhoto = ['upload', 'answer', 'discard'].includes(work);
const photo = hasPhoto ? image.file(env['PHOTO'] ?? '') : undefined;
const discard = work === 'discard';
const path = work === 'upload' ? '/upload' : '/upload-large';

export default async function () {
  const res = await (photo === undefined ? http.get('/small') : http.post(path, { multipart: { file: photo }, discard }));
  check(res, { 'is ok': (r) => r.status === 200 && (discard || r.json<string>('status') === 'ok') });
}
