// Arrival rate: iterations start at a fixed rate whether or not the target keeps up, as users of a public service do.
// A start that finds every user busy waits for one, and the wait counts as its response time. From the terminal: --rate 20/s --duration 2s

import type { Options } from 'stressrun';
import { check, http } from 'stressrun';

export const options: Options = {
  scenarios: {
    steady: { executor: 'constant-arrival-rate', rate: 20, timeUnit: '1s', duration: '2s', preAllocatedVUs: 10, maxVUs: 50 },
  },
};

export default async function arrivalRate() {
  check(await http.get('/health'), { 'status is 200': (r) => r.status === 200 });
}
