// Failing: test.fail() lets the run go on to its end, and makes its exit code 110 with a reason; for findings that no threshold can say.
// setup, teardown and every iteration may call it; the first reason is told.

import type { Options } from 'stressrun';
import { http, test } from 'stressrun';

export const options: Options = { vus: 2, iterations: 10 };

export default async function failing() {
  const res = await http.get('/health');
  if (res.json('version') === undefined) test.fail('the target does not say its version');
}
