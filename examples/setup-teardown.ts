// Setup and teardown: once per test, before the first user and after the last.
// What setup returns goes to every iteration, as a copy through JSON.
import { check, fail, http, log } from 'stressrun';

export const options = { vus: 2, duration: '2s', setupTimeout: '10s' };

interface Data {
  token: string;
}

export async function setup(): Promise<Data> {
  const res = await http.get('/health');
  if (!res.ok) fail(`the target is not healthy: ${res.status} ${res.error}`);
  return { token: crypto.randomUUID() };
}

export default async function withToken({ token }: Data) {
  check(await http.get('/health', { auth: { token } }), { 'status is 200': (r) => r.status === 200 });
}

export function teardown({ token }: Data) {
  log.info('done with the token', token.slice(0, 8));
}
