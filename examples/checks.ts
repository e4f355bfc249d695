// Checks: each predicate is counted under its name, and a failed one does not stop the iteration.
// Async predicates are allowed; then the whole check is awaited.
import { check, http, log } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

export default async function checks() {
  const res = await http.get('/health');
  const isHealthy = check(res, {
    'status is 200': (r) => r.status === 200,
    'is ok': (r) => r.json<string>('status') === 'ok',
    'is JSON': (r) => r.headers['content-type']?.startsWith('application/json'),
  });
  if (!isHealthy) log.warn('not healthy:', res.status, res.error);

  await check(res, { 'stays healthy': async () => (await http.get('/health', { name: '/health again' })).ok });
}
