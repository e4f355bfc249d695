// Custom metrics: what only the script can measure, made at module level, with thresholds like any other.
// A trend has percentiles, a rate a share, a counter a sum, a gauge its last value.

import type { Options } from 'stressrun';
import { http, image, metrics } from 'stressrun';

export const options: Options = { vus: 2, duration: '2s', thresholds: { objects_found: ['avg>0'], confident: ['rate>50%'] } };

const found = metrics.trend('objects_found');
const confident = metrics.rate('confident');
const uploaded = metrics.counter('uploaded', { unit: 'data' });

const photos = image.pool({ width: 640, height: 480 });

export default async function customMetrics() {
  const photo = photos.next();
  const res = await http.post('/predict', { multipart: { file: photo } });
  if (!res.ok) return;
  const predictions = res.json<{ class: string; confidence: number }[]>('predictions');
  found.add(predictions.length);
  uploaded.add(photo.bytes);
  for (const each of predictions) confident.add(each.confidence >= 0.5, { class: each.class });
}
