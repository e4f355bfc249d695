import { check } from 'k6';
import http from 'k6/http';

const photo = open(__ENV.PHOTO, 'b');
const PATHS = { get: '/small', upload: '/upload', answer: '/upload-large' };
const url = __ENV.URL + PATHS[__ENV.WORK];
const isGet = __ENV.WORK === 'get';

export const options = { scenarios: { work: { executor: 'constant-vus', vus: Number(__ENV.CONNECTIONS), duration: '1h', exec: 'ask' } } };

export function ask() {
  const res = isGet ? http.get(url) : http.post(url, { file: http.file(photo, 'photo.jpg', 'image/jpeg') });
  check(res, { 'is ok': (r) => r.status === 200 && r.json('status') === 'ok' });
}
