import type { HttpClientName } from '../core/reach-plan.ts';
import { warmUpWorker } from './calibrate.ts';
import type { Fleet } from './fleet.ts';

/** What the first worker does while the script's pictures are drawn: it will be told anew what it is once there is a plan, and then it calibrates. */
export function idleWorkOf(
  fleet: Fleet,
  worker: number,
  { guestText, httpClient }: { guestText: string; httpClient: HttpClientName | undefined },
) {
  let ended: Promise<void> = Promise.resolve();
  return {
    begin(): void {
      fleet.send(worker, { type: 'sandbox', guestText });
      ended = warmUpWorker(fleet, worker, httpClient);
    },
    ended: () => ended,
  };
}
