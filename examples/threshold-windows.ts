// Threshold windows: a mean over the whole run hides a bad stretch. `for 5s` must hold over any 5 s, `in 95% of seconds` in nearly every second.
// abortOnFail ends a run that is lost already, but not before delayAbortEval; with too few samples a window reaches back, or is undecided.

import type { Options } from 'stressrun';
import { http } from 'stressrun';

export const options: Options = {
  scenarios: {
    steady: { executor: 'constant-arrival-rate', rate: 20, duration: '6s', preAllocatedVUs: 10, maxVUs: 50 },
  },
  thresholds: {
    http_req_response_time: ['p(95)<30s for 5s', 'avg<30s in 95% of seconds'],
    http_reqs: [{ threshold: 'rate>1 for 3s', abortOnFail: true, delayAbortEval: '3s' }],
    // the same in short form, as in config.yaml
    max_p95: { limit: '30s', for: '3s', abort_on_fail: true, delay_abort_eval: '3s' },
  },
};

export default async function thresholdWindows() {
  await http.get('/health');
}
