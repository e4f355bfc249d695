// Server timings: what the target says of its own time in a Server-Timing header is a metric, http_req_server_time, by part.
// Headers of your own are read when the environment names them:  server_timing: { queue: x-queue-ms }

import type { Options } from 'stressrun';
import { check, http, image } from 'stressrun';

export const options: Options = {
  vus: 2,
  iterations: 20,
  thresholds: { 'http_req_server_time{part:inference}': ['p(95)<30s'], 'http_req_server_time{part:queue}': ['max<30s'] },
};

const photos = image.pool({ width: 320, height: 240 });

export default async function serverTimings() {
  const res = await http.post('/predict', { multipart: { file: photos.next() } });
  check(res, {
    'says its parts': (r) => ['queue', 'preprocess', 'inference', 'postprocess'].every((part) => (r.serverTimings[part] ?? -1) >= 0),
    'was not slower inside than out': (r) => (r.serverTimings['inference'] ?? 0) <= r.timings.duration,
  });
}
