// Events that say when they were written: how much later than that each was dated, in µs. stressrun counts from when it sent the request, the target from when
// it saw it, both by the machine's monotonic clock: what the request took to get there is in `event_off_us` as well, so that it is at least as much as events are
// off, and a constant error shows. `event_apart_us` is beside the event of the same stream that was dated soonest.
import { env, http, metrics, sleep } from 'stressrun';

const off = metrics.trend('event_off_us');
const apart = metrics.trend('event_apart_us');
const query = { count: 200, interval: Number(env['INTERVAL']) };

export default async function () {
  await sleep(Math.random()); // or all streams would begin and be added up at the same moment
  const stream = await http.stream('/events', { query });
  const late: number[] = [];
  for await (const event of stream) late.push(event.atMs * 1000 - event.json<number>('sinceUs'));
  const soonest = Math.min(...late);
  for (const us of late) {
    off.add(us);
    apart.add(us - soonest);
  }
}
