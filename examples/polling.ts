// Polling: until() asks every so often until the job is done, and ends the iteration as failed when its time is over.
// How long a job takes from the wish to the result is a metric of its own; http.url keeps all jobs in one row.
import { check, http, image, metrics, until } from 'stressrun';

export const options = {
  vus: 2,
  iterations: 4,
  thresholds: { job_time: ['p(95)<10s'] },
};

const photos = image.pool({ width: 320, height: 240 });
const jobTime = metrics.trend('job_time', { unit: 'time' });

export async function setup() {
  const res = await http.post('/login', { json: { user: 'ann', password: 'secret' } });
  return { token: res.json<string>('token') };
}

export default async function ({ token }: { token: string }) {
  const photo = photos.next();
  const beganMs = performance.now();
  const auth = { token };
  const asked = await http.post('/jobs', { multipart: { file: photo }, auth, expect: 202 });
  const job = await until(
    () => http.get(http.url`/jobs/${asked.json<string>('id')}`, { auth }),
    (r) => ['done', 'failed'].includes(r.json('state')),
    { every: '100ms', timeout: '20s' },
  );
  jobTime.add(performance.now() - beganMs);
  check(job, { 'finds every object': (r) => r.json<unknown[]>('predictions').length === photo.objects.length });
}
