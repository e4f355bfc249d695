// Aborting: test.abort() ends the whole run now, with its reason, a report and exit code 108. For what makes all further load pointless.
// fail() would end this iteration alone, test.fail() lets the run go on.

import type { Options } from 'stressrun';
import { http, test, vu } from 'stressrun';

export const options: Options = { vus: 2, duration: '30s' };

export default async function aborting() {
  const res = await http.get('/health', { headers: { authorization: 'Bearer expired' } });
  if (res.ok && vu.iteration === 3) test.abort('the token is not valid any more');
}
