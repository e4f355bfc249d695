// One GET with one check, as fast as it goes.
import { check, http } from 'stressrun';

export default async function () {
  const res = await http.get('/health');
  check(res, { 'status is 200': (r) => r.status === 200 });
}
