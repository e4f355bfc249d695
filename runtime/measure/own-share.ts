import type { HttpOutcome, OwnShare } from '../core/records.ts';
import { STALLED_US_MIN } from '../core/roles.ts';
import type { OwnTime } from './own-time.ts';

/** What is asked of it here. */
export type OwnTimes = Pick<OwnTime, 'betweenUs' | 'spoiltUs' | 'unseenUs' | 'catchUp'>;

/** When what was due found a user; monotonic µs. */
export interface QueueMoments {
  readonly dueAtUs: number;
  /** When its user was free for it: when the iteration began. */
  readonly freeAtUs: number;
  /** When its user, or any of them where starts go to any, was last there in time. */
  readonly inTimeAtUs: number;
  /** Its start came from another worker: what of its wait there was for the users' sake. */
  readonly busyUs?: number | undefined;
  /** Its load is planned by the clock: what a stall holds up comes all at once after it, and may be what makes the target slow then, and its users busy. */
  readonly isOpenModel: boolean;
}

/** When a request could have been where it was; monotonic µs. */
export interface RequestMoments extends QueueMoments {
  readonly outcome: HttpOutcome;
}

/**
 * Of a request that has just ended, what its worker was away at most while it was needed: from the due time until it was sent (waiting for a user counts as
 * far as the worker was away meanwhile), and between the answer's coming and its being read. While the target works nobody needs the worker.
 * @returns undefined when it is next to nothing
 */
export function ownShareOf(own: OwnTime, moments: RequestMoments): OwnShare | undefined {
  const { dueAtUs, outcome } = moments;
  const { hops, endedAtUs } = outcome;
  if (endedAtUs - dueAtUs < STALLED_US_MIN) return undefined; // it cannot have been away for longer than all of it took
  let [needsUs, tookUs] = [0, 0];
  for (const hop of hops) {
    needsUs += hop.blockedUs + hop.sendingUs + hop.receivingUs;
    tookUs += hop.blockedUs + hop.sendingUs + hop.waitingUs + hop.receivingUs;
  }
  const askedAtUs = endedAtUs - tookUs;
  const lateUs = Math.max(0, askedAtUs - dueAtUs);
  const isInBurst = moments.isOpenModel && own.catchUp.meets(askedAtUs);
  if (!isInBurst && hops.length === 1 && needsUs + lateUs + own.unseenUs(endedAtUs) < STALLED_US_MIN) return undefined;

  let atUs = askedAtUs;
  let totalUs = lateOwnUs(own, moments, askedAtUs);
  const ofHops = hops.map((hop) => {
    const readyAtUs = atUs + hop.blockedUs;
    const sentAtUs = readyAtUs + hop.sendingUs;
    const firstAtUs = sentAtUs + hop.waitingUs;
    const blockedUs = own.betweenUs(atUs, readyAtUs);
    const sendingUs = own.betweenUs(readyAtUs, sentAtUs);
    const waitingUs = isInBurst ? hop.waitingUs : Math.min(own.unseenUs(firstAtUs), own.betweenUs(sentAtUs, firstAtUs));
    atUs = firstAtUs + hop.receivingUs;
    const receivingUs = own.betweenUs(firstAtUs, atUs);
    totalUs += blockedUs + sendingUs + waitingUs + receivingUs;
    return { blockedUs, sendingUs, waitingUs, receivingUs };
  });
  return totalUs < STALLED_US_MIN ? undefined : { totalUs, isInBurst, hops: ofHops };
}

/** Of the time before it was asked. */
function lateOwnUs(own: OwnTimes, moments: RequestMoments, askedAtUs: number): number {
  const sendUs = Math.max(0, askedAtUs - Math.max(moments.dueAtUs, moments.freeAtUs));
  return sendUs + queuedOwnUs(own, { ...moments, freeAtUs: Math.min(moments.freeAtUs, askedAtUs) });
}

/**
 * Of the time that it waited for a user, the most that may be the generator's. A queue of starts that a stall has left behind is worked off after it: all since a
 * user was last in time may be why. Of a start that another worker could not begin it is all but what that one calls the users', and of one that was due while
 * the load was not as planned it is all.
 */
export function queuedOwnUs(own: OwnTimes, { dueAtUs, freeAtUs, inTimeAtUs, busyUs, isOpenModel }: QueueMoments): number {
  const queuedUs = freeAtUs - dueAtUs;
  if (queuedUs <= 0) return 0;
  if (isOpenModel && own.catchUp.includes(dueAtUs)) return queuedUs;
  if (busyUs !== undefined) return Math.max(0, queuedUs - busyUs);
  return Math.min(queuedUs, own.betweenUs(Math.min(inTimeAtUs, dueAtUs), freeAtUs));
}

/** A timeout of which so much may be the worker's may have been none. */
const TIMEOUT_RATIO = 0.1;
/** A connection that is lost after a stall of this length may be lost for it. */
const LOSS_US = 500_000;

/** Whether a request that failed may have failed for its own worker's sake only. */
export function isOwnFailure({ kind, endedAtUs }: HttpOutcome, share: OwnShare | undefined, dueAtUs: number): boolean {
  if (share === undefined) return false;
  if (kind === 'timeout') return share.totalUs >= (endedAtUs - dueAtUs) * TIMEOUT_RATIO;
  return kind === 'reset' && share.totalUs >= LOSS_US;
}
