// Busy users: where all are taken a start waits ('queue', the default; until the planned end at most), or is lost and counted ('drop', as k6 does).
// Both have 2 users for 20 starts a second that take 0.2 s each, so half of the load finds nobody: see starts in the report.

import type { Options } from 'stressrun';
import { http, sleep } from 'stressrun';

const busy = { executor: 'constant-arrival-rate', rate: 20, duration: '2s', preAllocatedVUs: 2, maxVUs: 2 } as const;

export const options: Options = {
  scenarios: {
    waiting: { ...busy, onBusy: 'queue' },
    losing: { ...busy, onBusy: 'drop' },
  },
  thresholds: { 'dropped_iterations{scenario:losing}': ['count>0'] },
};

export default async function onBusy() {
  await http.get('/health');
  await sleep('200ms');
}
