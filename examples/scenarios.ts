// Scenarios: several loads in one run, each with users and a function of its own, one after or beside the other.
// exec names the exported function; scenario.name is known inside.

import type { Options } from 'stressrun';
import { check, http, image, scenario } from 'stressrun';

export const options: Options = {
  scenarios: {
    watching: { executor: 'constant-vus', exec: 'watch', vus: 1, duration: '3s' },
    uploading: { executor: 'per-vu-iterations', exec: 'upload', vus: 2, iterations: 10, startTime: '1s' },
  },
};

const photos = image.pool({ width: 320, height: 240 });

export async function watch() {
  check(await http.get('/health'), { 'is up': (r) => r.ok });
}

export async function upload() {
  const res = await http.post('/predict', { multipart: { file: photos.next() }, tags: { from: scenario.name } });
  check(res, { 'status is 200': (r) => r.status === 200 });
}
