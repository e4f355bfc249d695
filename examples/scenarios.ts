// Scenarios: several loads in one run, each with users, a function, variables and tags of its own, one after or beside the other.
// exec names the exported function; scenario.name is known inside. Only some of them: --scenario watching

import type { Options } from 'stressrun';
import { check, env, http, image, scenario } from 'stressrun';

export const options: Options = {
  scenarios: {
    watching: { executor: 'constant-vus', exec: 'watch', vus: 1, duration: '2500ms', tags: { kind: 'light' } },
    uploading: {
      executor: 'per-vu-iterations',
      exec: 'upload',
      vus: 2,
      iterations: 10,
      startTime: '1s',
      env: { IMAGE: 'true' },
      tags: { kind: 'heavy' },
    },
    arriving: { executor: 'constant-arrival-rate', exec: 'upload', rate: 10, duration: '1s', startTime: '1s', preAllocatedVUs: 10 },
  },
  thresholds: { 'http_req_failed{kind:heavy}': ['rate<1%'] },
};

const photos = image.pool({ width: 320, height: 240 });

export async function watch() {
  check(await http.get('/health'), { 'is up': (r) => r.ok });
}

export async function upload() {
  const query = { return_image: env['IMAGE'] ?? 'false' };
  const res = await http.post('/predict', { query, multipart: { file: photos.next() }, name: `/predict (${scenario.name})` });
  check(res, { 'status is 200': (r) => r.status === 200 });
}
