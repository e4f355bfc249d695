// Events that say when they were written: how much later than that each was dated, in µs, beside the one that was dated soonest. A script knows when an event came
// since its request was sent, not by the clock of the machine: the soonest one of each stream has the two clocks in one.
import { env, http, metrics, sleep } from 'stressrun';

const off = metrics.trend('event_off_us');
const query = { count: 200, interval: Number(env['INTERVAL']) };

export default async function () {
  await sleep(Math.random()); // or all streams would begin and be added up at the same moment
  const stream = await http.stream('/events', { query });
  const apart: number[] = [];
  for await (const event of stream) apart.push(event.atMs * 1000 - event.json<number>('atUs'));
  const soonest = Math.min(...apart);
  for (const us of apart) off.add(us - soonest);
}
