import { monotonicUs } from '../core/clock.ts';
import { TO_GUEST } from '../core/mailbox.ts';
import { record } from '../sandbox/mailbox.ts';
import type { HostVu } from './vu-table.ts';

/** A sleep counts from when it was due, so that the loop's lag does not add up; one in an iteration that is behind is hardly shorter for it. */
const SHORTENED_US_MAX = 1_000;

/** What `sleep` and back-offs share: a record for a VU after a while. */
export function postAfter(vu: HostVu, what: { operation: number; delayUs: number; post: (vu: number, record: string) => void }): void {
  const dueAtUs = vu.dueAtUs + what.delayUs;
  const nowUs = monotonicUs();
  const waitMs = Math.max(dueAtUs - nowUs, what.delayUs - SHORTENED_US_MAX, 0) / 1000;
  const timer = setTimeout(() => {
    vu.waits.delete(what.operation);
    vu.dueAtUs = reached(vu, dueAtUs);
    what.post(vu.index, record(TO_GUEST.settled, [what.operation]));
  }, waitMs);
  vu.waits.set(what.operation, timer);
}

/** When what comes next is due after a wait: at its end, or now where the timer fired within the millisecond before; nothing is due in the future. */
export function reached(vu: HostVu, endUs: number): number {
  return Math.max(vu.dueAtUs, Math.min(endUs, monotonicUs()));
}
