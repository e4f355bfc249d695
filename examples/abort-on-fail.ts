// Abort on fail: a run that has surely missed its threshold ends at once, with its report and exit code 99, and not after its 30 s.
// Here nothing is found, so it does: after some seconds it would miss twice over even if every later request were good.

import type { Options } from 'stressrun';
import { http, sleep } from 'stressrun';

export const options: Options = {
  vus: 2,
  duration: '30s',
  thresholds: { max_failure_rate: { limit: '10%', abort_on_fail: true, delay_abort_eval: '1s' } },
};

export default async function abortOnFail() {
  await http.get('/no-such-page');
  await sleep('20ms');
}
