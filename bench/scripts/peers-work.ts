// The work of bench/peers.js: WORK is get, upload or answer; PHOTO is the picture. One check of status and field each.
import { check, env, http, image } from 'stressrun';

const work = env['WORK'] ?? 'get';
const photo = work === 'get' ? undefined : image.file(env['PHOTO'] ?? '');
const path = work === 'upload' ? '/upload' : '/upload-large';

export default async function () {
  const res = await (photo === undefined ? http.get('/small') : http.post(path, { multipart: { file: photo } }));
  check(res, { 'is ok': (r) => r.status === 200 && r.json<string>('status') === 'ok' });
}
