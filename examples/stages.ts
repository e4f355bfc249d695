// Stages: the number of users follows a curve; between two points it is interpolated.
// The last stage lets them go; what still runs then has the graceful stop to end.

import type { Options } from 'stressrun';
import { http } from 'stressrun';

export const options: Options = {
  stages: [
    { duration: '1s', target: 5 },
    { duration: '1s', target: 5 },
    { duration: '500ms', target: 0 },
  ],
};

export default async function stages() {
  await http.get('/health');
}
