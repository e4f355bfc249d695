// Shape function: users as a function of the seconds since the start, for curves that stages cannot say; here a wave around 4.
// It is asked before the run, so it depends on nothing but the time. On an arrival rate it gives starts instead of users.

import type { Options } from 'stressrun';
import { http, sleep } from 'stressrun';

export const options: Options = {
  scenarios: {
    wave: { shape: (seconds) => Math.round(4 + 3 * Math.sin(seconds * Math.PI)), duration: '2s' },
  },
};

export default async function shapeFunction() {
  await http.get('/health');
  await sleep('50ms');
}
