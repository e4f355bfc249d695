// Ramping rate: the rate of starts follows a curve; between two points it is interpolated.
// To find where a target gives in, let the last stage go beyond what you expect of it.

import type { Options } from 'stressrun';
import { http } from 'stressrun';

export const options: Options = {
  scenarios: {
    climbing: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      stages: [
        { duration: '2s', target: 30 },
        { duration: '500ms', target: 30 },
      ],
      preAllocatedVUs: 10,
      maxVUs: 50,
    },
  },
};

export default async function rampingRate() {
  await http.get('/health');
}
