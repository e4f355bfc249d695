// State of a user: variables at module level belong to one virtual user and live as long as it does.
// vuSetup runs once per user, before its first iteration; a login would stand here.
import { check, http, vu } from 'stressrun';

export const options = { vus: 3, duration: '2s' };

let session = '';
let requests = 0;

export async function vuSetup() {
  const res = await http.get('/health', { name: '/health (login)' });
  session = `${vu.id}-${res.status}`;
}

export default async function userState() {
  requests++;
  check(await http.get('/health', { headers: { 'x-session': session } }), {
    'status is 200': (r) => r.status === 200,
    'the session is mine': () => session.startsWith(`${vu.id}-`),
    'counts its own requests': () => requests === vu.iteration + 1,
  });
}
