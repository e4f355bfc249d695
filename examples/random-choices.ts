// Random choices: random repeats with the run's seed (--seed), whatever the number of workers; Math.random() would not.
// Run it twice with --seed 7: the same users make the same requests.
import { check, http, random } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const clients = ['camera', 'phone', 'browser'] as const;

export default async function randomChoices() {
  const client = random.item(clients);
  const order = random.shuffle([1, 2, 3]);
  const res = await http.get('/health', { query: { client, first: order[0], retry: random.boolean(0.1) }, tags: { client } });
  check(res, { 'status is 200': (r) => r.status === 200 });
}
