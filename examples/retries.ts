// Retries: http.retry asks again after 429, 502, 503, 504 or no answer, and waits as long as the answer's Retry-After says.
// Every attempt is a request of its own in the numbers; here a refusal is no failure, since `expect` has it.
import { check, http, image, metrics } from 'stressrun';

export const options = { vus: 4, iterations: 12 };

const photos = image.pool({ width: 320, height: 240 });
const refused = metrics.counter('jobs_refused');

export async function setup() {
  const res = await http.post('/login', { json: { user: 'ann', password: 'secret' } });
  return { token: res.json<string>('token') };
}

export default async function ({ token }: { token: string }) {
  const photo = photos.next(); // the same in every attempt
  const res = await http.retry(
    async () => {
      const answer = await http.post('/jobs', { multipart: { file: photo }, auth: { token }, expect: [202, 429] });
      if (answer.status === 429) refused.add(1);
      return answer;
    },
    { attempts: 10 },
  );
  check(res, { 'is taken in the end': (r) => r.status === 202 });
}
