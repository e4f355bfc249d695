// Users that sleep. Before, with ASK=yes each asks once, with ASK=hundredth every hundredth user.
import { env, http, sleep, vu } from 'stressrun';

const asks = env['ASK'] === 'yes' ? 1 : env['ASK'] === 'hundredth' ? 100 : Number.POSITIVE_INFINITY;

export default async function () {
  if (vu.id % asks === 0) await http.get('/health');
  await sleep(3600);
}
