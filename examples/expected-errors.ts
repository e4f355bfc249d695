// Expected errors: an answer is a failure unless its status is one that the request expects (200 to 399 unless it says otherwise).
// Here the refusals are what is tested; redirects: 0 would return a redirect itself instead of following it.
import { check, http } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

export default async function expectedErrors() {
  const missing = await http.get('/no-such-page', { expect: 404, redirects: 0 });
  const refused = await http.delete('/predict', { expect: '400-499' });
  check(missing, { 'is missing': (r) => r.status === 404, 'is no failure': (r) => r.ok && r.error === '' });
  check(refused, { 'is refused': (r) => r.status === 405, 'says what is allowed': (r) => r.headers['allow'] === 'POST' });
}
