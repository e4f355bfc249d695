// Units of metrics: a trend of unit 'time' takes milliseconds and one of 'data' bytes; both print and are judged with units.
// Any other unit is text for the report. Tags of a value make submetrics here as well.

import type { Options } from 'stressrun';
import { http, image, metrics } from 'stressrun';

export const options: Options = {
  vus: 2,
  iterations: 20,
  thresholds: {
    outside_of_model: ['p(95)<30s', 'avg<30000'], // the same: without a unit it is milliseconds
    answer_size: ['max<1MB', 'p(50)<64KiB'],
    'shapes{size:small}': ['max<50'],
  },
};

const outside = metrics.trend('outside_of_model', { unit: 'time' });
const size = metrics.trend('answer_size', { unit: 'data' });
const shapes = metrics.trend('shapes', { unit: 'shapes' });

const photos = image.pool({ width: 320, height: 240, variants: 4 });

export default async function trendUnit() {
  const res = await http.post('/predict', { multipart: { file: photos.next() } });
  if (!res.ok) return;
  outside.add(Math.max(0, res.timings.duration - (res.serverTimings['inference'] ?? 0)));
  size.add(res.bodyLength);
  shapes.add(res.json<unknown[]>('predictions').length, { size: 'small' });
}
