// Users that sleep; with ASK=yes each asks once before.
import { env, http, sleep } from 'stressrun';

export default async function () {
  if (env['ASK'] === 'yes') await http.get('/health');
  await sleep(3600);
}
