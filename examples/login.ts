// Login: once per user, in vuSetup, whose requests are in no verdict; the token then goes with every request.
// A password comes by -e PASSWORD=… or from a file (--dotenv), never from the script.
import { check, env, fail, http, vu } from 'stressrun';

export const options = { vus: 3, duration: '2s' };

let token = ''; // of this user alone: every user has the module's variables for itself

export async function vuSetup() {
  const user = `user-${vu.id}`;
  const res = await http.post('/login', { json: { user, password: env.PASSWORD ?? 'for the demo target' } });
  if (!res.ok) fail(`${user} cannot log in: ${res.status} ${res.error}`); // ends the run: it would measure refusals
  token = res.json('token');
}

export default async function () {
  const res = await http.get('/jobs/1', { auth: { token }, name: '/jobs/{id}', expect: [200, 404] });
  check(res, { 'is let in': (r) => r.status !== 401 });
}
