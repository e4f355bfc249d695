// First request: a path is resolved against the environment's base URL.
// The default function is one iteration of one user; with no options it runs once.
import { http } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

export default async function firstRequest() {
  await http.get('/health');
}
