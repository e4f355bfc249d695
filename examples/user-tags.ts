// Tags of a user: vu.tags are on every sample from here on, over awaits and iterations, until they are deleted.
// A group tags by itself what runs inside of it: '::checkout', and '::checkout::pay' for one in another.

import type { Options } from 'stressrun';
import { check, group, http, vu } from 'stressrun';

export const options: Options = {
  vus: 2,
  iterations: 12,
  thresholds: {
    'http_reqs{flow:paying}': ['count>0'],
    'http_reqs{flow:looking}': ['count>0'],
    'http_reqs{group:::checkout::pay}': ['count>0'],
  },
};

export default async function userTags() {
  vu.tags['flow'] = vu.iteration % 3 === 0 ? 'paying' : 'looking';
  await http.get('/health', { name: 'look' });
  if (vu.tags['flow'] === 'paying') {
    await group('checkout', async () => {
      await http.get('/health', { name: 'basket' });
      await group('pay', async () => {
        check(await http.get('/health', { name: 'pay' }), { 'is paid': (r) => r.ok });
      });
    });
  }
  delete vu.tags['flow'];
}
