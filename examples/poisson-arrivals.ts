// Poisson arrivals: starts at random with the same mean, as of many people who know nothing of each other; evenly spaced ones are too kind.
// When they come is drawn from the run's seed, so the same bursts come again with --seed.

import type { Options } from 'stressrun';
import { http, image } from 'stressrun';

export const options: Options = {
  scenarios: {
    strangers: { executor: 'constant-arrival-rate', arrivals: 'poisson', rate: 20, duration: '2s', preAllocatedVUs: 20, maxVUs: 50 },
  },
};

const photos = image.pool({ width: 320, height: 240, variants: 4 });

export default async function poissonArrivals() {
  await http.post('/predict', { multipart: { file: photos.next() } });
}
