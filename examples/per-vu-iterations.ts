// Iterations of each user: every user does the same number, however slow it is; the run ends with the slowest.
// vu.iteration counts those of one user, from 0: the first may log in, the last may log out.

import type { Options } from 'stressrun';
import { check, http, vu } from 'stressrun';

const ITERATIONS = 5;

export const options: Options = {
  scenarios: {
    each: { executor: 'per-vu-iterations', vus: 3, iterations: ITERATIONS, maxDuration: '30s' },
  },
};

export default async function perVuIterations() {
  if (vu.iteration === 0) await http.get('/health', { name: 'first of a user' });
  await http.get('/health');
  check(vu.iteration, { 'is 0 to 4': (n) => n >= 0 && n < ITERATIONS });
}
