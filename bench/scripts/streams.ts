// Events that say when they were written: how much later than that each was dated, in µs. stressrun counts from when it sent the request, the target from when
// it saw it, both by the machine's monotonic clock: what the request took to get there is in `event_off_us` as well, so that it is at least as much as events are
// off, and a constant error shows. Each is added up as it comes: all of a stream at its end would hold up the events of others.
import { env, http, metrics, sleep } from 'stressrun';

const off = metrics.trend('event_off_us');
const query = { count: 200, interval: Number(env['INTERVAL']) };

export default async function () {
  await sleep(Math.random()); // or all streams would begin at the same moment
  const stream = await http.stream('/events', { query });
  for await (const event of stream) off.add(event.atMs * 1000 - event.json<number>('sinceUs'));
}
