// Sleep: time a user spends thinking; it is part of the iteration, but of no request.
// The pause is drawn from the run's seed, so a run can be repeated exactly.
import { http, random, sleep } from 'stressrun';

export const options = { vus: 4, duration: '2s' };

export default async function withPauses() {
  await http.get('/health');
  await sleep('20ms');
  await http.get('/health');
  await sleep(random.number() * 0.1); // seconds
}
