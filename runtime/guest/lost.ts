import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { textField, writeLost } from './outbox.ts';
import { describeThrown } from './show.ts';
import { restoreStackFormat } from './stack.ts';
import { ANY_VU, NeedsLoading, StopVu, type Vu } from './state.ts';

/** Stands behind the message of an error that nobody would have seen. */
const NOTE = ' (nobody handled it: a missing await?)';

/** A callback of the script threw, which nobody called that could catch it. */
export function loseError(vu: Vu, error: unknown): void {
  tell(vu.index, error);
}

/** Gives the host {@link loseReason}, as it gets whatever is rejected and not handled. Once, before there is a script. */
export function handOver(): void {
  void (async () => {
    throw loseReason; // no Error: the door itself
  })();
}

/** A promise of the script was rejected, and nobody handles that; the host hands the reason back in, since in here nothing tells. */
function loseReason(reason: unknown): void {
  try {
    throw reason; // vm2 puts its guard into each catch: what comes from the host's realm must not be looked at as it is
  } catch (error) {
    restoreStackFormat();
    tell(ANY_VU, error);
  }
}

function tell(vu: number, error: unknown): void {
  // what a stopped iteration had asked for is refused, and module level that waits for an answer runs again: no mistakes of the script
  if (error instanceof StopVu || error instanceof NeedsLoading) return;
  const text = describeThrown(error).slice(0, LIMITS.errorLength - NOTE.length);
  const end = text.indexOf('\n    at ');
  writeLost(vu, TO_HOST.lost, textField(end < 0 ? text + NOTE : text.slice(0, end) + NOTE + text.slice(end)));
}
