import { check } from 'k6';
import http from 'k6/http';

const photo = open(__ENV.PHOTO, 'b');
const PATHS = { upload: '/upload', answer: '/upload-large', discard: '/upload-large' };
const work = __ENV.WORK;
const isGet = PATHS[work] === undefined;
const url = __ENV.URL + (PATHS[work] ?? '/small');

export const options = {
  scenarios: { work: { executor: 'constant-vus', vus: Number(__ENV.CONNECTIONS), duration: '1h', exec: 'ask' } },
  discardResponseBodies: work === 'discard',
  insecureSkipTLSVerify: true,
  noConnectionReuse: work === 'handshake',
};

export function ask() {
  const res = isGet ? http.get(url) : http.post(url, { file: http.file(photo, 'photo.jpg', 'image/jpeg') });
  check(res, { 'is ok': (r) => r.status === 200 && (work === 'discard' || r.json('status') === 'ok') });
}
