// Pace: iterations of a user are due at fixed ticks, however long each takes, so the rate does not follow the target's speed.
// One that begins late counts from its tick: the wait is in http_req_response_time.
import { http, pace } from 'stressrun';

export const options = { vus: 4, duration: '2s' };

export default async function paced() {
  pace('100ms');
  await http.get('/health');
}
