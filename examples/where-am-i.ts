// Where am I: which user, which iteration, which scenario and which target; and messages, which go to the terminal.
// A virtual user that logs a lot is cut short, so log what matters.
import { environment, http, log, scenario, vu } from 'stressrun';

export const options = { vus: 2, iterations: 6 };

export default async function whereAmI() {
  const res = await http.get('/health');
  log.info(
    `user ${vu.id}, iteration ${vu.iteration} of ${scenario.name}, ${environment.name}: ${res.status} in ${res.timings.duration} ms`,
  );
}
