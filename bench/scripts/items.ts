// One GET an iteration, of what known-server.js answers when it pleases.
import { http } from 'stressrun';

export default async function () {
  await http.get('/items');
}
