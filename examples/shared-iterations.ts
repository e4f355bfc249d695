// Shared iterations: so much work, done by whichever user is free. From the terminal: --users 4 --iterations 40
// scenario.iterationInTest numbers them over all users and workers, from 0: no two have the same.

import type { Options } from 'stressrun';
import { check, http, scenario } from 'stressrun';

export const options: Options = {
  scenarios: {
    work: { executor: 'shared-iterations', vus: 4, iterations: 40, maxDuration: '30s' },
  },
};

export default async function sharedIterations() {
  const number = scenario.iterationInTest;
  await http.get('/health', { query: { item: number } });
  check(number, { 'is 0 to 39': (n) => n >= 0 && n < 40 });
}
