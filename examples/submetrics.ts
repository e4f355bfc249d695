// Submetrics: a threshold on the samples that carry a tag: one that a request, a scenario, a task or --tag gives, or that stressrun does.
// stressrun gives name, method, status, expected_response, scenario, task, group, phase, check and more. One that can match nothing is told before the run.

import type { Options } from 'stressrun';
import { check, http, image } from 'stressrun';

export const options: Options = {
  vus: 2,
  iterations: 20,
  thresholds: {
    'http_req_failed{size:small}': ['rate<1%'],
    'http_req_response_time{size:large}': ['p(95)<30s'],
    'http_reqs{name:/health}': ['count>=20'],
    'checks{check:status is 200}': ['rate>99%'],
  },
};

const small = image.pool({ width: 160, height: 120, variants: 4 });
const large = image.pool({ width: 640, height: 480, variants: 4 });

export default async function submetrics() {
  await http.get('/health');
  for (const [size, photos] of [
    ['small', small],
    ['large', large],
  ] as const) {
    const res = await http.post('/predict', { multipart: { file: photos.next() }, tags: { size } });
    check(res, { 'status is 200': (r) => r.status === 200 });
  }
}
