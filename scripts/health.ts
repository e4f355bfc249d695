// scripts/health.ts: only the health check, to see what the way to the service can carry without any inference
import { check, http } from 'stressrun';

export default async function health() {
  const res = await http.get('/health');
  check(res, {
    'status is 200': (r) => r.status === 200,
    'is ok': (r) => r.json<string>('status') === 'ok',
  });
}
