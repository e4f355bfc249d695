// Thresholds: what the verdict is about. Short forms, short forms for one task, and expressions with units.
// They merge by key with those of config.yaml; a missed one is exit code 99.

import type { Options } from 'stressrun';
import { check, http, mix } from 'stressrun';

export const options: Options = {
  vus: 2,
  duration: '2s',
  thresholds: {
    max_p95: '2s',
    min_rps: 1,
    ping: { max_p99: '5s' },
    checks: ['rate>99%'],
    http_req_duration: ['p(95)<2s', 'max<10s'],
  },
};

const ping = async () => {
  check(await http.get('/health'), { 'is up': (r) => r.ok });
};

export default mix({ ping }, { ping: 1 });
